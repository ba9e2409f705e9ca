import type { Milliseconds, UnixTime } from '../../../src-preload/contract/index.ts';

/** Time that only goes forward, in milliseconds with fractions, from an unknown start. */
export function monotonicNow(): Milliseconds {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The wall clock, for what people read; it may jump. */
export function unixNow(): UnixTime {
  return Date.now();
}
