/**
 * Sorting by a number: which positions come first. Keys 5 3 5 1, descending, ties by position:
 *
 *     order   0 2 1 3
 *
 * Keys are whole numbers from 0 below 2^53, in two halves. Radix sort: 5 million positions take a fifth of a second; if only the first few
 * are needed (`firstOf`), a histogram finds them several times faster.
 */
import { release } from './memory.ts';

export interface SortKeys {
  readonly low: Uint32Array;
  /** null: all are below 2^32. */
  readonly high: Uint32Array | null;
}

const HALF = 2 ** 32;
const DIGIT = 11;
const RADIX = 1 << DIGIT;

/** Keys of the positions 0 … count - 1; fractions are truncated, negative values count as 0. */
export function sortKeys(count: number, key: (position: number) => number): SortKeys {
  const low = new Uint32Array(count);
  let high: Uint32Array | null = null;
  for (let i = 0; i < count; i++) {
    const value = Math.max(0, key(i));
    if (value < HALF) low[i] = value;
    else {
      high ??= new Uint32Array(count);
      high[i] = value / HALF;
      low[i] = value - high[i]! * HALF;
    }
  }
  return { low, high };
}

/** All positions, by their keys; equal ones by position. The keys are consumed. */
export function orderBy(keys: SortKeys, descending: boolean): Uint32Array {
  const order = new Uint32Array(keys.low.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  const byLow = radixSort(order, flipped(keys.low, descending));
  if (keys.high === null) return byLow;
  const high = flipped(keys.high, descending);
  const moved = byLow.map((position) => high[position]!);
  release(high);
  return radixSort(byLow, moved);
}

function flipped(keys: Uint32Array, descending: boolean): Uint32Array {
  if (descending) for (let i = 0; i < keys.length; i++) keys[i] = ~keys[i]!;
  return keys;
}

/**
 * Sorts positions by the keys beside them, stably. Keys move with their positions: reads are sequential, only writes jump. Both arrays are
 * consumed.
 */
function radixSort(positions: Uint32Array, keys: Uint32Array): Uint32Array {
  const counts = digitCounts(keys);
  let from = { positions, keys };
  let to: typeof from | null = null;
  for (const [pass, next] of counts.entries()) {
    if (next.includes(keys.length)) continue; // All share this digit.
    to ??= { positions: new Uint32Array(keys.length), keys: new Uint32Array(keys.length) };
    scatter(from, to, next, pass * DIGIT);
    [from, to] = [to, from];
  }
  release(from.keys, to?.keys ?? null, to?.positions ?? null);
  return from.positions;
}

function digitCounts(keys: Uint32Array): Uint32Array[] {
  const [a, b, c] = [new Uint32Array(RADIX), new Uint32Array(RADIX), new Uint32Array(RADIX)];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    a[key & (RADIX - 1)]!++;
    b[(key >>> DIGIT) & (RADIX - 1)]!++;
    c[key >>> (2 * DIGIT)]!++;
  }
  return [a, b, c];
}

function scatter(from: { positions: Uint32Array; keys: Uint32Array }, to: typeof from, next: Uint32Array, shift: number): void {
  for (let digit = 0, sum = 0; digit < RADIX; digit++) {
    const count = next[digit]!;
    next[digit] = sum;
    sum += count;
  }
  for (let i = 0; i < from.keys.length; i++) {
    const key = from.keys[i]!;
    const place = next[(key >>> shift) & (RADIX - 1)]!++;
    to.keys[place] = key;
    to.positions[place] = from.positions[i]!;
  }
}

/** The first `count` positions of `orderBy`, without sorting the rest. The keys are kept. */
export function firstOf(keys: SortKeys, descending: boolean, count: number): Uint32Array {
  const chosen = candidates(keys, descending, count);
  const part: SortKeys = {
    low: Uint32Array.from(chosen, (position) => keys.low[position]!),
    high: keys.high && Uint32Array.from(chosen, (position) => keys.high![position]!),
  };
  return orderBy(part, descending)
    .map((i) => chosen[i]!)
    .slice(0, count);
}

/**
 * Positions that include all of the first `count`, and as few others as possible: buckets of a histogram over the highest bits, then over
 * the rest within the bucket where the count is reached. Equal keys are in the same buckets: those positions are ascending, and of more
 * than are wanted the first ones.
 */
function candidates(keys: SortKeys, descending: boolean, count: number): Uint32Array {
  const flip = descending ? 0xffffffff : 0;
  const words = keys.high === null ? [keys.low] : [keys.high, keys.low];
  let among: Uint32Array | null = null;
  let sure: Uint32Array = new Uint32Array(0);
  let wanted = Math.min(count, keys.low.length);
  for (const word of words) {
    for (const shift of [16, 0]) {
      const { below, at } = split(word, flip, shift, among, wanted);
      sure = joined(sure, below);
      wanted -= below.length;
      among = at;
    }
  }
  return joined(sure, (among ?? new Uint32Array(0)).subarray(0, wanted));
}

/** Of the positions `among` (null: all): those whose 16 bits come before the bucket that the `wanted`-th is in, and that bucket. */
function split(
  word: Uint32Array,
  flip: number,
  shift: number,
  among: Uint32Array | null,
  wanted: number,
): { below: Uint32Array; at: Uint32Array } {
  const counts = new Uint32Array(65536);
  const total = among === null ? word.length : among.length;
  for (let i = 0; i < total; i++) counts[((word[among === null ? i : among[i]!]! ^ flip) >>> shift) & 0xffff]!++;
  let bucket = 0;
  let before = 0;
  while (bucket < 65535 && before + counts[bucket]! < wanted) before += counts[bucket++]!;
  const below = new Uint32Array(before);
  const at = new Uint32Array(counts[bucket]!);
  for (let i = 0, b = 0, a = 0; i < total; i++) {
    const position = among === null ? i : among[i]!;
    const digit = ((word[position]! ^ flip) >>> shift) & 0xffff;
    if (digit < bucket) below[b++] = position;
    else if (digit === bucket) at[a++] = position;
  }
  return { below, at };
}

function joined(a: Uint32Array, b: Uint32Array): Uint32Array {
  if (a.length === 0) return b;
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
