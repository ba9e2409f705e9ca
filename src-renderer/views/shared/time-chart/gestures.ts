import { onBeforeUnmount, ref } from 'vue';
import type { Ref } from 'vue';
import type { SessionTime } from '../../../../src-preload/contract/index.ts';
import { followDrag } from '../../../components/base/drag.ts';
import { spanOf } from '../../../stores/timeline-view.ts';
import type { ViewRange } from '../../../stores/timeline-view.ts';
import { pan, rangeBetween, zoom } from './time-plot.ts';
import type { Brush, TimePlot } from './time-plot.ts';

/** Pixels that a press may move and still be a click. */
const CLICK_SLACK = 4;
const WHEEL_STEP = 0.0016;
/** Browsers report a pinch as a wheel with Ctrl and small steps. */
const PINCH_STEP = 0.012;
const LINE_HEIGHT = 16;

export interface GestureOptions {
  plot: TimePlot;
  /** The element over the plot: its left edge is the view's start, its right edge the end. */
  element: Readonly<Ref<HTMLElement | null>>;
  brush: Brush;
  /** Pressed and released at one place. */
  click?: (event: PointerEvent) => void;
}

interface DragState {
  kind: 'pan' | 'brush' | 'pinch';
  startX: number;
  startView: ViewRange;
  moved: boolean;
}

export type Gestures = ReturnType<typeof useGestures>;

/**
 * Pointer gestures over a chart of time: drag to pan; Shift and drag, or drag on the axis, to brush; wheel and pinch to zoom. Escape
 * takes back the drag. Keys are in `keys.ts`.
 */
export function useGestures({ plot, element, brush, click }: GestureOptions) {
  /** The range while it is being brushed. */
  const draft = ref<ViewRange | null>(null);
  const dragging = ref<DragState['kind'] | null>(null);
  const pointers = new Map<number, number>();
  let drag: DragState | null = null;
  const timeAt = timesOf(plot, element);
  const { pointerY, point, leave } = usePointing(plot, element, timeAt, () => drag !== null);

  function down(event: PointerEvent, onAxis = false): void {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event.clientX);
    const kind = pointers.size > 1 ? 'pinch' : onAxis || event.shiftKey ? 'brush' : 'pan';
    const startView = drag?.startView ?? { ...plot.view };
    drag = { kind, startX: event.clientX, startView, moved: false };
    followDrag(event, { move: dragTo, end: release, cancel: () => cancel(event.pointerId) });
  }

  function dragTo(event: PointerEvent): void {
    const before = pointers.get(event.pointerId);
    if (drag === null || before === undefined) return;
    if (!drag.moved && Math.abs(event.clientX - drag.startX) < CLICK_SLACK && drag.kind !== 'pinch') return;
    drag.moved = true;
    dragging.value = drag.kind;
    if (drag.kind === 'pinch') pinch(plot, timeAt, { event, before, pointers });
    else if (drag.kind === 'brush') draft.value = rangeBetween(plot, timeAt(drag.startX), timeAt(event.clientX));
    else panTo(plot, timeAt, drag, event.clientX);
    pointers.set(event.pointerId, event.clientX);
  }

  function release(event: PointerEvent): void {
    pointers.delete(event.pointerId);
    if (pointers.size > 0 || drag === null) return;
    const { kind, moved } = drag;
    const range = draft.value;
    settle();
    if (kind === 'brush' && range !== null) brush.choose(range, { replace: false });
    else if (!moved) click?.(event);
  }

  function cancel(pointer: number): void {
    pointers.delete(pointer);
    if (drag === null) return;
    if (drag.moved && drag.kind !== 'brush') plot.show(drag.startView);
    settle();
  }

  function settle(): void {
    drag = null;
    dragging.value = null;
    draft.value = null;
  }

  // A pointer that is still pressed moves nothing any more.
  onBeforeUnmount(settle);

  function hover(event: PointerEvent): void {
    if (drag === null) point(event);
  }

  return { draft, dragging, pointerY, down, hover, leave, timeAt, wheel: (event: WheelEvent) => wheel(event, plot, element, timeAt) };
}

type TimeAt = (clientX: number, view?: ViewRange) => SessionTime;

function timesOf(plot: TimePlot, element: GestureOptions['element']): TimeAt {
  return (clientX, view = plot.view) => {
    const { left, width } = element.value?.getBoundingClientRect() ?? new DOMRect();
    return view.from + ((clientX - left) / Math.max(1, width)) * spanOf(view);
  };
}

function panTo(plot: TimePlot, timeAt: TimeAt, { startX, startView }: DragState, clientX: number): void {
  const by = timeAt(startX, startView) - timeAt(clientX, startView);
  plot.show({ from: startView.from + by, to: startView.to + by });
}

interface Pinch {
  event: PointerEvent;
  /** Where this pointer was before. */
  before: number;
  pointers: ReadonlyMap<number, number>;
}

/** Two pointers move the times under them together or apart. */
function pinch(plot: TimePlot, timeAt: TimeAt, { event, before, pointers }: Pinch): void {
  const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
  if (other === undefined) return;
  const factor = Math.abs(before - other) / Math.max(8, Math.abs(event.clientX - other));
  zoom(plot, timeAt((event.clientX + other) / 2), Math.min(2, Math.max(0.5, factor)));
}

/** The crosshair follows the pointer, once a frame. */
function usePointing(plot: TimePlot, element: GestureOptions['element'], timeAt: TimeAt, busy: () => boolean) {
  /** Height of the pointer from the top of the window; null: it is not over the lanes. */
  const pointerY = ref<number | null>(null);
  let frame = 0;

  function point({ clientX, clientY, currentTarget }: PointerEvent): void {
    const overLanes = currentTarget === element.value;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      plot.cursor = timeAt(clientX);
      pointerY.value = overLanes ? clientY : null;
    });
  }

  function leave(): void {
    cancelAnimationFrame(frame);
    if (busy()) return;
    plot.cursor = null;
    pointerY.value = null;
  }

  onBeforeUnmount(() => {
    cancelAnimationFrame(frame);
    plot.cursor = null;
  });
  return { pointerY, point, leave };
}

/** Vertical: zooms at the pointer. Horizontal, or with Shift: pans. */
function wheel(event: WheelEvent, plot: TimePlot, element: GestureOptions['element'], timeAt: TimeAt): void {
  event.preventDefault();
  const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_HEIGHT : 1;
  const [across, along] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
  if (!event.ctrlKey && Math.abs(across) > Math.abs(along)) {
    pan(plot, (across * scale * spanOf(plot.view)) / Math.max(1, element.value?.clientWidth ?? 1));
    return;
  }
  zoom(plot, timeAt(event.clientX), Math.exp(along * scale * (event.ctrlKey ? PINCH_STEP : WHEEL_STEP)));
}
