import { F64Vector } from './f64-vector.ts';
import { lowerBound, upperBound, type SampleSource } from './pyramid.ts';

/** Columns of a window, without the series' number. */
export interface WindowColumns {
  raw: boolean;
  t: Float64Array;
  lo: Float64Array;
  hi: Float64Array;
}

/** Up to this many samples per bucket every sample is returned. */
const RAW_PER_BUCKET = 4;
/**
 * Buckets at least this wide, in blocks, are computed from blocks: at worst a point every other pixel, and half the samples to unpack for
 * the widest chart that is drawn from samples.
 */
const BLOCK_SHARE = 0.5;
/** Above this many blocks per bucket samples are not read: this bounds the work if a series is denser than usual. */
const MOST_BLOCKS_PER_BUCKET = 4;

/**
 * A series from `from` to `to` in about `buckets` points: every sample if there are few; otherwise the lowest and highest of each bucket,
 * from the samples if the buckets are narrower than half a block, from blocks if they are wider. Either way each sample counts in one
 * point, so no spike is lost.
 */
export function windowOf(source: SampleSource, from: number, to: number, buckets: number): WindowColumns {
  const { blocks } = source;
  const begin = lowerBound(blocks.t1.view(), from);
  const end = upperBound(blocks.t0.view(), to);
  if (to < from || blocks.length === 0) return { raw: true, t: new Float64Array(), lo: new Float64Array(), hi: new Float64Array() };
  const samples = samplesBetween(source, begin, end);
  if (samples <= RAW_PER_BUCKET * buckets) return rawWindow(source, begin, end, from, to, samples);
  const width = steadyWidth((to - from) / buckets);
  const gridFrom = Math.floor(from / width) * width;
  const gridTo = (Math.floor(to / width) + 1) * width;
  const reducer = new Reducer(width, buckets);
  // Decided by values that do not change during panning: otherwise the chart's resolution would change at some places.
  if (width >= BLOCK_SHARE * blocks.typicalSpan || end - begin > MOST_BLOCKS_PER_BUCKET * buckets)
    reduceBlocks(source, gridFrom, gridTo, reducer);
  else reduceSamples(source, gridFrom, gridTo, reducer);
  return reducer.columns();
}

/** Samples in the blocks from `begin` up to `end`. */
export function samplesBetween({ blocks }: SampleSource, begin: number, end: number): number {
  if (begin >= end) return 0;
  return (end < blocks.length ? blocks.first.at(end) : blocks.next) - blocks.first.at(begin);
}

/**
 * A bucket's width with 20 significant bits. During panning, `to - from` differs in its last bits from step to step; a varying width would
 * move every border, and the chart would shimmer.
 */
function steadyWidth(width: number): number {
  if (!(width > 0)) return 1;
  const unit = 2 ** (Math.floor(Math.log2(width)) - 20);
  return Math.round(width / unit) * unit;
}

function rawWindow(source: SampleSource, begin: number, end: number, from: number, to: number, samples: number): WindowColumns {
  const t = new F64Vector(samples + 2);
  const lo = new F64Vector(samples + 2);
  let before: [number, number] | null = null;
  let done = false;
  source.forEachPiece(Math.max(0, begin - 1), Math.min(source.blocks.length, end + 1), (times, values, first, last) => {
    if (done) return;
    const inside = first + lowerBound(times.subarray(first, last), from);
    const after = first + upperBound(times.subarray(first, last), to);
    if (inside > first) before = [times[inside - 1]!, values[inside - 1]!];
    if (inside < last && before !== null) {
      t.push(before[0]);
      lo.push(before[1]);
      before = null;
    }
    done = after < last;
    const stop = done ? after + 1 : after;
    t.pushAll(times.subarray(inside, stop));
    lo.pushAll(values.subarray(inside, stop));
  });
  if (before !== null) {
    t.push(before[0]);
    lo.push(before[1]);
  }
  return { raw: true, t: t.view().slice(), lo: lo.view().slice(), hi: new Float64Array() };
}

function reduceSamples(source: SampleSource, gridFrom: number, gridTo: number, reducer: Reducer): void {
  const { blocks } = source;
  const begin = Math.max(0, lowerBound(blocks.t1.view(), gridFrom) - 1);
  const end = Math.min(blocks.length, lowerBound(blocks.t0.view(), gridTo) + 1);
  let before: [number, number] | null = null;
  let done = false;
  source.forEachPiece(begin, end, (times, values, first, last) => {
    if (done) return;
    const inside = first + lowerBound(times.subarray(first, last), gridFrom);
    const after = first + lowerBound(times.subarray(first, last), gridTo);
    if (inside > first) before = [times[inside - 1]!, values[inside - 1]!];
    if (inside < last && before !== null) {
      reducer.single(before[0], before[1], before[1]);
      before = null;
    }
    reducer.feed(times, values, values, inside, after);
    done = after < last;
    if (done) reducer.single(times[after]!, values[after]!, values[after]!);
  });
  if (before !== null) reducer.single(before[0], before[1], before[1]);
}

function reduceBlocks({ blocks }: SampleSource, gridFrom: number, gridTo: number, reducer: Reducer): void {
  const t = blocks.t0.view();
  const [lo, hi] = [blocks.min.view(), blocks.max.view()];
  const begin = lowerBound(t, gridFrom);
  const end = lowerBound(t, gridTo);
  if (begin > 0) reducer.single(t[begin - 1]!, lo[begin - 1]!, hi[begin - 1]!);
  reducer.feed(t, lo, hi, begin, end);
  if (end < t.length) reducer.single(t[end]!, lo[end]!, hi[end]!);
}

/**
 * Joins points into buckets of a fixed time grid: one point per bucket, and a NaN where a gap borders on the next point. A gap inside a
 * bucket, narrower than a pixel, is not shown.
 */
class Reducer {
  readonly #width: number;
  readonly #t: F64Vector;
  readonly #lo: F64Vector;
  readonly #hi: F64Vector;
  #bucketFrom = Infinity;
  #bucketTo = -Infinity;
  #first = NaN;
  #min = NaN;
  #max = NaN;
  #gapBefore = NaN;
  #gapAfter = NaN;

  constructor(width: number, buckets: number) {
    this.#width = width;
    this.#t = new F64Vector(buckets + 8);
    this.#lo = new F64Vector(buckets + 8);
    this.#hi = new F64Vector(buckets + 8);
  }

  /** The hot loop of every zoomed-out chart, over up to a million samples: locals only. */
  feed(t: Float64Array, lo: Float64Array, hi: Float64Array, start: number, end: number): void {
    let limit = this.#bucketTo;
    let first = this.#first;
    let min = this.#min;
    let max = this.#max;
    for (let i = start; i < end; i++) {
      const at = t[i]!;
      if (at >= limit || at < this.#bucketFrom) {
        this.#keep(first, min, max);
        this.#enter(at);
        limit = this.#bucketTo;
        first = min = max = NaN;
      }
      const low = lo[i]!;
      const high = hi[i]!;
      if (low !== low) {
        this.#gap(at, first);
        continue;
      }
      if (first !== first) {
        first = at;
        min = low;
        max = high;
      } else {
        if (low < min) min = low;
        if (high > max) max = high;
      }
      this.#gapAfter = NaN;
    }
    this.#keep(first, min, max);
  }

  /** A neighbour of the window: a separate point. */
  single(t: number, lo: number, hi: number): void {
    this.#leave();
    this.#emit(t, lo, hi);
    this.#bucketFrom = Infinity;
    this.#bucketTo = -Infinity;
  }

  columns(): WindowColumns {
    this.#leave();
    return { raw: false, t: this.#t.view().slice(), lo: this.#lo.view().slice(), hi: this.#hi.view().slice() };
  }

  #keep(first: number, min: number, max: number): void {
    this.#first = first;
    this.#min = min;
    this.#max = max;
  }

  /** A gap before the first value of a bucket, or after the last one so far. */
  #gap(t: number, first: number): void {
    if (Number.isNaN(first)) this.#gapBefore = Number.isNaN(this.#gapBefore) ? t : this.#gapBefore;
    else if (Number.isNaN(this.#gapAfter)) this.#gapAfter = t;
  }

  /** Borders are products, never sums: the same bucket always has the same borders. */
  #enter(t: number): void {
    this.#leave();
    let index = Math.floor(t / this.#width);
    if (index * this.#width > t) index--;
    else if ((index + 1) * this.#width <= t) index++;
    this.#bucketFrom = index * this.#width;
    this.#bucketTo = (index + 1) * this.#width;
  }

  #leave(): void {
    if (!Number.isNaN(this.#gapBefore)) this.#emit(this.#gapBefore, NaN, NaN);
    if (!Number.isNaN(this.#first)) this.#emit(this.#first, this.#min, this.#max);
    if (!Number.isNaN(this.#gapAfter)) this.#emit(this.#gapAfter, NaN, NaN);
    this.#first = this.#min = this.#max = this.#gapBefore = this.#gapAfter = NaN;
  }

  /** Consecutive gaps become one gap. */
  #emit(t: number, lo: number, hi: number): void {
    if (Number.isNaN(lo) && this.#t.length > 0 && Number.isNaN(this.#lo.at(this.#t.length - 1))) return;
    this.#t.push(t);
    this.#lo.push(lo);
    this.#hi.push(hi);
  }
}
