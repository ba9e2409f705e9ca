import { onBeforeUnmount, ref } from 'vue';
import type { Ref } from 'vue';
import type { SessionTime } from '../../../src-preload/contract/index.ts';
import { useSelection } from '../../stores/selection.ts';
import { useTimeline } from '../../stores/timeline.ts';
import type { ViewRange } from '../../stores/timeline-view.ts';

/** Pixels that a press may move and still be a click. */
const CLICK_SLACK = 4;
const WHEEL_STEP = 0.0016;
/** Browsers report a pinch as a wheel with Ctrl and small steps. */
const PINCH_STEP = 0.012;
const LINE_HEIGHT = 16;

export interface GestureOptions {
  /** The element over the plot: its left edge is the view's start, its right edge the end. */
  element: Readonly<Ref<HTMLElement | null>>;
  click: (event: PointerEvent) => void;
}

interface Drag {
  kind: 'pan' | 'brush' | 'pinch';
  startX: number;
  startView: ViewRange;
  moved: boolean;
}

/** Pointer gestures over the plot: pan, brush, wheel and pinch zoom. Keys are in `keys.ts`. */
export function useGestures({ element, click }: GestureOptions) {
  const timeline = useTimeline();
  /** The range while it is being brushed. */
  const draft = ref<ViewRange | null>(null);
  const dragging = ref<Drag['kind'] | null>(null);
  const pointers = new Map<number, number>();
  let drag: Drag | null = null;
  const timeAt = timesOf(element);
  const { pointerY, point, leave } = usePointing(element, timeAt, () => drag !== null);

  function down(event: PointerEvent, brush: boolean): void {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event.clientX);
    const kind = pointers.size > 1 ? 'pinch' : brush || event.shiftKey ? 'brush' : 'pan';
    drag = { kind, startX: event.clientX, startView: { ...timeline.view }, moved: false };
  }

  function move(event: PointerEvent): void {
    if (!drag) return point(event);
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    if (!drag.moved && Math.abs(event.clientX - drag.startX) < CLICK_SLACK && drag.kind !== 'pinch') return;
    drag.moved = true;
    dragging.value = drag.kind;
    if (drag.kind === 'pinch') pinch(event, before);
    else if (drag.kind === 'brush') draft.value = ordered(timeAt(drag.startX), timeAt(event.clientX));
    else panTo(drag, event.clientX);
    pointers.set(event.pointerId, event.clientX);
  }

  function panTo({ startX, startView }: Drag, clientX: number): void {
    const by = timeAt(startX, startView) - timeAt(clientX, startView);
    timeline.show({ from: startView.from + by, to: startView.to + by });
  }

  function pinch(event: PointerEvent, before: number): void {
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) return;
    const factor = Math.abs(before - other) / Math.max(8, Math.abs(event.clientX - other));
    timeline.zoom(timeAt((event.clientX + other) / 2), Math.min(2, Math.max(0.5, factor)));
  }

  function up(event: PointerEvent): void {
    pointers.delete(event.pointerId);
    const ended = drag;
    if (pointers.size > 0 || !ended) return;
    drag = null;
    dragging.value = null;
    if (ended.kind === 'brush' && draft.value) useSelection().go({ range: draft.value });
    else if (!ended.moved && event.type === 'pointerup') click(event);
    draft.value = null;
  }

  return { draft, dragging, pointerY, down, move, up, leave, timeAt, wheel: (event: WheelEvent) => wheel(event, element, timeAt) };
}

type TimeAt = (clientX: number, view?: ViewRange) => SessionTime;

function timesOf(element: Readonly<Ref<HTMLElement | null>>): TimeAt {
  return (clientX, view = useTimeline().view) => {
    const { left, width } = element.value?.getBoundingClientRect() ?? new DOMRect();
    return view.from + ((clientX - left) / Math.max(1, width)) * (view.to - view.from);
  };
}

/** The crosshair follows the pointer, once a frame. */
function usePointing(element: Readonly<Ref<HTMLElement | null>>, timeAt: TimeAt, busy: () => boolean) {
  const timeline = useTimeline();
  /** Height of the pointer from the top of the window; null: it is not over the lanes. */
  const pointerY = ref<number | null>(null);
  let frame = 0;

  function point({ clientX, clientY, currentTarget }: PointerEvent): void {
    const overLanes = currentTarget === element.value;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      timeline.cursor = timeAt(clientX);
      pointerY.value = overLanes ? clientY : null;
    });
  }

  function leave(): void {
    cancelAnimationFrame(frame);
    if (busy()) return;
    timeline.cursor = null;
    pointerY.value = null;
  }

  onBeforeUnmount(() => {
    cancelAnimationFrame(frame);
    timeline.cursor = null;
  });
  return { pointerY, point, leave };
}

/** Along: zooms at the pointer. Across, or with Shift: pans. */
function wheel(event: WheelEvent, element: Readonly<Ref<HTMLElement | null>>, timeAt: TimeAt): void {
  event.preventDefault();
  const timeline = useTimeline();
  const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_HEIGHT : 1;
  const [across, along] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
  if (!event.ctrlKey && Math.abs(across) > Math.abs(along)) {
    const width = Math.max(1, element.value?.clientWidth ?? 1);
    timeline.pan((across * scale * (timeline.view.to - timeline.view.from)) / width);
    return;
  }
  timeline.zoom(timeAt(event.clientX), Math.exp(along * scale * (event.ctrlKey ? PINCH_STEP : WHEEL_STEP)));
}

const ordered = (a: SessionTime, b: SessionTime): ViewRange => ({ from: Math.max(0, Math.min(a, b)), to: Math.max(0, a, b) });
