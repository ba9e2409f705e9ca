import { computed, watch } from 'vue';
import type { ComputedRef } from 'vue';
import type { EventRow, ProcessId, ProcessRow, SeriesId } from '../../../src-preload/contract/index.ts';
import { COLLECTION_FACTS, LANES, orderLanes, unknownLanes } from '../../charts/lanes.ts';
import type { LaneSpec } from '../../charts/lanes.ts';
import { pickSeries } from '../../charts/pick-series.ts';
import type { Focus, LanePick } from '../../charts/pick-series.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSessions } from '../../stores/sessions.ts';
import { useTimeline } from '../../stores/timeline.ts';
import { useLanes } from '../../stores/timeline-lanes.ts';

/** A lane with its possible content. */
export interface LaneModel {
  spec: LaneSpec;
  pick: LanePick;
  /** There is something to draw. */
  present: boolean;
  hidden: boolean;
  height: number;
  /** The scale follows the data instead of starting at zero. */
  fitted: boolean;
}

export interface PlacedLane extends LaneModel {
  id: string;
  top: number;
}

export interface LaneModels {
  focus: ComputedRef<Focus>;
  /** Every lane of the catalogue and of the file, in the user's order. */
  all: ComputedRef<LaneModel[]>;
  /** The shown ones, from top to bottom. */
  shown: ComputedRef<PlacedLane[]>;
  height: ComputedRef<number>;
  series: ComputedRef<SeriesId[]>;
  processes: ComputedRef<ProcessRow[]>;
}

/** Without those that the process lane or the row of snapshots already shows. */
export const isFlagged = ({ kind }: EventRow): boolean => kind !== 'process-start' && kind !== 'agent-connected' && kind !== 'snapshot';

/** The lanes of the current session; also tells the store which series they need. */
export function useLaneModels(): LaneModels {
  const timeline = useTimeline();
  const lanes = useLanes();
  const processes = computed(() =>
    timeline.of ? useSessions().processes.filter((process) => process.session === timeline.of?.session) : [],
  );
  const focus = computed(() => focusOf(useSelection().process, lanes.layout.each, processes.value));
  const all = computed(() => {
    const catalogue = [...LANES, ...unknownLanes(timeline.series.map((info) => info.metric))];
    return orderLanes(catalogue, lanes.layout.order).map((spec) => modelOf(spec, focus.value, processes.value));
  });
  const shown = computed(() => {
    let top = 0;
    return all.value
      .filter((lane) => lane.present && !lane.hidden)
      .map((lane): PlacedLane => {
        top += lane.height;
        return { ...lane, id: lane.spec.id, top: top - lane.height };
      });
  });
  const height = computed(() => shown.value.reduce((sum, lane) => sum + lane.height, 0));
  const series = computed(() => seriesOf(shown.value));
  watch(series, (ids) => timeline.arrange(ids, timeline.width), { immediate: true });
  return { focus, all, shown, height, series, processes };
}

function focusOf(chosen: ProcessId | null, each: boolean, processes: readonly ProcessRow[]): Focus {
  if (chosen !== null && processes.some((process) => process.id === chosen)) return { kind: 'process', process: chosen };
  return { kind: each && processes.length > 1 ? 'each' : 'total' };
}

function modelOf(spec: LaneSpec, focus: Focus, processes: readonly ProcessRow[]): LaneModel {
  const timeline = useTimeline();
  const { layout } = useLanes();
  const pick = pickSeries(spec, { series: timeline.series, processes, focus, off: new Set(layout.off) });
  return {
    spec,
    pick,
    present: isPresent(spec, pick, processes),
    hidden: layout.hidden.includes(spec.id),
    height: layout.heights[spec.id] ?? spec.height,
    fitted: layout.fitted.includes(spec.id),
  };
}

function isPresent(spec: LaneSpec, pick: LanePick, processes: readonly ProcessRow[]): boolean {
  if (spec.kind === 'marks') return useTimeline().events.some(isFlagged);
  if (spec.kind === 'processes') return processes.length > 1;
  // A lane whose metrics are all switched off stays: otherwise there would be no menu to switch them on.
  return pick.lines.length > 0 || pick.missing.some(({ reason }) => reason === 'switched-off');
}

/** The series that the lanes draw, and those for the tooltip of a collection. */
function seriesOf(shown: readonly LaneModel[]): SeriesId[] {
  const drawn = shown.flatMap((lane) => lane.pick.lines);
  const collectors = new Set(drawn.filter((line) => line.metric.startsWith('gc_pause_')).map((line) => line.process));
  const facts = useTimeline().series.filter(
    (info) => collectors.has(info.process) && COLLECTION_FACTS.some((metric) => metric === info.metric) && info.samples > 0,
  );
  return [...new Set([...drawn.map((line) => line.info.id), ...facts.map((info) => info.id)])];
}
