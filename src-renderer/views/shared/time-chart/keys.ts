import { onBeforeUnmount, onMounted } from 'vue';
import type { Ref } from 'vue';
import type { Action } from '../../../stores/actions.ts';
import { usePageActions } from '../page-actions.ts';
import { spanOf } from '../../../stores/timeline-view.ts';
import { anchorOf, pan, rangeBetween, toEdge, zoom } from './time-plot.ts';
import type { Brush, TimePlot } from './time-plot.ts';

const ZOOM_STEP = 1.4;
/** Fractions of the view by which an arrow pans, and by which it moves the end of the range. */
const PAN_STEP = 0.1;
const RANGE_STEP = 0.02;

export const zoomIn = (plot: TimePlot): void => zoom(plot, anchorOf(plot), 1 / ZOOM_STEP);
export const zoomOut = (plot: TimePlot): void => zoom(plot, anchorOf(plot), ZOOM_STEP);

/** Moves the end of the range; the first step begins one at the crosshair. */
function extendRange(plot: TimePlot, { range, choose }: Brush, direction: -1 | 1): void {
  const from = range?.from ?? anchorOf(plot);
  const to = (range?.to ?? from) + direction * RANGE_STEP * spanOf(plot.view);
  choose(rangeBetween(plot, from, to), { replace: range !== null });
}

/** Keys of a chart over time. Without a brush no key makes a range. */
function keysOf(plot: TimePlot, brush: Brush | null): Record<string, () => void> {
  const panning = {
    ArrowLeft: () => pan(plot, -PAN_STEP * spanOf(plot.view)),
    ArrowRight: () => pan(plot, PAN_STEP * spanOf(plot.view)),
    Home: () => toEdge(plot, 'first'),
    End: () => toEdge(plot, 'newest'),
  };
  if (brush === null) return panning;
  return {
    ...panning,
    'Shift+ArrowLeft': () => extendRange(plot, brush, -1),
    'Shift+ArrowRight': () => extendRange(plot, brush, 1),
  };
}

/** The actions of a chart over time: in the palette, in the list of shortcuts and on its keys. */
function zoomActions(plot: TimePlot): Action[] {
  const action = (id: string, label: string, shortcuts: string[], run: Action['run']): Action => ({
    id: `chart.${id}`,
    group: 'view',
    label: `timeline.toolbar.${label}`,
    shortcuts,
    enabled: () => true,
    run,
  });
  return [
    action('fit', 'fit', ['F'], () => plot.fit()),
    action('zoom-in', 'zoomIn', ['+', '='], () => zoomIn(plot)),
    action('zoom-out', 'zoomOut', ['-'], () => zoomOut(plot)),
  ];
}

export interface KeyOptions {
  plot: TimePlot;
  /** The page: arrows work in it and while nothing else has the focus. */
  root: Readonly<Ref<HTMLElement | null>>;
  brush: Brush | null;
  /** What else the page can do. */
  actions: readonly Action[];
}

/** Keys and actions while a chart over time is shown. */
export function useKeys({ plot, root, brush, actions }: KeyOptions): void {
  const keys = keysOf(plot, brush);
  function press(event: KeyboardEvent): void {
    const { target } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return;
    const inside = target === document.body || root.value?.contains(target) === true;
    if (!inside || target.closest('input, select, textarea, [role="radiogroup"], [role="menu"], [role="dialog"]')) return;
    const run = keys[`${event.shiftKey ? 'Shift+' : ''}${event.key}`];
    if (!run) return;
    event.preventDefault();
    run();
  }
  usePageActions([...zoomActions(plot), ...actions]);
  onMounted(() => window.addEventListener('keydown', press));
  onBeforeUnmount(() => window.removeEventListener('keydown', press));
}
