import { computed } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { placeFlags } from '../../charts/flags.ts';
import type { Flag, PlacedFlag } from '../../charts/flags.ts';
import { placeProcesses } from '../../charts/gantt.ts';
import { barsTop, extentOf, partsOf } from '../../charts/samples.ts';
import type { LinePart } from '../../charts/samples.ts';
import type { LaneLine } from '../../charts/pick-series.ts';
import { lineColor } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { flagRows, timeScale } from '../../charts/timeline-option.ts';
import type { DrawnLane, TimelinePicture } from '../../charts/timeline-option.ts';
import { timeTicks } from '../../charts/time-ticks.ts';
import { tickCount, valueAxis } from '../../charts/value-ticks.ts';
import { eventText, eventTone, processName } from '../../components/timeline/words.ts';
import { metricValue } from '../../format/units.ts';
import { useSelection } from '../../stores/selection.ts';
import { useTimeline } from '../../stores/timeline.ts';
import { isFlagged } from './lane-models.ts';
import type { LaneModels, PlacedLane } from './lane-models.ts';

/** A lane as it is drawn, with the parts of each of its lines for reading values. */
export interface LanePicture {
  lane: PlacedLane;
  drawn: DrawnLane;
  lines: { line: LaneLine; parts: LinePart[] }[];
}

export interface Plot {
  width: number;
  left: number;
  right: number;
}

/** The lanes over the current view, between two edges in pixels. */
export function useLanePictures(models: LaneModels, theme: Ref<ChartTheme>, plot: ComputedRef<Plot>): ComputedRef<LanePicture[]> {
  const flags = computed(() => useTimeline().events.filter(isFlagged).map(toFlag));
  const measure = textMeasure(theme);
  return computed(() => models.shown.value.map((lane) => pictureOf(lane, models, theme.value, plot.value, flags.value, measure)));
}

/** Everything that is drawn. */
export function toPicture(pictures: readonly LanePicture[], theme: ChartTheme, plot: Plot, height: number): TimelinePicture {
  const { view } = useTimeline();
  return {
    ...plot,
    height,
    top: 0,
    view: { ...view },
    ticks: timeTicks(view.from, view.to, plot.right - plot.left),
    lanes: pictures.map(({ drawn }) => drawn),
    theme,
  };
}

function pictureOf(
  lane: PlacedLane,
  models: LaneModels,
  theme: ChartTheme,
  plot: Plot,
  flags: readonly Flag[],
  measure: (text: string) => number,
): LanePicture {
  const { view, detail, overview } = useTimeline();
  const { spec } = lane;
  const lines = lane.pick.lines.map((line) => ({ line, parts: partsOf(line.info.id, view, detail, overview) }));
  const extents = lines.map(({ parts }) => extentOf(parts)).filter((extent) => extent !== null);
  const lo = Math.min(...extents.map((extent) => extent.lo));
  // Each line by itself: a full collection is not unusual for being longer than the young ones.
  const tops = spec.kind === 'bars' ? lines.map(({ parts }) => barsTop(parts)).filter((top) => top !== null) : [];
  const hi = Math.max(...(tops.length > 0 ? tops : extents.map((extent) => extent.hi)));
  const known = extents.length > 0;
  const drawn: DrawnLane = {
    id: spec.id,
    kind: spec.kind,
    top: lane.top,
    height: lane.height,
    axis: valueAxis(known ? lo : 0, known ? hi : 1, tickCount(lane.height - 16), spec.unit, !lane.fitted),
    // `64 MiB`, not `64.0 MiB`: ticks are round.
    format: (value) => metricValue(spec.unit, value).replace(/\.0+(?= )/, ''),
    lines: lines.map(({ line, parts }) => ({
      parts,
      color: lineColor(theme, line.ordinal, line.style.generation),
      opacity: line.style.strength,
      width: line.style.width,
      dash: line.style.dash,
    })),
    processes: spec.kind === 'processes' ? processPicture(models, theme, plot) : null,
    flags: spec.kind === 'marks' ? flagPicture(flags, lane.height, plot, measure) : [],
  };
  return { lane, drawn, lines };
}

function processPicture(models: LaneModels, theme: ChartTheme, plot: Plot): DrawnLane['processes'] {
  const { view, until } = useTimeline();
  return {
    chart: placeProcesses(models.processes.value, until, timeScale({ ...plot, view })),
    colorOf: (box) => lineColor(theme, box.process.ordinal, undefined),
    textOf: (box) => processName(box.process),
    selected: useSelection().process,
  };
}

function flagPicture(flags: readonly Flag[], height: number, plot: Plot, measure: (text: string) => number): PlacedFlag[] {
  const x = timeScale({ ...plot, view: useTimeline().view });
  return placeFlags(flags, { width: plot.right - plot.left, rows: flagRows(height), xOf: (t) => x(t) - plot.left, measure });
}

const toFlag = (event: Parameters<typeof eventText>[0]): Flag => ({
  id: event.id,
  t: event.t,
  text: eventText(event),
  tone: eventTone(event),
});

/** Widths of texts, each measured once. */
function textMeasure(theme: Ref<ChartTheme>): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  const known = new Map<string, number>();
  return (text) => {
    let width = known.get(text);
    if (width === undefined) {
      if (context) context.font = `11px ${theme.value.font}`;
      width = Math.ceil(context?.measureText(text).width ?? text.length * 6.5);
      if (known.size > 2000) known.clear();
      known.set(text, width);
    }
    return width;
  };
}
