import type { Kinship } from './kinship.ts';
import { allPids, isInitOfNamespace } from './peer.ts';
import { readOnce, SCRATCH } from './proc-file.ts';
import { parseStat, type ProcessStat } from './stat.ts';

/** Every existing process that descends from the root, including those that no tick has seen yet. */
export function descendants(proc: string, kin: Kinship): Set<number> {
  const others = new Map<number, ProcessStat>();
  const found = new Set<number>();
  for (const pid of allPids(proc)) {
    const stat = statOf(proc, pid);
    if (stat === null) continue;
    if (kin.isDescendant(pid, stat)) found.add(pid);
    else others.set(pid, stat);
  }
  const inits = new Map<number, boolean>();
  const isInit = (pid: number): boolean => {
    const known = inits.get(pid) ?? isInitOfNamespace(proc, pid);
    inits.set(pid, known);
    return known;
  };
  for (let before = -1; before !== found.size;) {
    before = found.size;
    // As in `Kinship`: the child of a descendant, or a process in a session led by one.
    for (const [pid, { ppid, session }] of others) if ((found.has(ppid) && !isInit(ppid)) || found.has(session)) found.add(pid);
  }
  return found;
}

/** The same for a single process: from what is known of it and of its parent. */
export function isDescendant(proc: string, kin: Kinship, pid: number): boolean {
  const stat = statOf(proc, pid);
  return stat !== null && kin.isDescendant(pid, stat);
}

function statOf(proc: string, pid: number): ProcessStat | null {
  const length = readOnce(`${proc}/${pid}/stat`);
  return length > 0 ? parseStat(SCRATCH, length) : null;
}
