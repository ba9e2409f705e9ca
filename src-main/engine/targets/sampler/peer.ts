import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Peer } from '../../base/peer.ts';
import { SCRATCH, readOnce } from './proc-file.ts';

/**
 * The inode of the peer's socket, from the kernel's table of connections (of our network namespace, the only one from which
 * our loopback interface can be reached). null: it is closed. A line: `sl local remote state … inode` with addresses as hex.
 */
export function socketInode(proc: string, { port, enginePort }: Peer): string | null {
  const [local, remote] = [port, enginePort].map((number) => `:${number.toString(16).toUpperCase().padStart(4, '0')}`);
  for (const table of ['tcp', 'tcp6']) {
    for (const line of linesOf(`${proc}/net/${table}`)) {
      const fields = line.trim().split(/\s+/);
      if (!fields[1]?.endsWith(local!) || !fields[2]?.endsWith(remote!)) continue;
      return fields[9] === undefined || fields[9] === '0' ? null : fields[9];
    }
  }
  return null;
}

/** What a process calls itself, in the innermost of its pid namespaces. null: it is gone, or not ours to read. */
export function innermostPid(proc: string, pid: number): number | null {
  const length = readOnce(`${proc}/${pid}/status`, true);
  if (length <= 0) return null;
  const found = /^NSpid:\s*(.*)$/m.exec(SCRATCH.toString('latin1', 0, length));
  // Kernels before 4.1 have no such line, and no namespace that could be told apart.
  return found ? Number(found[1]!.trim().split(/\s+/).at(-1)) : pid;
}

export function holdsSocket(proc: string, pid: number, inode: string): boolean {
  const link = `socket:[${inode}]`;
  try {
    return readdirSync(`${proc}/${pid}/fd`).some((name) => linkOf(`${proc}/${pid}/fd/${name}`) === link);
  } catch {
    return false;
  }
}

/** Every process that the machine shows. */
export function allPids(proc: string): number[] {
  try {
    return readdirSync(proc)
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid > 0);
  } catch {
    return [];
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').split('\n');
  } catch {
    return [];
  }
}
