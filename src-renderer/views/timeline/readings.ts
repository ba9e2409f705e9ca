import type { Milliseconds, SeriesId, SessionTime } from '../../../src-preload/contract/index.ts';
import type { LaneLine } from '../../charts/pick-series.ts';
import { ageAt, endsInGap, lastReading, partsOf, readAt } from '../../charts/samples.ts';
import type { LinePart, Reading } from '../../charts/samples.ts';
import { lineToken } from '../../charts/theme.ts';
import type { LegendEntry } from '../../components/timeline/shapes.ts';
import { metricName, processName, readingText, readingTitle } from '../../components/timeline/words.ts';
import { t } from '../../format/i18n.ts';
import { duration, roughly } from '../../format/time.ts';
import { useSessions } from '../../stores/sessions.ts';
import { useTimeline } from '../../stores/timeline.ts';
import { spanOf } from '../../stores/timeline-view.ts';
import type { LaneModel } from './lane-models.ts';

/** A value counts as current if its sample is at most this fraction of the view away. */
const REACH = 0.02;

/** The time of the legends' values: the crosshair's, else the newest in view. */
export function readingTime(): SessionTime {
  const { cursor, view, until } = useTimeline();
  return cursor !== null && cursor >= view.from && cursor <= view.to ? cursor : Math.min(view.to, Math.max(until, view.from));
}

export function linePartsOf(series: SeriesId): LinePart[] {
  const { view, detail, overview } = useTimeline();
  return partsOf(series, view, detail, overview);
}

/** Collections are instants: only one close to the crosshair is read. */
export function readLine(lane: LaneModel, parts: readonly LinePart[], time: SessionTime): Reading | null {
  const { view, cursor, live } = useTimeline();
  const reach = REACH * spanOf(view);
  // The last value counts until there is a newer one; a series that ended while others continue has none.
  if (cursor === null) return live && endsInGap(parts, time) ? null : lastReading(parts, time);
  const reading = readAt(parts, time, reach);
  return lane.spec.kind === 'bars' && reading && Math.abs(reading.t - time) > reach ? null : reading;
}

export const lineCss = (line: LaneLine): string => `var(${lineToken(line.ordinal, line.style.generation)})`;

/** The name of a line in its lane: its metric, or its process where processes are side by side. */
export function lineName(line: LaneLine, lane: LaneModel): string {
  const several = new Set(lane.pick.lines.flatMap((one) => one.process ?? [])).size > 1;
  const process = useSessions().processes.find((one) => one.id === line.process);
  if (!several || !process) return metricName(line.metric);
  const metrics = new Set(lane.pick.lines.map((one) => one.metric)).size;
  return metrics > 1 ? `${process.pid} ${metricName(line.metric)}` : processName(process);
}

/** The legend of a lane with the values at `time`. Bars of all processes share the entry of their generation. */
export function legendOf(lane: LaneModel, time: SessionTime): LegendEntry[] {
  if (lane.spec.kind !== 'bars')
    return lane.pick.lines.map((line) => {
      const parts = linePartsOf(line.info.id);
      const reading = readLine(lane, parts, time);
      return entryOf(lane, line, lineName(line, lane), reading, reading && ageAt(parts, reading, time));
    });
  const metrics = [...new Set(lane.pick.lines.map((line) => line.metric))];
  return metrics.flatMap((metric) => {
    const lines = lane.pick.lines.filter((line) => line.metric === metric);
    const readings = lines.map((line) => readLine(lane, linePartsOf(line.info.id), time));
    const longest = readings.reduce((most, one) => (one && (!most || one.hi > most.hi) ? one : most), null);
    return lines[0] ? [entryOf(lane, lines[0], metricName(metric), longest, null)] : [];
  });
}

function entryOf(lane: LaneModel, line: LaneLine, name: string, reading: Reading | null, age: Milliseconds | null): LegendEntry {
  const title = readingTitle(lane.spec.unit, reading) || t('timeline.noLines');
  return {
    key: String(line.info.id),
    name,
    color: lineCss(line),
    opacity: line.style.strength,
    dash: line.style.dash,
    block: lane.spec.kind === 'bars',
    value: readingText(lane.spec.unit, reading),
    title: age === null ? title : t('timeline.oldValue', { value: title, age: duration(age) }),
    age: age === null ? '' : t('timeline.age', { age: roughly(age) }),
  };
}
