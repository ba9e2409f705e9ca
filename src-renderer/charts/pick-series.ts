import { METRICS } from '../../src-preload/contract/index.ts';
import type { ProcessId, ProcessRow, SeriesInfo } from '../../src-preload/contract/index.ts';
import { QUIET, isKnownMetric, metricStyle } from './lanes.ts';
import type { LaneSpec, MetricStyle } from './lanes.ts';

/** Which values are shown: the sum over the tree, each process by itself, or one process. */
export type Focus = { kind: 'total' } | { kind: 'each' } | { kind: 'process'; process: ProcessId };

export interface LaneLine {
  info: SeriesInfo;
  metric: string;
  process: ProcessId | null;
  /** Ordinal of the process: its colour. null: the sum. */
  ordinal: number | null;
  style: MetricStyle;
}

/** Why a metric of a lane is not drawn. */
export type MissingReason = 'no-agent' | 'tracemalloc-off' | 'not-measured' | 'per-process' | 'no-samples' | 'zero' | 'switched-off';

export interface Missing {
  metric: string;
  reason: MissingReason;
}

export interface LanePick {
  lines: LaneLine[];
  missing: Missing[];
  /** Processes left out of `each`, because a chart of more is not readable. */
  more: number;
}

/** Lines beyond this many processes are left out of `each`. */
export const MOST_PROCESSES = 24;

export interface PickInput {
  series: readonly SeriesInfo[];
  processes: readonly ProcessRow[];
  focus: Focus;
  /** `lane:metric` that the user switched off. */
  off: ReadonlySet<string>;
}

/** The series that a lane shows, and why its other metrics are missing. */
export function pickSeries(lane: LaneSpec, input: PickInput): LanePick {
  const each = input.focus.kind === 'each';
  const candidates = wantedSeries(lane, input).filter(({ samples }) => samples > 0);
  const shown = each ? busiest(candidates) : candidates;
  const live = shown.filter((info) => !isQuiet(info.metric, lane) || (info.max ?? 0) > 0 || (info.min ?? 0) < 0);
  const lines = live
    .filter((info) => !input.off.has(`${lane.id}:${info.metric}`))
    .map((info) => toLine(info, input.processes, each && lane.kind === 'lines'))
    .sort((a, b) => lane.metrics.indexOf(a.metric) - lane.metrics.indexOf(b.metric) || (a.ordinal ?? -1) - (b.ordinal ?? -1));
  const drawn = new Set(lines.map((line) => line.metric));
  const asked = each ? lane.primary : lane.metrics;
  const missing = asked.filter((metric) => !drawn.has(metric)).map((metric) => ({ metric, reason: reasonFor(metric, lane, input, shown) }));
  return { lines, missing, more: countProcesses(candidates) - countProcesses(shown) };
}

function wantedSeries(lane: LaneSpec, { series, processes, focus }: PickInput): SeriesInfo[] {
  const of = (metric: string): SeriesInfo[] => series.filter((info) => info.metric === metric);
  if (focus.kind === 'process') return lane.metrics.flatMap((m) => of(m).filter((info) => info.process === focus.process));
  if (focus.kind === 'each') return lane.primary.flatMap((m) => of(m).filter((info) => info.process !== null));
  return lane.metrics.flatMap((metric) => {
    const own = of(metric);
    const total = own.filter((info) => info.process === null);
    if (total.length > 0) return total;
    // Collections of all processes can be shown side by side; lines without a sum cannot.
    return lane.kind === 'bars' || processes.length <= 1 || own.length === 1 ? own : [];
  });
}

function reasonFor(metric: string, lane: LaneSpec, input: PickInput, shown: readonly SeriesInfo[]): MissingReason {
  if (input.off.has(`${lane.id}:${metric}`)) return 'switched-off';
  if (isQuiet(metric, lane) && shown.some((info) => info.metric === metric)) return 'zero';
  const { focus, processes, series } = input;
  if (!isKnownMetric(metric)) return 'no-samples';
  if (focus.kind === 'total' && METRICS[metric].total === 'none' && series.some((info) => info.metric === metric && info.samples > 0)) {
    return 'per-process';
  }
  const of = focus.kind === 'process' ? processes.filter((process) => process.id === focus.process) : processes;
  if (METRICS[metric].source === 'agent' && !of.some((process) => process.python !== null)) return 'no-agent';
  if (metric === 'traced' || metric === 'traced_peak') return 'tracemalloc-off';
  return METRICS[metric].source === 'agent' ? 'no-samples' : 'not-measured';
}

const isQuiet = (metric: string, lane: LaneSpec): boolean => lane.onlyNonZero === true || QUIET.has(metric);

/** Where processes are shown side by side, colour identifies the process and nothing else. */
function toLine(info: SeriesInfo, processes: readonly ProcessRow[], byProcess: boolean): LaneLine {
  const only = info.process === null && processes.length === 1 ? processes[0] : undefined;
  const style = { ...metricStyle(info.metric), ...(byProcess ? { generation: undefined } : {}) };
  const owner = only ?? processes.find((process) => process.id === info.process);
  return { info, metric: info.metric, process: info.process, ordinal: owner?.ordinal ?? null, style };
}

/** Series of the processes with the highest values. */
function busiest(series: SeriesInfo[]): SeriesInfo[] {
  if (countProcesses(series) <= MOST_PROCESSES) return series;
  const peak = new Map<ProcessId | null, number>();
  for (const { process, max } of series) peak.set(process, Math.max(peak.get(process) ?? 0, max ?? 0));
  const kept = new Set(
    [...peak]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_PROCESSES)
      .map(([process]) => process),
  );
  return series.filter(({ process }) => kept.has(process));
}

const countProcesses = (series: readonly SeriesInfo[]): number => new Set(series.map(({ process }) => process)).size;
