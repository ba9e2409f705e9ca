import type { Milliseconds, UnixTime } from '../../../src-preload/contract/index.ts';

/** Monotonic time in milliseconds with fractions, from an unspecified start. */
export function monotonicNow(): Milliseconds {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The wall clock, for times shown to people; it may jump. */
export function unixNow(): UnixTime {
  return Date.now();
}
