import { computed } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { RunComparison } from '../../../src-preload/contract/index.ts';
import { extentOf, lastReading, partsOf, readAt } from '../../charts/samples.ts';
import type { LinePart, Reading } from '../../charts/samples.ts';
import { lineColor } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import type { DrawnLane, TimelinePicture } from '../../charts/timeline-option.ts';
import { timeTicks } from '../../charts/time-ticks.ts';
import { tickCount, valueAxis } from '../../charts/value-ticks.ts';
import { metricValue } from '../../format/units.ts';
import { useRuns } from '../../stores/runs.ts';
import { isBars, unitOf } from './words.ts';

/** A lane with the positions of its runs. */
export interface RunLane {
  drawn: DrawnLane;
  lines: { run: number; parts: LinePart[] }[];
}

const OVERLAY_HEIGHT = 240;
const LANE_HEIGHT = 104;
/** A value counts as current if its sample is at most this fraction of the view away. */
const REACH = 0.02;

/** The lanes of a comparison, between two edges in pixels. All have the same axis, so that heights can be compared by eye. */
export function useRunLanes(comparison: () => RunComparison, theme: Ref<ChartTheme>): ComputedRef<RunLane[]> {
  return computed(() => {
    const { layout, metric } = comparison();
    const { figures, view, detail, overview } = useRuns();
    const lines = figures.flatMap((one, run) => (one === null ? [] : [{ run, parts: partsOf(run, view, detail, overview) }]));
    const extents = lines.map(({ parts }) => extentOf(parts)).filter((extent) => extent !== null);
    const range = { lo: Math.min(...extents.map(({ lo }) => lo)), hi: Math.max(...extents.map(({ hi }) => hi)) };
    const of = (id: string, top: number, height: number, some: RunLane['lines']): RunLane => ({
      drawn: laneOf({ id, top, height, metric }, some, extents.length > 0 ? range : { lo: 0, hi: 1 }, theme.value),
      lines: some,
    });
    if (layout === 'overlay') return [of('overlay', 0, OVERLAY_HEIGHT, lines)];
    return lines.map((line, index) => of(`run-${line.run}`, index * LANE_HEIGHT, LANE_HEIGHT, [line]));
  });
}

function laneOf(
  { id, top, height, metric }: { id: string; top: number; height: number; metric: string },
  lines: RunLane['lines'],
  { lo, hi }: { lo: number; hi: number },
  theme: ChartTheme,
): DrawnLane {
  const unit = unitOf(metric);
  return {
    id,
    kind: isBars(metric) ? 'bars' : 'lines',
    top,
    height,
    axis: valueAxis(lo, hi, tickCount(height - 16), unit, true),
    // `64 MiB`, not `64.0 MiB`: ticks are round.
    format: (value) => metricValue(unit, value).replace(/\.0+(?= )/, ''),
    lines: lines.map(({ run, parts }) => ({ parts, color: lineColor(theme, run, undefined), opacity: 1, width: 1.5, dash: 'solid' })),
    processes: null,
    flags: [],
  };
}

export function runsPicture(lanes: readonly RunLane[], theme: ChartTheme, plot: { width: number; right: number }): TimelinePicture {
  const { view } = useRuns();
  return {
    ...{ width: plot.width, left: 0, right: plot.right, top: 0, theme, view: { ...view } },
    height: lanes.reduce((sum, { drawn }) => sum + drawn.height, 0),
    ticks: timeTicks(view.from, view.to, plot.right),
    lanes: lanes.map(({ drawn }) => drawn),
  };
}

/** The value of a line at the crosshair, else the last one in view. */
export function readRun(parts: readonly LinePart[], cursor: number | null): Reading | null {
  const { view } = useRuns();
  return cursor === null ? lastReading(parts, view.to) : readAt(parts, cursor, REACH * (view.to - view.from));
}
