import type { MenuEntry } from '../../components/base/menu.ts';
import { laneName, metricName, missingReason } from '../../components/timeline/words.ts';
import { t } from '../../format/i18n.ts';
import { useLanes } from '../../stores/timeline-lanes.ts';
import type { LaneModel, PlacedLane } from './lane-models.ts';

const HEIGHT_STEP = 24;

/** The menu of one lane: its metrics, why others are missing, its place, its scale. */
export function laneMenu(lane: LaneModel): MenuEntry[] {
  const { layout } = useLanes();
  const off = lane.pick.missing.filter(({ reason }) => reason === 'switched-off').map(({ metric }) => metric);
  const drawn = new Set(lane.pick.lines.map((line) => line.metric));
  const choosable = lane.spec.metrics.filter((metric) => drawn.has(metric) || off.includes(metric));
  const absent = lane.pick.missing.filter(({ reason }) => reason !== 'switched-off');
  const metrics: MenuEntry[] = choosable.map((metric) => ({
    kind: 'item',
    id: `metric:${metric}`,
    text: metricName(metric),
    checked: !layout.off.includes(`${lane.spec.id}:${metric}`),
  }));
  const missing: MenuEntry[] = absent.map(({ metric, reason }) => ({
    kind: 'item',
    id: `absent:${metric}`,
    text: `${metricName(metric)}: ${missingReason(reason)}`,
    disabled: true,
    title: missingReason(reason),
  }));
  return [
    ...section(t('timeline.menu.metrics'), choosable.length > 1 || off.length > 0 ? metrics : []),
    ...section(t('timeline.menu.notShown'), missing),
    ...(lane.spec.kind === 'lines'
      ? [{ kind: 'item' as const, id: 'zero', text: t('timeline.menu.fromZero'), checked: !lane.fitted }]
      : []),
    { kind: 'item', id: 'up', text: t('timeline.menu.up'), icon: 'up' },
    { kind: 'item', id: 'down', text: t('timeline.menu.down'), icon: 'down' },
    { kind: 'item', id: 'taller', text: t('timeline.menu.taller') },
    { kind: 'item', id: 'shorter', text: t('timeline.menu.shorter') },
    { kind: 'separator' },
    { kind: 'item', id: 'hide', text: t('timeline.menu.hide'), icon: 'close' },
  ];
}

const section = (title: string, entries: MenuEntry[]): MenuEntry[] =>
  entries.length === 0 ? [] : [{ kind: 'label', text: title }, ...entries, { kind: 'separator' }];

export function chooseInLane(lane: LaneModel, choice: string, shown: readonly PlacedLane[]): void {
  const lanes = useLanes();
  const id = lane.spec.id;
  if (choice.startsWith('metric:')) {
    const metric = choice.slice('metric:'.length);
    lanes.setMetric(id, metric, lanes.layout.off.includes(`${id}:${metric}`));
  } else if (choice === 'zero') lanes.setFitted(id, !lane.fitted);
  else if (choice === 'up') moveLane(id, -1, shown);
  else if (choice === 'down') moveLane(id, 1, shown);
  else if (choice === 'taller') lanes.setHeight(id, lane.height + HEIGHT_STEP);
  else if (choice === 'shorter') lanes.setHeight(id, lane.height - HEIGHT_STEP);
  else if (choice === 'hide') lanes.setHidden(id, true);
}

/** One place up or down among the lanes that are shown. */
export function moveLane(id: string, by: -1 | 1, shown: readonly PlacedLane[]): void {
  const ids = shown.map((lane) => lane.spec.id);
  const target = ids[ids.indexOf(id) + by];
  if (target !== undefined) useLanes().move(ids, id, target);
}

function absence({ spec, pick }: LaneModel): string {
  if (spec.kind === 'processes') return t('timeline.missing.one-process');
  if (spec.kind === 'marks') return t('timeline.missing.no-events');
  return missingReason(pick.missing[0]?.reason ?? 'no-samples');
}

/** The menu of all lanes: which are shown, and why a lane has nothing to show. */
export function lanesMenu(all: readonly LaneModel[]): MenuEntry[] {
  return [
    ...all.map((lane): MenuEntry => {
      const reason = lane.present ? '' : absence(lane);
      return {
        kind: 'item',
        id: lane.spec.id,
        text: laneName(lane.spec),
        checked: lane.present && !lane.hidden,
        disabled: !lane.present,
        hint: reason,
        title: reason,
      };
    }),
    { kind: 'separator' },
    { kind: 'item', id: 'reset', text: t('timeline.toolbar.resetLanes') },
  ];
}

export function chooseLane(all: readonly LaneModel[], id: string): void {
  const lanes = useLanes();
  if (id === 'reset') return lanes.reset();
  const lane = all.find((one) => one.spec.id === id);
  if (lane) lanes.setHidden(id, !lane.hidden);
}
