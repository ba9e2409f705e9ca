import { onBeforeUnmount, onMounted } from 'vue';
import type { Ref } from 'vue';
import { useActions } from '../../stores/actions.ts';
import type { Action } from '../../stores/actions.ts';
import { useSelection } from '../../stores/selection.ts';
import { useTimeline } from '../../stores/timeline.ts';
import { spanOf } from '../../stores/timeline-view.ts';

const ZOOM_STEP = 1.4;
/** Shares of the view that an arrow pans, and that it moves the end of the range. */
const PAN_STEP = 0.1;
const RANGE_STEP = 0.02;

/** Where the keyboard zooms: the crosshair where it is in view, else the newest samples where they are followed, else the middle. */
function anchor(): number {
  const { cursor, view, following, until } = useTimeline();
  if (cursor !== null && cursor >= view.from && cursor <= view.to) return cursor;
  return following ? Math.min(until, view.to) : (view.from + Math.min(view.to, Math.max(until, view.from))) / 2;
}

export const zoomIn = (): void => useTimeline().zoom(anchor(), 1 / ZOOM_STEP);
export const zoomOut = (): void => useTimeline().zoom(anchor(), ZOOM_STEP);

export function clearRange(): void {
  useSelection().go({ range: null });
}

export function zoomToRange(): void {
  const timeline = useTimeline();
  if (timeline.range && timeline.range.to > timeline.range.from) timeline.show(timeline.range);
}

/** Moves the end of the range; the first step begins one at the crosshair. Steps of one gesture are one entry of the history. */
function extendRange(direction: -1 | 1): void {
  const timeline = useTimeline();
  const range = timeline.range;
  const from = range?.from ?? anchor();
  const to = (range?.to ?? from) + direction * RANGE_STEP * spanOf(timeline.view);
  const next = { from: Math.max(0, Math.min(from, to)), to: Math.max(0, from, to) };
  useSelection().go({ range: next }, { replace: range !== null });
}

function toEdge(end: boolean): void {
  const timeline = useTimeline();
  const span = spanOf(timeline.view);
  const from = end ? Math.max(0, (timeline.live ? timeline.until : timeline.extent.to) - span) : 0;
  timeline.show({ from, to: from + span });
}

const KEYS: Record<string, () => void> = {
  ArrowLeft: () => useTimeline().pan(-PAN_STEP * spanOf(useTimeline().view)),
  ArrowRight: () => useTimeline().pan(PAN_STEP * spanOf(useTimeline().view)),
  'Shift+ArrowLeft': () => extendRange(-1),
  'Shift+ArrowRight': () => extendRange(1),
  Home: () => toEdge(false),
  End: () => toEdge(true),
};

/** Actions of the timeline: in the palette, the list of shortcuts, and on their keys while the timeline is shown. */
function actions(extra: readonly Action[]): Action[] {
  const action = (id: string, label: string, shortcuts: string[], run: Action['run'], enabled: () => boolean = () => true): Action => ({
    id: `timeline.${id}`,
    group: 'view',
    label: `timeline.${label}`,
    shortcuts,
    enabled,
    run,
  });
  const timeline = useTimeline();
  return [
    action('fit', 'toolbar.fit', ['F'], () => timeline.fit()),
    action(
      'follow',
      'toolbar.follow',
      ['L'],
      () => timeline.follow(!timeline.following),
      () => timeline.live,
    ),
    action('zoom-in', 'toolbar.zoomIn', ['+', '='], zoomIn),
    action('zoom-out', 'toolbar.zoomOut', ['-'], zoomOut),
    action('zoom-range', 'range.zoom', [], zoomToRange, () => timeline.range !== null),
    action('clear-range', 'range.clear', ['Escape'], clearRange, () => timeline.range !== null),
    ...extra,
  ];
}

/** Keys and actions while the timeline is shown. Arrows work in it and where nothing else has the focus. */
export function useKeys(root: Ref<HTMLElement | null>, extra: readonly Action[]): void {
  function press(event: KeyboardEvent): void {
    const target = event.target;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return;
    const inside = target === document.body || root.value?.contains(target) === true;
    if (!inside || target.closest('input, select, textarea, [role="radiogroup"], [role="menu"], [role="dialog"]')) return;
    const run = KEYS[`${event.shiftKey ? 'Shift+' : ''}${event.key}`];
    if (!run) return;
    event.preventDefault();
    run();
  }
  let release = (): void => undefined;
  onMounted(() => {
    release = useActions().register(actions(extra));
    window.addEventListener('keydown', press);
  });
  onBeforeUnmount(() => {
    release();
    window.removeEventListener('keydown', press);
  });
}
