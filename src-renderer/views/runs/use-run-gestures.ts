import { onBeforeUnmount, ref } from 'vue';
import type { Ref } from 'vue';
import { useRuns } from '../../stores/runs.ts';
import { panView, zoomView } from '../../stores/timeline-view.ts';
import type { ViewRange } from '../../stores/timeline-view.ts';

const WHEEL_STEP = 0.0016;
const KEY_STEP = 0.1;
const KEY_ZOOM = 0.7;

/** Pan, zoom and crosshair over the plot of the runs, by pointer and by keys. */
export function useRunGestures(element: Readonly<Ref<HTMLElement | null>>) {
  const runs = useRuns();
  const cursor = ref<number | null>(null);
  const dragging = ref(false);
  let start: { x: number; view: ViewRange } | null = null;
  let frame = 0;

  const box = (): DOMRect => element.value?.getBoundingClientRect() ?? new DOMRect();
  const timeAt = (clientX: number): number => {
    const { left, width } = box();
    return runs.view.from + ((clientX - left) / Math.max(1, width)) * (runs.view.to - runs.view.from);
  };

  function down(event: PointerEvent): void {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    start = { x: event.clientX, view: { ...runs.view } };
  }

  function move(event: PointerEvent): void {
    const { clientX } = event;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      cursor.value = timeAt(clientX);
      if (start === null) return;
      dragging.value = true;
      const perPixel = (start.view.to - start.view.from) / Math.max(1, box().width);
      runs.view = panView(start.view, (start.x - clientX) * perPixel, runs.extent);
    });
  }

  function up(): void {
    start = null;
    dragging.value = false;
  }

  function leave(): void {
    cancelAnimationFrame(frame);
    if (start === null) cursor.value = null;
  }

  function wheel(event: WheelEvent): void {
    // Across pans, along zooms with Ctrl or over the plot itself.
    event.preventDefault();
    const span = runs.view.to - runs.view.from;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY))
      runs.view = panView(runs.view, (event.deltaX * span) / Math.max(1, box().width), runs.extent);
    else runs.view = zoomView(runs.view, timeAt(event.clientX), Math.exp(event.deltaY * WHEEL_STEP), runs.extent);
  }

  const fit = (): void => void (runs.view = { ...runs.extent });

  function key(event: KeyboardEvent): void {
    const next = event.altKey || event.ctrlKey || event.metaKey ? null : steppedBy(event.key, runs.view, runs.extent);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    runs.view = next;
  }

  onBeforeUnmount(() => cancelAnimationFrame(frame));
  return { cursor, dragging, down, move, up, leave, wheel, fit, key };
}

/** Where a key leads; null: it is none of ours. */
function steppedBy(key: string, view: ViewRange, extent: ViewRange): ViewRange | null {
  const span = view.to - view.from;
  const middle = (view.from + view.to) / 2;
  if (key === 'ArrowLeft') return panView(view, -span * KEY_STEP, extent);
  if (key === 'ArrowRight') return panView(view, span * KEY_STEP, extent);
  if (key === '+') return zoomView(view, middle, KEY_ZOOM, extent);
  if (key === '-') return zoomView(view, middle, 1 / KEY_ZOOM, extent);
  return key === 'Home' ? { ...extent } : null;
}
