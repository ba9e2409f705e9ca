import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Peer } from '../../base/peer.ts';
import { SCRATCH, readOnce } from './proc-file.ts';

/**
 * The inode of the peer's socket, from the kernel's table of connections (of our network namespace, the only one from which our loopback
 * interface can be reached). null: it is closed. A line: `sl local remote state … inode` with addresses as hex.
 */
export function socketInode(proc: string, { port, enginePort }: Peer): string | null {
  return [...socketInodes(proc, [port], enginePort).keys()][0] ?? null;
}

/** The same for many at once: their ports by inode. */
export function socketInodes(proc: string, ports: readonly number[], enginePort: number): Map<string, number> {
  const wanted = new Map(ports.map((port) => [hex(port), port]));
  const remote = hex(enginePort);
  const found = new Map<string, number>();
  for (const table of ['tcp', 'tcp6']) {
    for (const line of linesOf(`${proc}/net/${table}`)) {
      const fields = line.trim().split(/\s+/);
      const port = wanted.get(fields[1]?.slice(-5) ?? '');
      const inode = fields[9];
      if (port === undefined || !fields[2]?.endsWith(remote)) continue;
      if (inode !== undefined && inode !== '0') found.set(inode, port);
    }
  }
  return found;
}

/** A process's own pid, in the innermost of its pid namespaces. null: it has ended, or is not readable. */
export function innermostPid(proc: string, pid: number): number | null {
  const length = readOnce(`${proc}/${pid}/status`, true);
  if (length <= 0) return null;
  const found = /^NSpid:\s*(.*)$/m.exec(SCRATCH.toString('latin1', 0, length));
  // Kernels before 4.1 have no such line, and no namespaces that could be distinguished.
  return found ? Number(found[1]!.trim().split(/\s+/).at(-1)) : pid;
}

/** The first process of a pid namespace below ours: the kernel makes it the parent of all processes whose own parent in it has ended. */
export function isInitOfNamespace(proc: string, pid: number): boolean {
  return pid !== 1 && innermostPid(proc, pid) === 1;
}

/** Its initial environment, set at its start or inherited: it cannot be changed from outside. */
export function hasInEnvironment(proc: string, pid: number, text: string): boolean {
  const length = text === '' ? 0 : readOnce(`${proc}/${pid}/environ`, true);
  return length > 0 && SCRATCH.subarray(0, length).includes(text);
}

export function holdsSocket(proc: string, pid: number, inode: string): boolean {
  for (const held of socketsOf(proc, pid)) if (held === inode) return true;
  return false;
}

/** Inodes of the sockets that a process holds; none if it has ended or is not readable. */
export function* socketsOf(proc: string, pid: number): Generator<string> {
  for (const name of namesIn(`${proc}/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${proc}/${pid}/fd/${name}`) ?? '')?.[1];
    if (inode !== undefined) yield inode;
  }
}

/** Every process that the machine shows. */
export function allPids(proc: string): number[] {
  return namesIn(proc)
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hex(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
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
