import type { SessionTime } from '../../../../src-preload/contract/index.ts';
import { panView, spanOf, zoomView } from '../../../stores/timeline-view.ts';
import type { ViewRange } from '../../../stores/timeline-view.ts';

/** A chart over time as its gestures and keys see it: implemented by the stores of the timeline and of the runs. */
export interface TimePlot {
  readonly view: ViewRange;
  /** The limits of navigation. */
  readonly extent: ViewRange;
  /** The time of the newest samples. */
  readonly newest: SessionTime;
  /** The view moves with the newest samples. */
  readonly following: boolean;
  /** The crosshair; null: none. */
  cursor: SessionTime | null;
  show: (view: ViewRange) => void;
  /** Shows everything. */
  fit: () => void;
}

/** The effects of brushing a range. */
export interface Brush {
  /** The current range: keys extend and shorten it. */
  readonly range: ViewRange | null;
  /** `replace`: one more step of the same gesture. */
  choose: (range: ViewRange, step: { replace: boolean }) => void;
}

export function pan(plot: TimePlot, by: number): void {
  plot.show(panView(plot.view, by, plot.extent));
}

/** `factor` below 1 zooms in. */
export function zoom(plot: TimePlot, at: SessionTime, factor: number): void {
  plot.show(zoomView(plot.view, at, factor, plot.extent));
}

/** To the first or the newest samples, without a zoom. */
export function toEdge(plot: TimePlot, edge: 'first' | 'newest'): void {
  const span = spanOf(plot.view);
  const from = edge === 'newest' ? Math.max(plot.extent.from, plot.newest - span) : plot.extent.from;
  plot.show({ from, to: from + span });
}

/** Where the keyboard zooms: at the crosshair if it is in view, else at the newest samples if they are followed, else in the middle. */
export function anchorOf({ cursor, view, newest, following }: TimePlot): SessionTime {
  if (cursor !== null && cursor >= view.from && cursor <= view.to) return cursor;
  return following ? Math.min(newest, view.to) : (view.from + Math.min(view.to, Math.max(newest, view.from))) / 2;
}

/** Between two times in any order; never before the first samples. */
export function rangeBetween(plot: TimePlot, a: SessionTime, b: SessionTime): ViewRange {
  const { from } = plot.extent;
  return { from: Math.max(from, Math.min(a, b)), to: Math.max(from, a, b) };
}
