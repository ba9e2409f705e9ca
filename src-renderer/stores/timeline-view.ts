import type { Milliseconds, SessionTime } from '../../src-preload/contract/index.ts';

/** What the timeline shows. Always `to > from`. */
export interface ViewRange {
  from: SessionTime;
  to: SessionTime;
}

/** No closer: below this even a sample each 10 ms is a line across the screen. */
export const LEAST_SPAN: Milliseconds = 20;
/** How much a running session shows at first, and until the user zooms. */
export const LIVE_SPAN: Milliseconds = 60_000;
/** Fetched beyond each edge, as a share of the view. */
const MARGIN = 0.5;

export const spanOf = (range: ViewRange): Milliseconds => range.to - range.from;

/** Into the extent: first the span, then the place. */
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

/** The last `span` before `until`; until that much was recorded, the beginning, so that the picture fills up without moving. */
export function followView(span: Milliseconds, until: SessionTime): ViewRange {
  const from = Math.max(0, until - span);
  return { from, to: from + span };
}

/** What to ask for to draw `view` and to pan at once. */
export function withMargin(view: ViewRange, extent: ViewRange): ViewRange {
  const margin = spanOf(view) * MARGIN;
  return {
    from: Math.max(Math.min(extent.from, view.from), view.from - margin),
    to: Math.min(Math.max(extent.to, view.to), view.to + margin),
  };
}

export interface Loaded {
  range: ViewRange;
  /** Milliseconds that one bucket stood for. */
  resolution: Milliseconds;
  /** Every sample of every series is there: zooming in needs nothing. */
  raw: boolean;
}

/** Whether the picture of `view` can be drawn from what is here, though perhaps coarser than it should be. */
export const covers = (range: ViewRange, view: ViewRange, extent: ViewRange): boolean =>
  range.from <= Math.max(view.from, extent.from) + 1e-6 && range.to >= Math.min(view.to, extent.to) - 1e-6;

/** Whether a new fetch would change the picture or leave too little room for the next pan. */
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

/** Buckets for a range fetched with its margins; 1 to 8192 as the contract wants. */
export function bucketsFor(range: ViewRange, view: ViewRange, width: number): number {
  return Math.max(1, Math.min(8192, Math.ceil(spanOf(range) / bucketTime(view, width))));
}
