import type { Milliseconds, UnixTime } from '../../../src-preload/contract/index.ts';

/** Monotonic time in milliseconds with fractions, from an unspecified start. */
export function monotonicNow(): Milliseconds {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Processor time that this whole process has taken so far, in all its threads, in user and kernel mode. */
export function processorTime(): Milliseconds {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The wall clock, for times shown to people; it may jump. */
export function unixNow(): UnixTime {
  return Date.now();
}
