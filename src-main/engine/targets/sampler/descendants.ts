import type { Kinship } from './kinship.ts';
import { allPids } from './peer.ts';
import { readOnce, SCRATCH } from './proc-file.ts';
import { parseStat } from './stat.ts';

/** Every process that the machine shows now and that descends from the root, those that no tick has come by yet among them. */
export function descendants(proc: string, kin: Kinship): Set<number> {
  const others = new Map<number, number>();
  const found = new Set<number>();
  for (const pid of allPids(proc)) {
    const length = readOnce(`${proc}/${pid}/stat`);
    const stat = length > 0 ? parseStat(SCRATCH, length) : null;
    if (stat === null) continue;
    if (kin.isDescendant(pid, stat)) found.add(pid);
    else others.set(pid, stat.ppid);
  }
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [pid, ppid] of others) if (found.has(ppid)) found.add(pid);
  }
  return found;
}
