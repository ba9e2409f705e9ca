import { F64Vector } from './f64-vector.ts';

/** Samples in a full chunk, the unit of storage. */
export const CHUNK = 4096;
/** Samples in a full block, the unit of a coarse chart. */
const BLOCK = 64;
/** A pause longer than this, and than four times the interval before it, ends a block: a block's samples belong together in time. */
const SILENCE_MS = 2000;
const SILENCE_FACTOR = 4;

/** Finished blocks, column by column. */
export type BlockColumns = Record<'t0' | 't1' | 'min' | 'max' | 'sum' | 'count', Float64Array>;

/**
 * The coarse level of one series: a row of blocks of up to 64 consecutive samples, each with its first and last time, lowest
 * and highest value, sum, and the ordinal of its first sample. It grows with the series; the last block is open.
 *
 *     samples  1 3 2 | NaN NaN | 5 9 ‥            (ordinals 0‥6)
 *     blocks   first 0, count 3, min 1, max 3, sum 6
 *              first 3, count 2, min NaN          a gap is a block of its own, so none is lost
 *              first 5, count 2, min 5, max 9, sum 14
 *
 * A block never crosses the border of a chunk, so that a chunk's blocks are its summary in the file.
 */
export class Blocks {
  readonly t0 = new F64Vector();
  readonly t1 = new F64Vector();
  readonly min = new F64Vector();
  readonly max = new F64Vector();
  readonly sum = new F64Vector();
  readonly count = new F64Vector();
  readonly first = new F64Vector();
  /** Ordinal of the next sample. */
  next = 0;
  #open = false;
  #interval = 0;
  #spanned = 0;

  get length(): number {
    return this.t0.length;
  }

  /** Average length of a block; pauses between blocks do not count. */
  get typicalSpan(): number {
    return this.length === 0 ? 0 : this.#spanned / this.length;
  }

  /** Adds the next sample; times never go backwards. */
  add(t: number, value: number): void {
    const last = this.length - 1;
    const interval = this.#open ? t - this.t1.at(last) : 0;
    if (!this.#open || this.#endsBlock(last, interval, value)) this.#begin(t, value);
    else this.#extend(last, t, value);
    this.#interval = interval;
    this.next++;
  }

  /** The next sample starts a new block. */
  close(): void {
    this.#open = false;
    this.#interval = 0;
  }

  /** Adds finished blocks that were read from a file. */
  addBlocks({ t0, t1, min, max, sum, count }: BlockColumns): void {
    this.t0.pushAll(t0);
    this.t1.pushAll(t1);
    this.min.pushAll(min);
    this.max.pushAll(max);
    this.sum.pushAll(sum);
    this.count.pushAll(count);
    for (let i = 0; i < t0.length; i++) {
      this.first.push(this.next);
      this.next += count[i]!;
      this.#spanned += t1[i]! - t0[i]!;
    }
    this.close();
  }

  /** Removes the blocks from the one that starts at sample `ordinal` on. */
  truncate(ordinal: number): void {
    const keep = this.blockStartingAt(ordinal);
    for (let i = keep; i < this.length; i++) this.#spanned -= this.t1.at(i) - this.t0.at(i);
    for (const column of [this.t0, this.t1, this.min, this.max, this.sum, this.count, this.first]) column.truncate(keep);
    this.next = Math.min(this.next, ordinal);
    this.close();
  }

  /** The first block whose first sample is `ordinal` or later. */
  blockStartingAt(ordinal: number): number {
    return lowerBound(this.first.view(), ordinal);
  }

  #endsBlock(last: number, interval: number, value: number): boolean {
    if (this.count.at(last) >= BLOCK) return true;
    if (Number.isNaN(value) !== Number.isNaN(this.min.at(last))) return true;
    return interval > SILENCE_MS && interval > SILENCE_FACTOR * this.#interval;
  }

  #begin(t: number, value: number): void {
    this.t0.push(t);
    this.t1.push(t);
    this.min.push(value);
    this.max.push(value);
    this.sum.push(value);
    this.count.push(1);
    this.first.push(this.next);
    this.#open = true;
  }

  #extend(last: number, t: number, value: number): void {
    this.#spanned += t - this.t1.at(last);
    this.t1.set(last, t);
    this.count.set(last, this.count.at(last) + 1);
    this.sum.set(last, this.sum.at(last) + value);
    if (value < this.min.at(last)) this.min.set(last, value);
    if (value > this.max.at(last)) this.max.set(last, value);
  }
}

/** Index of the first number that is at least `value`, in ascending numbers. */
export function lowerBound(numbers: Float64Array, value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first number that is greater than `value`, in ascending numbers. */
export function upperBound(numbers: Float64Array, value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A series as charts and statistics see it: the coarse level, and the samples behind it on demand. */
export interface SampleSource {
  readonly blocks: Blocks;
  /** Visits the samples of the blocks from `fromBlock` up to `toBlock` in order: `[start, end)` of the arrays, piece by piece. */
  forEachPiece(fromBlock: number, toBlock: number, visit: PieceVisitor): void;
}

export type PieceVisitor = (t: Float64Array, values: Float64Array, start: number, end: number) => void;
