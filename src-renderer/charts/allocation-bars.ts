/** Bars side by side on the bottom of a box, as one path; buckets that have nothing are left out. */
export interface BarBox {
  /** Borders of the buckets: one more than there are values. */
  times: Float64Array;
  width: number;
  height: number;
  /** The value that fills the height. */
  most: number;
}

/** Wider bars are a pixel apart. */
const APART_FROM = 3;

export function barsPath(values: Float64Array, { times, width, height, most }: BarBox): string {
  const [from, to] = [times[0] ?? 0, times.at(-1) ?? 0];
  if (most <= 0 || to <= from) return '';
  const x = (time: number): number => ((time - from) / (to - from)) * width;
  const steps: string[] = [];
  values.forEach((value, index) => {
    if (value <= 0) return;
    const left = x(times[index] ?? 0);
    const right = x(times[index + 1] ?? 0);
    const wide = right - left >= APART_FROM ? right - left - 1 : right - left;
    steps.push(`M${left.toFixed(1)} ${height}v${(-Math.min(1, value / most) * height).toFixed(1)}h${wide.toFixed(1)}V${height}z`);
  });
  return steps.join('');
}

/** Neighbouring buckets as one, until each is at least as long as that: figures come about once a second. */
export function joinBuckets<B extends { times: Float64Array; allocated: Float64Array; alive: Float64Array }>(bars: B, least: number): B {
  const { times, allocated, alive } = bars;
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  const each = step > 0 ? Math.min(allocated.length, Math.ceil(least / step)) : 1;
  if (each <= 1) return bars;
  const n = Math.ceil(allocated.length / each);
  const sums = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => values.subarray(i * each, (i + 1) * each).reduce((sum, value) => sum + value, 0));
  const borders = Float64Array.from({ length: n + 1 }, (_, i) => times[Math.min(i * each, allocated.length)] ?? 0);
  return { ...bars, times: borders, allocated: sums(allocated), alive: sums(alive) };
}

/** The bucket of a time; null: it is outside. */
export function bucketAt(times: Float64Array, time: number): number | null {
  const n = times.length - 1;
  if (n < 1 || time < (times[0] ?? 0) || time > (times[n] ?? 0)) return null;
  const next = times.findIndex((border) => border > time);
  return next < 0 ? n - 1 : Math.max(0, next - 1);
}
