import { METRICS } from '../../src-preload/contract/index.ts';
import type { MetricId, MetricUnit } from '../../src-preload/contract/index.ts';

/** How a lane is drawn. */
export type LaneKind = 'lines' | 'bars' | 'processes' | 'marks';

/** A row of the timeline: metrics of one unit that are read together. */
export interface LaneSpec {
  id: string;
  kind: LaneKind;
  unit: MetricUnit;
  /** The most important first. */
  metrics: readonly string[];
  /** What is drawn for each process when all are shown side by side. */
  primary: readonly string[];
  /** Default height in pixels. */
  height: number;
  /** Shown only once a value differs from zero. */
  onlyNonZero?: boolean;
}

/** Metrics whose line would usually stay on the base line: left out while they are zero. */
export const QUIET: ReadonlySet<string> = new Set(['swap']);

export type Dash = 'solid' | 'dashed' | 'dotted' | 'long-dashed';

export interface MetricStyle {
  dash: Dash;
  /** 1: the process's own colour; less: faded towards the background. */
  strength: number;
  width: number;
  /** Collector generation whose colour is used instead of the process's. */
  generation?: 0 | 1 | 2;
}

const spec = (id: string, kind: LaneKind, height: number, metrics: MetricId[], primary: MetricId[]): LaneSpec => ({
  id,
  kind,
  height,
  metrics,
  primary,
  unit: metrics[0] ? METRICS[metrics[0]].unit : 'count',
});

/** All lanes in their default order. */
export const LANES: readonly LaneSpec[] = [
  spec('marks', 'marks', 40, [], []),
  spec('memory', 'lines', 132, ['rss', 'pss', 'uss', 'swap', 'peak_rss'], ['rss']),
  spec('python', 'lines', 96, ['traced', 'traced_peak', 'py_arenas'], ['traced', 'py_arenas']),
  spec('blocks', 'lines', 72, ['py_blocks'], ['py_blocks']),
  spec('gc', 'bars', 88, ['gc_pause_2', 'gc_pause_1', 'gc_pause_0'], ['gc_pause_2', 'gc_pause_1', 'gc_pause_0']),
  spec('generations', 'lines', 72, ['gc_count_0', 'gc_count_1', 'gc_count_2'], ['gc_count_0']),
  { ...spec('garbage', 'lines', 60, ['garbage'], ['garbage']), onlyNonZero: true },
  spec('cpu', 'lines', 72, ['cpu'], ['cpu']),
  spec('threads', 'lines', 60, ['threads'], ['threads']),
  spec('files', 'lines', 60, ['files', 'sockets'], ['files']),
  spec('processes', 'processes', 72, ['processes'], ['processes']),
];

/** Read together with the pauses for the tooltip of a collection; never drawn. */
export const COLLECTION_FACTS: readonly MetricId[] = [
  'gc_collected_0',
  'gc_collected_1',
  'gc_collected_2',
  'gc_uncollectable_0',
  'gc_uncollectable_1',
  'gc_uncollectable_2',
];

const STYLES: Partial<Record<string, MetricStyle>> = {
  pss: { dash: 'solid', strength: 0.55, width: 1 },
  uss: { dash: 'dotted', strength: 0.8, width: 1.2 },
  swap: { dash: 'long-dashed', strength: 0.6, width: 1 },
  peak_rss: { dash: 'dashed', strength: 0.6, width: 1 },
  traced_peak: { dash: 'dashed', strength: 0.6, width: 1 },
  py_arenas: { dash: 'solid', strength: 0.5, width: 1 },
  sockets: { dash: 'dashed', strength: 0.7, width: 1 },
  gc_count_0: { dash: 'solid', strength: 1, width: 1, generation: 0 },
  gc_count_1: { dash: 'solid', strength: 1, width: 1, generation: 1 },
  gc_count_2: { dash: 'solid', strength: 1, width: 1.4, generation: 2 },
  gc_pause_0: { dash: 'solid', strength: 1, width: 2, generation: 0 },
  gc_pause_1: { dash: 'solid', strength: 1, width: 2, generation: 1 },
  gc_pause_2: { dash: 'solid', strength: 1, width: 2, generation: 2 },
};

const PLAIN: MetricStyle = { dash: 'solid', strength: 1, width: 1.4 };

export const metricStyle = (metric: string): MetricStyle => STYLES[metric] ?? PLAIN;

export const isKnownMetric = (metric: string): metric is MetricId => Object.hasOwn(METRICS, metric);

/** Lanes for metrics that this version does not know, one each: data of a newer file is shown, not hidden. */
export function unknownLanes(metrics: Iterable<string>): LaneSpec[] {
  const unknown = [...new Set(metrics)].filter((metric) => !isKnownMetric(metric)).sort();
  return unknown.map((metric) => ({
    id: `other:${metric}`,
    kind: 'lines',
    unit: 'count',
    metrics: [metric],
    primary: [metric],
    height: 60,
  }));
}

/** All lanes in the user's order; new ones keep their place from the catalogue, unknown ones come last. */
export function orderLanes(lanes: readonly LaneSpec[], order: readonly string[]): LaneSpec[] {
  const place = new Map(order.map((id, index) => [id, index]));
  const natural = new Map(lanes.map((lane, index) => [lane.id, index]));
  const known = lanes.filter((lane) => place.has(lane.id)).sort((a, b) => place.get(a.id)! - place.get(b.id)!);
  for (const lane of lanes) {
    if (place.has(lane.id)) continue;
    const before = known.findLastIndex((other) => natural.get(other.id)! < natural.get(lane.id)!);
    known.splice(before + 1, 0, lane);
  }
  return known;
}
