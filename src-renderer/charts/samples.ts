import type { Milliseconds, SeriesId, SeriesWindow, SessionTime } from '../../src-preload/contract/index.ts';

export interface TimeRange {
  from: SessionTime;
  to: SessionTime;
}

/** Loaded windows, with the range they were requested for; by series, or by another key of the chart's lines. */
export interface LoadedWindows<Key = SeriesId> {
  range: TimeRange;
  series: ReadonlyMap<Key, SeriesWindow>;
}

/** A stretch of a line: the window's points between two times. */
export interface LinePart {
  window: SeriesWindow;
  from: SessionTime;
  to: SessionTime;
}

/** A value at a time. `exact` is false if it represents a bucket of samples. */
export interface Reading {
  t: SessionTime;
  lo: number;
  hi: number;
  exact: boolean;
}

/** Index of the last time at or before `t`; -1 where all are later. */
export function lastAtOrBefore(times: Float64Array, t: SessionTime): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the time nearest to `t`; -1 where there is none. */
export function nearestIndex(times: Float64Array, t: SessionTime): number {
  const before = lastAtOrBefore(times, t);
  const after = before + 1;
  if (after >= times.length) return before;
  if (before < 0) return after;
  return t - times[before]! <= times[after]! - t ? before : after;
}

/** Highest value of point `i`; raw windows have one value. */
export const highAt = (window: SeriesWindow, i: number): number => (window.raw ? window.lo[i]! : window.hi[i]!);

/** Readings that are so much farther apart than their neighbours, and at least this far, say nothing of what was between them. */
const FAR: Milliseconds = 15_000;
const FAR_BY = 4;

/** Whether nothing was read for unusually long before point `i`: a line through there would be invented. */
export function isFar(times: Float64Array, i: number): boolean {
  const gap = i > 0 && i < times.length ? times[i]! - times[i - 1]! : 0;
  if (gap <= FAR) return false;
  return (i > 1 && gap > FAR_BY * (times[i - 1]! - times[i - 2]!)) || (i + 1 < times.length && gap > FAR_BY * (times[i + 1]! - times[i]!));
}

/** For how long `reading` has been the newest, where that is unusually long for its line; null where it is not. */
export function ageAt(parts: readonly LinePart[], reading: Reading, t: SessionTime): Milliseconds | null {
  const window = parts[parts.length - 1]?.window;
  const i = window ? lastAtOrBefore(window.t, reading.t) : -1;
  const age = t - reading.t;
  if (window === undefined || age <= FAR) return null;
  return i > 0 && age <= FAR_BY * (window.t[i]! - window.t[i - 1]!) ? null : age;
}

/**
 * The parts from which a line is drawn over `view`: the detailed window where available, elsewhere the coarse overview of the session, so
 * that zooming out or a far pan shows something before the answer arrives.
 */
export function partsOf<Key>(
  line: NoInfer<Key>,
  view: TimeRange,
  detail: LoadedWindows<Key> | null,
  overview: LoadedWindows<Key> | null,
): LinePart[] {
  const fine = detail?.series.get(line);
  const coarse = overview?.series.get(line);
  if (!fine || !detail) return coarse ? [{ window: coarse, ...view }] : [];
  if (!coarse) return [{ window: fine, ...view }];
  const parts: LinePart[] = [];
  if (view.from < detail.range.from) parts.push({ window: coarse, from: view.from, to: Math.min(view.to, detail.range.from) });
  if (view.to > detail.range.from && view.from < detail.range.to) {
    parts.push({ window: fine, from: Math.max(view.from, detail.range.from), to: Math.min(view.to, detail.range.to) });
  }
  if (view.to > detail.range.to) parts.push({ window: coarse, from: Math.max(view.from, detail.range.to), to: view.to });
  return parts;
}

/** Lowest and highest value drawn, without NaN; null if there is none. */
export function extentOf(parts: readonly LinePart[]): { lo: number; hi: number } | null {
  let lo = Infinity;
  let hi = -Infinity;
  for (const { window, from, to } of parts) {
    const first = Math.max(0, lastAtOrBefore(window.t, from));
    const last = Math.min(window.t.length - 1, lastAtOrBefore(window.t, to) + 1);
    for (let i = first; i <= last; i++) {
      const low = window.lo[i]!;
      const high = highAt(window, i);
      if (low < lo) lo = low;
      if (high > hi) hi = high;
    }
  }
  return lo <= hi ? { lo, hi } : null;
}

/** Bars this many times as high as nearly all others would flatten those. */
const TOWERING = 6;
/** Among fewer bars none is unusual. */
const MANY_BARS = 10;

/**
 * The highest bar that the scale has to show, of bars within their parts. A few towering ones are left out: they are drawn broken
 * (`strokeBars`). null if there are none.
 */
export function barsTop(parts: readonly LinePart[]): number | null {
  const highs: number[] = [];
  for (const { window, from, to } of parts) {
    for (let i = Math.max(0, lastAtOrBefore(window.t, from)); i <= lastAtOrBefore(window.t, to); i++) {
      const high = highAt(window, i);
      if (window.t[i]! >= from && !Number.isNaN(high)) highs.push(high);
    }
  }
  if (highs.length === 0) return null;
  const sorted = Float64Array.from(highs).sort();
  const highest = sorted[sorted.length - 1]!;
  const usual = sorted[Math.floor((sorted.length - 1) * 0.95)]!;
  if (sorted.length < MANY_BARS || usual <= 0 || highest <= TOWERING * usual) return highest;
  return sorted[sorted.findLastIndex((high) => high <= (TOWERING / 2) * usual)]!;
}

/**
 * The value nearest to `t`, not farther than `reach` or one sample interval at that place; null in a gap, before the first sample, after
 * the last, and where unusually nothing was read.
 */
export function readAt(parts: readonly LinePart[], t: SessionTime, reach: Milliseconds): Reading | null {
  const part = parts.find((p) => t >= p.from && t <= p.to);
  if (!part) return null;
  const { window } = part;
  const i = nearestIndex(window.t, t);
  if (i < 0 || Number.isNaN(window.lo[i]!)) return null;
  const inside = t >= window.t[0]! && t <= window.t[window.t.length - 1]! && !isFar(window.t, lastAtOrBefore(window.t, t) + 1);
  if (!inside && Math.abs(window.t[i]! - t) > reach) return null;
  const lo = window.lo[i]!;
  const hi = highAt(window, i);
  return { t: window.t[i]!, lo, hi, exact: window.raw };
}

/** The last value up to `t`, also before a gap; null if there is none. */
export function lastReading(parts: readonly LinePart[], t: SessionTime): Reading | null {
  const part = parts[parts.length - 1];
  if (!part) return null;
  let i = lastAtOrBefore(part.window.t, t);
  while (i >= 0 && Number.isNaN(part.window.lo[i]!)) i--;
  if (i < 0) return null;
  return { t: part.window.t[i]!, lo: part.window.lo[i]!, hi: highAt(part.window, i), exact: part.window.raw };
}

/** Whether there is no value any more at `t`: the last point before it is a gap. */
export function endsInGap(parts: readonly LinePart[], t: SessionTime): boolean {
  const window = parts[parts.length - 1]?.window;
  const i = window ? lastAtOrBefore(window.t, t) : -1;
  return window === undefined || i < 0 || Number.isNaN(window.lo[i]!);
}
