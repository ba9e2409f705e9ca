import type { ProcessRow, SeriesInfo, SessionTime } from '../../../src-preload/contract/index.ts';
import { DIAMOND, label } from '../../charts/flags.ts';
import { boxAt } from '../../charts/gantt.ts';
import { readAt } from '../../charts/samples.ts';
import type { Reading } from '../../charts/samples.ts';
import { innerHeight, innerTop } from '../../charts/timeline-option.ts';
import { clock } from '../../charts/time-ticks.ts';
import type { Tip } from '../../components/timeline/shapes.ts';
import { processName } from '../../components/timeline/words.ts';
import { wordExit } from '../../format/exit.ts';
import { t } from '../../format/i18n.ts';
import { milliseconds } from '../../format/time.ts';
import { count } from '../../format/units.ts';
import { useTimeline } from '../../stores/timeline.ts';
import { linePartsOf } from './readings.ts';
import type { LanePicture } from './picture.ts';

export interface Point {
  /** Pixels from the plot's left edge and from the top of the lanes. */
  x: number;
  y: number;
  t: SessionTime;
}

/** Pixels around the pointer in which something counts as hit. */
const REACH = 6;

function laneAt(pictures: readonly LanePicture[], y: number): LanePicture | undefined {
  return pictures.find(({ lane }) => y >= lane.top && y < lane.top + lane.height);
}

/** The process whose bar is under the point. */
export function processAt(pictures: readonly LanePicture[], point: Point): ProcessRow | null {
  const hit = laneAt(pictures, point.y);
  if (!hit?.drawn.processes) return null;
  return boxAt(hit.drawn.processes.chart, point.x, point.y - innerTop(hit.drawn), innerHeight(hit.drawn))?.process ?? null;
}

/** What is under the pointer: a collection, a process, a flag. Lines are read by the crosshair. */
export function tipAt(pictures: readonly LanePicture[], point: Point, width: number): Tip | null {
  const hit = laneAt(pictures, point.y);
  if (!hit) return null;
  if (hit.lane.spec.kind === 'bars') return collectionTip(hit, point, width);
  if (hit.lane.spec.kind === 'marks') return flagTip(hit, point);
  const process = processAt(pictures, point);
  return process ? processTip(process, point) : null;
}

function collectionTip({ lines }: LanePicture, point: Point, width: number): Tip | null {
  const { view, series } = useTimeline();
  const reach = (REACH / Math.max(1, width)) * (view.to - view.from);
  const near = lines
    .map(({ line, parts }) => ({ line, reading: readAt(parts, point.t, reach) }))
    .filter(
      (one): one is { line: (typeof one)['line']; reading: Reading } => one.reading !== null && Math.abs(one.reading.t - point.t) <= reach,
    )
    .sort((a, b) => Math.abs(a.reading.t - point.t) - Math.abs(b.reading.t - point.t))[0];
  if (!near) return null;
  const generation = near.line.metric.at(-1) ?? '';
  const of = (metric: string): string => {
    const info = series.find((one: SeriesInfo) => one.metric === `${metric}_${generation}` && one.process === near.line.process);
    const reading = info && readAt(linePartsOf(info.id), near.reading.t, 1);
    return reading ? `${reading.exact ? '' : '≤ '}${count(reading.hi)}` : '–';
  };
  return {
    ...point,
    title: t('timeline.collection.title', { generation }),
    facts: [
      { name: t('timeline.collection.duration'), value: milliseconds(near.reading.hi) },
      { name: t('timeline.collection.collected'), value: of('gc_collected') },
      { name: t('timeline.collection.uncollectable'), value: of('gc_uncollectable') },
    ],
    note: near.reading.exact || near.reading.lo === near.reading.hi ? '' : t('timeline.collection.longest'),
  };
}

function flagTip({ drawn }: LanePicture, point: Point): Tip | null {
  const placed = drawn.flags.find((one) => point.x >= one.x - DIAMOND - 2 && point.x <= one.x + DIAMOND + 2 + one.textWidth);
  if (!placed) return null;
  const shown = placed.all.slice(0, 8);
  const more = placed.all.length - shown.length;
  return {
    ...point,
    title: shown.length === 1 ? placed.flag.text : label(placed),
    facts:
      shown.length === 1
        ? [{ name: clock(placed.flag.t, 10), value: '' }]
        : shown.map((flag) => ({ name: clock(flag.t, 10), value: flag.text })),
    note: more > 0 ? t('timeline.menu.more', { n: more }) : '',
  };
}

function processTip(process: ProcessRow, point: Point): Tip {
  const ended = process.end === null ? t('timeline.processTip.running') : clock(process.end, 10);
  return {
    ...point,
    title: processName(process),
    facts: [
      { name: t('timeline.processTip.started'), value: clock(process.start, 10) },
      { name: t('timeline.processTip.ended'), value: ended },
      ...(process.end === null ? [] : [{ name: t('timeline.processTip.exit'), value: wordExit('ended', process.exit).text }]),
    ],
    note: process.command,
  };
}
