import { execFileSync } from 'node:child_process';
import { endianness } from 'node:os';
import { readFileSync } from 'node:fs';
import { monotonicNow } from '../../base/clock.ts';

/** Units of the kernel's figures. */
export interface Machine {
  /** Bytes of a page, the unit of `statm`. */
  pageSize: number;
  /** Clock ticks per second, the unit of times in `stat`. */
  ticksPerSecond: number;
}

const AT_PAGESZ = 6;
const AT_CLKTCK = 17;

let known: Machine | null = null;

/** Read once: the auxiliary vector that the kernel passed at our start, else `getconf`. */
export function machineUnits(): Machine {
  known ??= fromAuxiliaryVector() ?? { pageSize: getconf('PAGESIZE'), ticksPerSecond: getconf('CLK_TCK') };
  return known;
}

/** Pairs of (type, value), each as wide as a pointer, see getauxval(3). */
function fromAuxiliaryVector(): Machine | null {
  const wide = /64|s390x|loong/.test(process.arch);
  if (endianness() !== 'LE') return null;
  try {
    const bytes = readFileSync('/proc/self/auxv');
    const values = new Map<number, number>();
    const step = wide ? 8 : 4;
    for (let at = 0; at + 2 * step <= bytes.length; at += 2 * step) values.set(bytes.readUInt32LE(at), bytes.readUInt32LE(at + step));
    const pageSize = values.get(AT_PAGESZ) ?? 0;
    const ticksPerSecond = values.get(AT_CLKTCK) ?? 0;
    return pageSize >= 4096 && ticksPerSecond > 0 ? { pageSize, ticksPerSecond } : null;
  } catch {
    return null;
  }
}

function getconf(name: string): number {
  return Number(execFileSync('getconf', [name], { encoding: 'utf8' }));
}

/** The machine's start on the scale of `monotonicNow()`; null: unknown. Read again each time, since sleep moves it. */
export function bootTime(proc: string): number | null {
  try {
    const uptime = Number(readFileSync(`${proc}/uptime`, 'latin1').split(' ')[0]);
    return Number.isFinite(uptime) ? monotonicNow() - uptime * 1000 : null;
  } catch {
    return null;
  }
}
