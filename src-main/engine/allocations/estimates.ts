import type { AllocationMeasure } from '../../../src-preload/contract/index.ts';

/** Sums of estimates, a row for each node, site or group. */
export class Sums {
  readonly bytes: Float64Array;
  readonly blocks: Float64Array;
  readonly variance: Float64Array;

  constructor(length: number) {
    this.bytes = new Float64Array(length);
    this.blocks = new Float64Array(length);
    this.variance = new Float64Array(length);
  }

  add(at: number, from: { bytes: ArrayLike<number>; blocks: ArrayLike<number>; variance: ArrayLike<number> }, row: number): void {
    this.bytes[at]! += from.bytes[row]!;
    this.blocks[at]! += from.blocks[row]!;
    this.variance[at]! += from.variance[row]!;
  }
}

/** What happened in a range: made in it; freed in it; and of that what was made in it, too. */
export class RangeSums {
  readonly made: Sums;
  readonly freed: Sums;
  readonly within: Sums;

  constructor(length: number) {
    this.made = new Sums(length);
    this.freed = new Sums(length);
    this.within = new Sums(length);
  }

  /** Adds a row of others to one of these. */
  add(at: number, from: RangeSums, row: number): void {
    this.made.add(at, from.made, row);
    this.freed.add(at, from.freed, row);
    this.within.add(at, from.within, row);
  }
}

export interface Estimate {
  bytes: number;
  blocks: number;
  variance: number;
}

/** Sums of the same blocks in another order differ by this much: less of what was made is nothing. */
const NOISE = 1e-10;

/**
 * One row by a measure. A block that was both made and freed in the range counts in neither part of `growth`, so its variance does not
 * either.
 */
export function measured({ made, freed, within }: RangeSums, at: number, of: AllocationMeasure): Estimate {
  const value = (sums: Sums): Estimate => ({ bytes: sums.bytes[at]!, blocks: sums.blocks[at]!, variance: sums.variance[at]! });
  if (of === 'allocated') return value(made);
  if (of === 'freed') return value(freed);
  const live = difference(value(made), value(within));
  if (of === 'live') return live;
  const older = difference(value(freed), value(within));
  return { bytes: live.bytes - older.bytes, blocks: live.blocks - older.blocks, variance: live.variance + older.variance };
}

function difference(all: Estimate, part: Estimate): Estimate {
  const blocks = all.blocks - part.blocks;
  if (blocks <= 1e-6 + NOISE * all.blocks) return { bytes: 0, blocks: 0, variance: 0 };
  return { bytes: Math.max(0, all.bytes - part.bytes), blocks, variance: Math.max(0, all.variance - part.variance) };
}
