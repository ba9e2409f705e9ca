import type { SessionTime } from '../../src-preload/contract/index.ts';
import { init } from './echarts.ts';
import type { EChartsCoreOption } from './echarts.ts';
import type { Dash } from './lanes.ts';
import { AXIS_WIDTH, DASHES, series, sketch, text, timeScale, timelineOption, valueLabels } from './timeline-option.ts';
import type { Sketched, TimelinePicture } from './timeline-option.ts';

export interface PictureLegend {
  title: string;
  subtitle: string;
  lanes: readonly { id: string; name: string; entries: readonly PictureEntry[] }[];
  /** Rows of markers below the axis. */
  tracks: readonly PictureTrack[];
}

export interface PictureTrack {
  name: string;
  /** In order of time. */
  markers: readonly PictureMarker[];
}

export interface PictureMarker {
  t: SessionTime;
  /** '' where it has none. */
  name: string;
  kind: 'snapshot' | 'mark';
  chosen: boolean;
}

export interface PictureEntry {
  name: string;
  value: string;
  color: string;
  opacity: number;
  dash: Dash;
  block: boolean;
}

const GUTTER = 200;
const HEADER = 54;
const LINE = 15;
const MARGIN = 8;
/** Height of a row of markers; one without any is left out. */
const TRACK = 16;
const PNG_SCALE = 2;
/** Approximate width of a letter of 11 and of 10 pixels: where nothing can be measured, text is cut by it. */
const LETTER = 6.8;
const SMALL_LETTER = 6.2;

/** All lanes with title, axis and legend as an SVG document. */
export function pictureSvg(picture: TimelinePicture, legend: PictureLegend): string {
  const composed = compose(picture, legend);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: composed.width, height: composed.height });
  try {
    chart.setOption(composed.option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** The same as a PNG of twice the size. */
export async function picturePng(picture: TimelinePicture, legend: PictureLegend): Promise<Blob> {
  const composed = compose(picture, legend);
  const canvas = document.createElement('canvas');
  const chart = init(canvas, null, { renderer: 'canvas', devicePixelRatio: PNG_SCALE, width: composed.width, height: composed.height });
  try {
    chart.setOption(composed.option);
    const drawn = chart.renderToCanvas({ pixelRatio: PNG_SCALE, backgroundColor: picture.theme.background });
    const blob = await new Promise<Blob | null>((resolve) => drawn.toBlob(resolve, 'image/png'));
    if (!blob) throw new Error('the browser made no picture');
    return blob;
  } finally {
    chart.dispose();
  }
}

/** Moves the plot aside for the legend and down for title, axis and markers. */
function compose(picture: TimelinePicture, legend: PictureLegend): { option: EChartsCoreOption; width: number; height: number } {
  const isSeen = ({ t }: PictureMarker): boolean => t >= picture.view.from && t <= picture.view.to;
  const tracks = legend.tracks
    .map(({ name, markers }) => ({ name, markers: markers.filter(isSeen) }))
    .filter(({ markers }) => markers.length > 0);
  const top = HEADER + tracks.length * TRACK;
  const moved: TimelinePicture = {
    ...picture,
    width: picture.width + GUTTER,
    height: picture.height + top,
    top,
    left: picture.left + GUTTER,
    right: picture.right + GUTTER,
    lanes: picture.lanes.map((lane) => ({
      ...lane,
      top: lane.top + top,
      processes: lane.processes && {
        ...lane.processes,
        chart: { ...lane.processes.chart, boxes: lane.processes.chart.boxes.map((box) => ({ ...box, x: box.x + GUTTER })) },
      },
    })),
  };
  const { option } = timelineOption(moved);
  const drawn: unknown[] = Array.isArray(option['series']) ? option['series'] : [];
  return {
    width: moved.width,
    height: moved.height + MARGIN,
    option: {
      ...option,
      backgroundColor: picture.theme.background,
      series: [
        ...drawn,
        series(
          'legend',
          1,
          () => [
            ...titleElements(moved, legend),
            ...axisElements(moved),
            ...tracks.flatMap((track, index) => trackElements(moved, track, HEADER + index * TRACK)),
            ...laneLegends(moved, legend),
            ...scaleElements(moved),
          ],
          false,
        ),
      ],
    },
  };
}

function titleElements({ theme, width }: TimelinePicture, { title, subtitle }: PictureLegend): Sketched[] {
  return [
    label(title, MARGIN + 4, 16, width / 2, theme.text, theme.font, { fontWeight: 600, fontSize: 13 }),
    label(subtitle, width - MARGIN, 16, width / 2, theme.textDim, theme.font, { align: 'right' }),
  ];
}

function axisElements(picture: TimelinePicture): Sketched[] {
  const x = timeScale(picture);
  const { theme, ticks, left, right } = picture;
  const line = sketch(
    (pen) => {
      pen.moveTo(left, HEADER - 0.5);
      pen.lineTo(right, HEADER - 0.5);
      for (const { t } of ticks) {
        pen.moveTo(Math.round(x(t)) + 0.5, HEADER - 6);
        pen.lineTo(Math.round(x(t)) + 0.5, HEADER);
      }
    },
    { stroke: theme.axis, lineWidth: 1 },
  );
  return [line, ...ticks.map(({ t, label: name }) => text(name, x(t) + 4, HEADER - 11, 80, theme.axis, theme))];
}

/** A triangle for each snapshot, a diamond for each mark, with as much of its name as there is room for before the next. */
function trackElements(picture: TimelinePicture, { name: title, markers }: PictureTrack, top: number): Sketched[] {
  const x = timeScale(picture);
  const { theme, right } = picture;
  const middle = top + TRACK / 2;
  // Where both are, marks are above snapshots, as in the window: many are of one moment.
  const isMixed = new Set(markers.map(({ kind }) => kind)).size > 1;
  const half = isMixed ? TRACK / 4 : 5;
  const signs = markers.flatMap(({ t, name, kind, chosen }, index): Sketched[] => {
    const color = chosen ? theme.accent : kind === 'mark' ? theme.mark : theme.textDim;
    const at = Math.round(x(t));
    const y = !isMixed ? middle : kind === 'mark' ? top + half : top + TRACK - half;
    const sign = sketch(
      (pen) => {
        pen.moveTo(at, y - half);
        pen.lineTo(at + half, kind === 'mark' ? y : y + half);
        if (kind === 'mark') pen.lineTo(at, y + half);
        pen.lineTo(at - half, kind === 'mark' ? y : y + half);
        pen.lineTo(at, y - half);
      },
      { fill: color, stroke: theme.background, lineWidth: 1 },
    );
    const next = markers[index + 1];
    const room = (next === undefined ? right : x(next.t)) - at - 16;
    return room < 10 || name === '' ? [sign] : [sign, label(name, at + 8, middle, room, color, theme.font, { fontSize: 10 })];
  });
  const shown = cutMiddle(title, Math.floor((GUTTER - 20) / SMALL_LETTER));
  return [label(shown, MARGIN + 4, middle, GUTTER - 20, theme.textDim, theme.font, { fontSize: 10 }), ...signs];
}

const scaleElements = ({ lanes, right, theme }: TimelinePicture): Sketched[] =>
  lanes
    .flatMap(valueLabels)
    .map(({ y, text: value }) => label(value, right + 6, y, AXIS_WIDTH - 8, theme.axis, theme.font, { fontSize: 10 }));

function laneLegends(picture: TimelinePicture, legend: PictureLegend): Sketched[] {
  const { theme } = picture;
  return legend.lanes.flatMap(({ id, name, entries }): Sketched[] => {
    const lane = picture.lanes.find((one) => one.id === id);
    if (!lane) return [];
    const room = Math.max(0, Math.floor((lane.height - 20) / LINE));
    const rows = entries.slice(0, room).flatMap((entry, index) => entryElements(picture, entry, lane.top + 24 + index * LINE));
    return [label(name, MARGIN + 4, lane.top + 11, GUTTER - 20, theme.text, theme.font, { fontWeight: 600 }), ...rows];
  });
}

function entryElements({ theme }: TimelinePicture, entry: PictureEntry, y: number): Sketched[] {
  const left = MARGIN + 4;
  const swatch = sketch(
    (pen) => {
      pen.moveTo(left, y);
      pen.lineTo(left + 16, y);
    },
    { stroke: entry.color, lineWidth: entry.block ? 7 : 2, opacity: entry.opacity, lineDash: DASHES[entry.dash] },
  );
  const room = GUTTER - 12 - left - 22 - entry.value.length * LETTER - 6;
  return [
    swatch,
    label(cutMiddle(entry.name, Math.floor(room / LETTER)), left + 22, y, room, theme.textDim, theme.font, {}),
    label(entry.value, GUTTER - 12, y, GUTTER - 12 - left - 22, theme.text, theme.font, { align: 'right' }),
  ];
}

/** Runs of one program often differ in their last words only. */
function cutMiddle(name: string, letters: number): string {
  if (name.length <= letters) return name;
  const end = Math.floor((letters - 1) / 2);
  return `${name.slice(0, letters - 1 - end).trimEnd()}…${name.slice(name.length - end).trimStart()}`;
}

const label = (content: string, x: number, y: number, width: number, fill: string, font: string, more: object): Sketched => ({
  type: 'text',
  style: {
    text: content,
    x,
    y,
    fill,
    verticalAlign: 'middle',
    fontSize: 11,
    fontFamily: font,
    width,
    overflow: 'truncate',
    ellipsis: '…',
    ...more,
  },
});
