import type { SessionTime } from '../../../src-preload/contract/index.ts';
import type { MetricUnit } from '../../../src-preload/contract/index.ts';
import { readAt } from '../../charts/samples.ts';
import type { LinePart, Reading } from '../../charts/samples.ts';
import { laneName } from '../../components/timeline/words.ts';
import { useTimeline } from '../../stores/timeline.ts';
import { lineName } from './readings.ts';
import type { LanePicture } from './picture.ts';

export interface SamplesColumn {
  key: string;
  lane: string;
  name: string;
  unit: MetricUnit;
  parts: readonly LinePart[];
  /** Its values are instants, such as collections: they do not apply to other times. */
  instants: boolean;
}

export interface SamplesTable {
  columns: SamplesColumn[];
  times: SessionTime[];
  /** Every row is a sample, not a bucket of them. */
  raw: boolean;
}

/** The points behind the chart: a row for each point of the densest line, with the other lines' values at that time. */
export function samplesTable(pictures: readonly LanePicture[]): SamplesTable {
  const { view, detail } = useTimeline();
  const columns = pictures.flatMap(({ lane, lines }) =>
    lines.map(({ line, parts }) => ({
      key: `${lane.spec.id} ${line.info.id}`,
      lane: laneName(lane.spec),
      name: lineName(line, lane),
      unit: lane.spec.unit,
      parts,
      instants: lane.spec.kind === 'bars',
    })),
  );
  const inView = (column: SamplesColumn): SessionTime[] =>
    column.parts.flatMap(({ window, from, to }) => [...window.t].filter((t) => t >= from && t <= to));
  const times = columns
    .filter((column) => !column.instants)
    .map(inView)
    .reduce((densest, one) => (one.length > densest.length ? one : densest), []);
  return { columns, times: times.filter((t) => t >= view.from && t <= view.to), raw: detail?.raw ?? false };
}

/** The value of a column in a row; null if it has none within `reach`. */
export function sampleAt(column: SamplesColumn, t: SessionTime, reach: number): Reading | null {
  const reading = readAt(column.parts, t, reach);
  return reading && (!column.instants || Math.abs(reading.t - t) <= reach) ? reading : null;
}
