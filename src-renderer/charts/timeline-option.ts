import type { SessionTime } from '../../src-preload/contract/index.ts';
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

/** A lane that is ready to be drawn; pixels from the top of the picture. */
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
    selected: number | null;
  } | null;
  flags: readonly PlacedFlag[];
}

export interface TimelinePicture {
  width: number;
  height: number;
  /** Where the lanes begin: 0 in the window, below title and axis in a saved picture. */
  top: number;
  /** Edges of the plot. */
  left: number;
  right: number;
  view: TimeRange;
  ticks: readonly TimeTick[];
  lanes: readonly DrawnLane[];
  theme: ChartTheme;
}

/** Room above the highest and below the lowest value, so that the labels of neighbouring lanes do not touch. */
export const LANE_PADDING = { top: 9, bottom: 7 } as const;

/** Room for the labels of the value axes, right of the plot. */
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

/**
 * The whole timeline as one chart option. Grids and value axes are ECharts' own; each lane is one custom series that
 * paints straight from the windows' arrays. The same `structure` can be drawn over without replacing anything.
 */
export function timelineOption(picture: TimelinePicture): { option: EChartsCoreOption; structure: string } {
  const plotted = picture.lanes.filter((lane) => lane.kind === 'lines' || lane.kind === 'bars');
  const scale = timeScale(picture);
  const others = picture.lanes.filter((lane) => lane.kind === 'processes' || lane.kind === 'marks');
  const option: EChartsCoreOption = {
    animation: false,
    backgroundColor: 'transparent',
    grid: [wholeGrid(picture), ...plotted.map((lane) => laneGrid(picture, lane))],
    xAxis: [-1, ...plotted.keys()]
      .map((index) => index + 1)
      .map((gridIndex) => ({
        id: `x${gridIndex}`,
        gridIndex,
        type: 'value',
        show: false,
        min: picture.view.from,
        max: picture.view.to,
      })),
    yAxis: [
      { id: 'y0', gridIndex: 0, type: 'value', show: false, min: 0, max: 1 },
      ...plotted.map((lane, index) => valueAxisOption(picture, lane, index + 1)),
    ],
    series: [
      series('backdrop', 0, 0, () => backdrop(picture, scale)),
      ...plotted.map((lane, index) => series(`lane-${lane.id}`, index + 1, 2, () => laneElements(lane, scale))),
      series('above', 0, 3, () => [...others.flatMap((lane) => processElements(picture, lane)), ...flagElements(picture, scale)]),
    ],
  };
  return { option, structure: `${picture.width}x${picture.height} ${picture.lanes.map((lane) => lane.id).join(' ')}` };
}

const wholeGrid = ({ left, right, height }: TimelinePicture): object => ({
  id: 'g0',
  left,
  width: right - left,
  top: 0,
  height,
  outerBoundsMode: 'none',
});

const laneGrid = ({ left, right }: TimelinePicture, lane: DrawnLane): object => ({
  id: `g-${lane.id}`,
  left,
  width: right - left,
  top: innerTop(lane),
  height: innerHeight(lane),
  outerBoundsMode: 'none',
});

function valueAxisOption({ theme }: TimelinePicture, lane: DrawnLane, gridIndex: number): object {
  return {
    id: `y${gridIndex}`,
    gridIndex,
    type: 'value',
    position: 'right',
    ...lane.axis,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      color: theme.axis,
      fontSize: 10,
      fontFamily: theme.font,
      margin: 6,
      formatter: lane.format,
      showMinLabel: true,
      showMaxLabel: true,
    },
    splitLine: { lineStyle: { color: theme.grid, width: 1 } },
  };
}

/** One item that paints everything: ECharts has no data of ours to copy. */
export function series(id: string, axis: number, z: number, elements: () => Sketched[], clip = true): object {
  return {
    id,
    type: 'custom',
    coordinateSystem: 'cartesian2d',
    xAxisIndex: axis,
    yAxisIndex: axis,
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
  const uprights = sketch(
    (pen) => {
      for (const { t } of ticks) {
        const px = Math.round(x(t)) + 0.5;
        pen.moveTo(px, top);
        pen.lineTo(px, height);
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
  return [uprights, rules];
}

function laneElements(lane: DrawnLane, x: (t: SessionTime) => number): Sketched[] {
  const scale: Scale = { x, y: valueScale(lane) };
  const base = innerTop(lane) + innerHeight(lane);
  // The most important line is first in the list and drawn last, above the others.
  return lane.lines.toReversed().map((line) =>
    sketch((pen) => (lane.kind === 'bars' ? strokeBars(pen, line.parts, scale, base) : strokeLine(pen, line.parts, scale)), {
      stroke: line.color,
      lineWidth: line.width,
      opacity: line.opacity,
      lineDash: DASHES[line.dash],
    }),
  );
}

/** Bars of processes outside of the picture are left out; texts are cut to what is visible of their bar. */
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

/** Rows of texts that a lane of this height holds. */
export const flagRows = (height: number): number => Math.max(1, Math.floor((height - 4) / 15));

function paintDiamond(pen: Pen, x: number, y: number): void {
  const size = DIAMOND - 0.5;
  pen.moveTo(x, y - size);
  pen.lineTo(x + size, y);
  pen.lineTo(x, y + size);
  pen.lineTo(x - size, y);
  pen.lineTo(x, y - size);
}
