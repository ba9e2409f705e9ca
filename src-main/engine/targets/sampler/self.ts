import { readFileSync } from 'node:fs';
import { machineUnits } from './machine.ts';
import { parseStat } from './stat.ts';

/** The machine's first process, ourselves and all our ancestors. */
export function ancestorsOf(proc: string, pid = process.pid): ReadonlySet<number> {
  const found = new Set([0, 1]);
  for (let at: number | undefined = pid; at !== undefined && !found.has(at); at = statOf(proc, at)?.ppid) found.add(at);
  return found;
}

/** Now, in clock ticks since the machine started, rounded down as the kernel does for the start of a process. */
export function ticksNow(proc: string): number {
  try {
    const uptime = Number(readFileSync(`${proc}/uptime`, 'latin1').split(' ')[0]);
    return Math.ceil(uptime * machineUnits().ticksPerSecond);
  } catch {
    return 0;
  }
}

function statOf(proc: string, pid: number): ReturnType<typeof parseStat> {
  try {
    return parseStat(readFileSync(`${proc}/${pid}/stat`));
  } catch {
    return null;
  }
}
