import type { ProcessId, SeriesId, SessionId, SessionTime } from './units.ts';

/** The unit of a metric: how it is formatted and what its slope means. */
export type MetricUnit = 'bytes' | 'count' | 'ratio' | 'ms';

/** How a lane draws it: a line between samples, or a bar at each. */
export type MetricShape = 'line' | 'bars';

export interface MetricInfo {
  unit: MetricUnit;
  shape: MetricShape;
  /** How values of several processes are combined; `none`: there is no combined value. */
  total: 'sum' | 'none';
  /** Who measures it. */
  source: 'os' | 'agent';
}

const line = (unit: MetricUnit, source: 'os' | 'agent', total: 'sum' | 'none' = 'sum'): MetricInfo => ({
  unit,
  shape: 'line',
  total,
  source,
});
const bars = (unit: MetricUnit): MetricInfo => ({ unit, shape: 'bars', total: 'none', source: 'agent' });

/** Every metric that can be recorded. A stored file may contain others: they are shown by their id. */
export const METRICS = {
  rss: line('bytes', 'os'),
  uss: line('bytes', 'os'),
  pss: line('bytes', 'os'),
  swap: line('bytes', 'os'),
  peak_rss: line('bytes', 'os', 'none'),
  cpu: line('ratio', 'os'),
  threads: line('count', 'os'),
  files: line('count', 'os'),
  sockets: line('count', 'os'),
  processes: line('count', 'os'),
  py_blocks: line('count', 'agent'),
  py_arenas: line('bytes', 'os'),
  traced: line('bytes', 'agent'),
  traced_peak: line('bytes', 'agent', 'none'),
  garbage: line('count', 'agent'),
  gc_count_0: line('count', 'agent', 'none'),
  gc_count_1: line('count', 'agent', 'none'),
  gc_count_2: line('count', 'agent', 'none'),
  gc_pause_0: bars('ms'),
  gc_pause_1: bars('ms'),
  gc_pause_2: bars('ms'),
  gc_collected_0: bars('count'),
  gc_collected_1: bars('count'),
  gc_collected_2: bars('count'),
  gc_uncollectable_0: bars('count'),
  gc_uncollectable_1: bars('count'),
  gc_uncollectable_2: bars('count'),
  /** For a program with thousands of collections per second: how many further collections the samples of this time include, besides one. */
  gc_joined: bars('count'),
} as const satisfies Record<string, MetricInfo>;

export type MetricId = keyof typeof METRICS;

export interface SeriesInfo {
  id: SeriesId;
  session: SessionId;
  /** null: the sum over the process tree. */
  process: ProcessId | null;
  metric: string;
  samples: number;
  first: SessionTime | null;
  last: SessionTime | null;
  min: number | null;
  max: number | null;
}

/** Which part of which series, and for how wide a chart. */
export interface WindowRequest {
  series: SeriesId[];
  from: SessionTime;
  to: SessionTime;
  /** Buckets wanted over the range, about one a pixel; 1 to 8192. */
  buckets: number;
}

/**
 * A series in a window. `raw`: every sample, `hi` is empty and `lo` holds the values. Otherwise one point per bucket: lowest and highest
 * value in it, at the time of its first sample. One sample before and one after the window are included so that lines reach the edges. NaN
 * is a gap (sampling was paused, or the process was gone).
 */
export interface SeriesWindow {
  series: SeriesId;
  raw: boolean;
  t: Float64Array;
  lo: Float64Array;
  hi: Float64Array;
}

/** Figures of one series over a range; null if it has no sample there. Slope is per second, by least squares. */
export interface RangeStats {
  series: SeriesId;
  samples: number;
  start: number | null;
  end: number | null;
  difference: number | null;
  min: number | null;
  max: number | null;
  mean: number | null;
  slope: number | null;
  /** Computed from blocks of samples instead of each one: slope and mean are approximate. */
  approximate: boolean;
}
