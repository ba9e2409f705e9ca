import { readFileSync } from 'node:fs';
import { monotonicNow } from '../base/clock.ts';

/** Detects whether the kernel killed a process because it was out of memory. */
export interface OutOfMemoryWatch {
  /** Called after a process ended by SIGKILL: was there a recent kill for memory that no other end has claimed yet? */
  happened(): boolean;
  /** Stores the counter's current value, so that earlier kills are not taken for this one. */
  refresh(): void;
}

/** A victim with much memory takes a while to end after the kernel has counted it. */
const LATELY_MS = 10_000;

export interface OutOfMemoryPlaces {
  proc?: string;
  cgroups?: string;
}

/**
 * Compares the kernel's counter of such kills before and after. Where our control group (version 2) has its own counter, that one is used:
 * it covers us and our children alone. Otherwise the machine's counter in `/proc/vmstat`, where the kill of an unrelated process within the
 * same ten seconds would mislead. Without either: always false.
 */
export function watchOutOfMemory({ proc = '/proc', cgroups = '/sys/fs/cgroup' }: OutOfMemoryPlaces = {}): OutOfMemoryWatch {
  const file = counterFile(proc, cgroups);
  const readings = [{ t: monotonicNow(), kills: readKills(file) }];
  return {
    happened() {
      const oldest = readings[0]!;
      if (readKills(file) <= oldest.kills) return false;
      for (const reading of readings) reading.kills++;
      return true;
    },
    refresh() {
      const t = monotonicNow();
      readings.push({ t, kills: readKills(file) });
      while (readings.length > 2 && readings[1]!.t < t - LATELY_MS) readings.shift();
    },
  };
}

function counterFile(proc: string, cgroups: string): string {
  const group = /^0::(.*)$/m.exec(readText(`${proc}/self/cgroup`))?.[1];
  const events = `${cgroups}${group ?? '/'}/memory.events`;
  return group !== undefined && /^oom_kill \d+$/m.test(readText(events)) ? events : `${proc}/vmstat`;
}

function readKills(file: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(readText(file))?.[1] ?? 0);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
