import type { ProcessId, SessionTime } from '../../src-preload/contract/index.ts';
import { SKETCH } from './echarts.ts';
import type { EChartsCoreOption, Painter } from './echarts.ts';
import { DIAMOND, label } from './flags.ts';
import type { PlacedFlag } from './flags.ts';
import { rowHeight } from './gantt.ts';
import type { ProcessBox, ProcessChart } from './gantt.ts';
import type { Dash } from './lanes.ts';
import type { LinePart, TimeRange } from './samples.ts';
import { strokeBars, strokeLine } from './strokes.ts';
import type { Pen, Scale } from './strokes.ts';
import type { ChartTheme } from './theme.ts';
import type { TimeTick } from './time-ticks.ts';
import type { ValueAxis } from './value-ticks.ts';

export interface DrawnLine {
  parts: readonly LinePart[];
  color: string;
  opacity: number;
  width: number;
  dash: Dash;
}

/** A lane that is ready to be drawn; pixels from the top of the chart. */
export interface DrawnLane {
  id: string;
  kind: 'lines' | 'bars' | 'processes' | 'marks';
  top: number;
  height: number;
  axis: ValueAxis;
  format: (value: number) => string;
  lines: readonly DrawnLine[];
  processes: {
    chart: ProcessChart;
    colorOf: (box: ProcessBox) => string;
    textOf: (box: ProcessBox) => string;
    selected: ProcessId | null;
  } | null;
  flags: readonly PlacedFlag[];
}

export interface TimelinePicture {
  width: number;
  height: number;
  /** Where the lanes begin: 0 in the window, below title and axis in a saved image. */
  top: number;
  /** Edges of the plot. */
  left: number;
  right: number;
  view: TimeRange;
  ticks: readonly TimeTick[];
  lanes: readonly DrawnLane[];
  theme: ChartTheme;
}

/** Space above the highest and below the lowest value, so that the labels of neighbouring lanes do not touch. */
const LANE_PADDING = { top: 9, bottom: 7 } as const;

/** Space for the labels of the value axes, right of the plot. */
export const AXIS_WIDTH = 62;

export const DASHES: Record<Dash, number[] | null> = { solid: null, dashed: [4, 3], dotted: [1.5, 2.5], 'long-dashed': [9, 4] };

export interface Sketched {
  type: string;
  shape?: object;
  style?: object;
  x?: number;
  y?: number;
  z2?: number;
  children?: Sketched[];
}

/** The inner rectangle of a lane, where values are drawn. */
export const innerTop = (lane: DrawnLane): number => lane.top + LANE_PADDING.top;
export const innerHeight = (lane: DrawnLane): number => Math.max(4, lane.height - LANE_PADDING.top - LANE_PADDING.bottom);

/** From value to pixels from the top of the picture. */
export function valueScale(lane: DrawnLane): (value: number) => number {
  const bottom = innerTop(lane) + innerHeight(lane);
  const perUnit = innerHeight(lane) / (lane.axis.max - lane.axis.min);
  return (value) => bottom - (value - lane.axis.min) * perUnit;
}

/** From time to pixels from the left edge of the picture. */
export function timeScale({ left, right, view }: Pick<TimelinePicture, 'left' | 'right' | 'view'>): (t: SessionTime) => number {
  const perMs = (right - left) / (view.to - view.from);
  return (t) => left + (t - view.from) * perMs;
}

/** The ticks of a lane's value axis, highest first; pixels from the top of the picture. */
export function valueLabels(lane: DrawnLane): { y: number; text: string }[] {
  if (lane.kind === 'processes' || lane.kind === 'marks') return [];
  const { min, max, interval } = lane.axis;
  const y = valueScale(lane);
  const divisions = Math.round((max - min) / interval);
  return Array.from({ length: divisions + 1 }, (_, index) => max - index * interval).map((value) => ({
    y: y(value),
    text: lane.format(value),
  }));
}

/**
 * The whole timeline as one chart option: one custom series whose single item paints the lanes directly from the windows' arrays. A grid
 * and axes for each lane would cost more than the lines: their labels are elements beside the canvas, or texts in a saved image. As long as
 * `structure` is the same, the chart can be updated without replacing anything.
 */
export function timelineOption(picture: TimelinePicture): { option: EChartsCoreOption; structure: string } {
  const { left, right, height, view } = picture;
  const option: EChartsCoreOption = {
    animation: false,
    backgroundColor: 'transparent',
    grid: { left, width: right - left, top: 0, height, outerBoundsMode: 'none' },
    xAxis: { type: 'value', show: false, min: view.from, max: view.to },
    yAxis: { type: 'value', show: false, min: 0, max: 1 },
    series: [series('timeline', 0, () => timelineElements(picture))],
  };
  return { option, structure: `${picture.width}x${height} ${picture.lanes.map((lane) => lane.id).join(' ')}` };
}

function timelineElements(picture: TimelinePicture): Sketched[] {
  const x = timeScale(picture);
  return [
    ...backdrop(picture, x),
    ...picture.lanes.flatMap((lane) => (lane.kind === 'processes' ? processElements(picture, lane) : laneElements(lane, x))),
    ...flagElements(picture, x),
  ];
}

/** One item that paints everything: ECharts has no data of ours to copy. */
export function series(id: string, z: number, elements: () => Sketched[], clip = true): object {
  return {
    id,
    type: 'custom',
    coordinateSystem: 'cartesian2d',
    z,
    silent: true,
    clip,
    data: [0],
    renderItem: () => ({ type: 'group', children: elements() }),
  };
}

export const sketch = (paint: (pen: Pen) => void, style: object): Sketched => ({
  type: SKETCH,
  shape: { painter: { paint } satisfies Painter },
  style: { fill: null, lineJoin: 'bevel', ...style },
});

function backdrop(picture: TimelinePicture, x: (t: SessionTime) => number): Sketched[] {
  const { theme, ticks, lanes, height, top, left, right } = picture;
  const grid = sketch(
    (pen) => {
      for (const { t } of ticks) {
        const px = Math.round(x(t)) + 0.5;
        pen.moveTo(px, top);
        pen.lineTo(px, height);
      }
      for (const { y } of lanes.flatMap(valueLabels)) {
        pen.moveTo(left, Math.round(y) + 0.5);
        pen.lineTo(right, Math.round(y) + 0.5);
      }
    },
    { stroke: theme.grid, lineWidth: 1 },
  );
  const rules = sketch(
    (pen) => {
      for (const lane of lanes) {
        const py = Math.round(lane.top + lane.height) - 0.5;
        pen.moveTo(left, py);
        pen.lineTo(right, py);
      }
    },
    { stroke: theme.rule, lineWidth: 1 },
  );
  return [grid, rules];
}

function laneElements(lane: DrawnLane, x: (t: SessionTime) => number): Sketched[] {
  const scale: Scale = { x, y: valueScale(lane) };
  const base = innerTop(lane) + innerHeight(lane);
  // The most important line is first in the list and drawn last, above the others.
  return lane.lines.toReversed().map((line) =>
    sketch(
      (pen) => (lane.kind === 'bars' ? strokeBars(pen, line.parts, scale, base, innerTop(lane)) : strokeLine(pen, line.parts, scale)),
      {
        stroke: line.color,
        lineWidth: lineWidth(line),
        opacity: line.opacity,
        lineDash: DASHES[line.dash],
      },
    ),
  );
}

/** A dense line is a pixel wide: wider ones take the software renderer many times as long and do not look better. */
const lineWidth = (line: DrawnLine): number => (line.parts.some(({ window }) => !window.raw) ? Math.min(1, line.width) : line.width);

/** Bars of processes outside of the chart are left out; texts are truncated to the visible part of their bar. */
function processElements(picture: TimelinePicture, lane: DrawnLane): Sketched[] {
  if (!lane.processes) return [];
  const { chart, colorOf, textOf, selected } = lane.processes;
  const step = rowHeight(chart.rows, innerHeight(lane));
  const boxHeight = Math.max(1.5, step - (step > 6 ? 2 : 0.5));
  return chart.boxes.flatMap((box): Sketched[] => {
    const x = Math.max(box.x, picture.left - 2);
    const right = Math.min(box.x + box.width, picture.right + 2);
    if (right <= picture.left || x >= picture.right) return [];
    const y = innerTop(lane) + box.row * step;
    const bar: Sketched = {
      type: 'rect',
      shape: { x, y, width: right - x, height: boxHeight, r: Math.min(2, boxHeight / 3) },
      style: {
        fill: colorOf(box),
        opacity: selected === null || selected === box.process.id ? 0.3 : 0.14,
        stroke: selected === box.process.id ? colorOf(box) : null,
        lineWidth: 1.5,
      },
    };
    const room = right - Math.max(x, picture.left) - 8;
    if (boxHeight < 11 || room < 30) return [bar];
    return [bar, text(textOf(box), Math.max(x, picture.left) + 4, y + boxHeight / 2, room, picture.theme.text, picture.theme)];
  });
}

export const text = (content: string, x: number, y: number, width: number, fill: string, theme: ChartTheme): Sketched => ({
  type: 'text',
  style: {
    text: content,
    x,
    y,
    fill,
    verticalAlign: 'middle',
    fontSize: 11,
    fontFamily: theme.font,
    width,
    overflow: 'truncate',
    ellipsis: '…',
  },
});

/** Hairlines through all lanes, diamonds and texts in their own lane. */
function flagElements(picture: TimelinePicture, x: (t: SessionTime) => number): Sketched[] {
  const lane = picture.lanes.find((one) => one.kind === 'marks');
  if (!lane) return [];
  const rows = flagRows(lane.height);
  const rowStep = (lane.height - 4) / rows;
  return lane.flags.flatMap((placed): Sketched[] => {
    const px = Math.round(x(placed.flag.t)) + 0.5;
    const color = { mark: picture.theme.mark, warning: picture.theme.warning, info: picture.theme.axis }[placed.flag.tone];
    const y = lane.top + 2 + rowStep / 2;
    const strong = placed.flag.tone !== 'info';
    const hairline = sketch(
      (pen) => {
        pen.moveTo(px, strong ? picture.top : lane.top + 2);
        pen.lineTo(px, strong ? picture.height : lane.top + lane.height - 2);
      },
      { stroke: color, lineWidth: 1, opacity: strong ? 0.5 : 0.35 },
    );
    const diamond = sketch((pen) => paintDiamond(pen, px, y), {
      fill: strong ? color : picture.theme.background,
      stroke: color,
      lineWidth: 1,
    });
    if (placed.textWidth === 0) return [hairline, diamond];
    const words = text(
      label(placed),
      px + DIAMOND + 3,
      y + placed.row * rowStep,
      placed.textWidth + 2,
      strong ? color : picture.theme.textDim,
      picture.theme,
    );
    return [hairline, diamond, words];
  });
}

/** Rows of texts that fit into a lane of this height. */
export const flagRows = (height: number): number => Math.max(1, Math.floor((height - 4) / 15));

function paintDiamond(pen: Pen, x: number, y: number): void {
  const size = DIAMOND - 0.5;
  pen.moveTo(x, y - size);
  pen.lineTo(x + size, y);
  pen.lineTo(x, y + size);
  pen.lineTo(x - size, y);
  pen.lineTo(x, y - size);
}
