import type { Milliseconds, SessionTime } from '../../src-preload/contract/index.ts';

/** The visible time range. Always `to > from`. */
export interface ViewRange {
  from: SessionTime;
  to: SessionTime;
}

/** The smallest span: below this even a sample every 10 ms is a line across the screen. */
export const LEAST_SPAN: Milliseconds = 20;
/** The initial span of a running session, until the user zooms. */
export const LIVE_SPAN: Milliseconds = 60_000;
/** Fetched beyond each edge, as a fraction of the view. */
const MARGIN = 0.5;

export const spanOf = (range: ViewRange): Milliseconds => range.to - range.from;

/** Fits a view into the extent: first its span, then its position. */
export function clampView(view: ViewRange, extent: ViewRange): ViewRange {
  const span = Math.min(Math.max(spanOf(view), LEAST_SPAN), Math.max(spanOf(extent), LEAST_SPAN));
  const from = Math.max(extent.from, Math.min(view.from, extent.to - span));
  return { from, to: from + span };
}

/** `factor` below 1 zooms in; the time `at` stays where it is on the screen. */
export function zoomView(view: ViewRange, at: SessionTime, factor: number, extent: ViewRange): ViewRange {
  const most = Math.max(spanOf(extent), LEAST_SPAN);
  const span = Math.min(most, Math.max(LEAST_SPAN, spanOf(view) * factor));
  const share = (at - view.from) / spanOf(view);
  return clampView({ from: at - share * span, to: at + (1 - share) * span }, extent);
}

export function panView(view: ViewRange, by: Milliseconds, extent: ViewRange): ViewRange {
  return clampView({ from: view.from + by, to: view.to + by }, extent);
}

/** The last `span` before `until`; before that much was recorded, the beginning, so that the chart fills up without moving. */
export function followView(span: Milliseconds, until: SessionTime): ViewRange {
  const from = Math.max(0, until - span);
  return { from, to: from + span };
}

/** The range to request in order to draw `view` and to pan without waiting. */
export function withMargin(view: ViewRange, extent: ViewRange): ViewRange {
  const margin = spanOf(view) * MARGIN;
  return {
    from: Math.max(Math.min(extent.from, view.from), view.from - margin),
    to: Math.min(Math.max(extent.to, view.to), view.to + margin),
  };
}

export interface Loaded {
  range: ViewRange;
  /** Milliseconds per bucket. */
  resolution: Milliseconds;
  /** Every sample of every series is loaded: zooming in needs no request. */
  raw: boolean;
}

/** Whether `view` can be drawn from what is loaded, though perhaps too coarsely. */
export const covers = (range: ViewRange, view: ViewRange, extent: ViewRange): boolean =>
  range.from <= Math.max(view.from, extent.from) + 1e-6 && range.to >= Math.min(view.to, extent.to) - 1e-6;

/** Whether a new request would change the chart or leave too little margin for the next pan. */
export function needsFetch(loaded: Loaded | null, view: ViewRange, extent: ViewRange, width: number): boolean {
  if (!loaded || !covers(loaded.range, view, extent)) return true;
  const wanted = bucketTime(view, width);
  if (loaded.resolution < wanted / 2.2 || (!loaded.raw && loaded.resolution > wanted * 1.05)) return true;
  const spare = spanOf(view) * MARGIN * 0.4;
  return !covers(loaded.range, { from: view.from - spare, to: view.to + spare }, extent);
}

/** Pixels of the lanes for one bucket. */
const PIXELS_PER_BUCKET = 1.5;

export const bucketTime = (view: ViewRange, width: number): Milliseconds => (spanOf(view) / Math.max(1, width)) * PIXELS_PER_BUCKET;

/** Buckets for a range fetched with its margins; 1 to 8192, as the contract requires. */
export function bucketsFor(range: ViewRange, view: ViewRange, width: number): number {
  return Math.max(1, Math.min(8192, Math.ceil(spanOf(range) / bucketTime(view, width))));
}
