import { nextTick, ref } from 'vue';
import type { Ref } from 'vue';

const SMALLEST = 0.25;
const LARGEST = 3;
const STEP = 1.25;
/** Browsers report a pinch as a wheel with Ctrl and small steps; one notch of a wheel is about 100 pixels. */
const WHEEL_PX = 400;

export interface Zoom {
  /** Shown pixels for each of the picture. */
  scale: Ref<number>;
  zoomIn: () => void;
  zoomOut: () => void;
  /** The whole drawing, not larger than its natural size. */
  fit: () => void;
  /** With Ctrl or Cmd; without, the wheel scrolls. */
  onWheel: (event: WheelEvent) => void;
  onKeydown: (event: KeyboardEvent) => void;
}

/** Zoom of a drawing in a scrolling box: the point in its middle, or under the pointer, stays in place. */
export function useZoom(scroller: Readonly<Ref<HTMLElement | null>>, size: () => { width: number; height: number }): Zoom {
  const scale = ref(1);

  function zoomTo(wanted: number, x?: number, y?: number): void {
    const box = scroller.value;
    const before = scale.value;
    scale.value = Math.max(SMALLEST, Math.min(LARGEST, wanted));
    if (!box) return;
    const [atX, atY] = [x ?? box.clientWidth / 2, y ?? box.clientHeight / 2];
    const grown = scale.value / before;
    const [left, top] = [(box.scrollLeft + atX) * grown - atX, (box.scrollTop + atY) * grown - atY];
    void nextTick(() => box.scrollTo(left, top));
  }

  const zoomIn = (): void => zoomTo(scale.value * STEP);
  const zoomOut = (): void => zoomTo(scale.value / STEP);
  const fit = (): void => {
    const box = scroller.value;
    if (box) zoomTo(Math.min(1, box.clientWidth / size().width, box.clientHeight / size().height));
  };
  const byKey: Record<string, () => void> = { '+': zoomIn, '=': zoomIn, '-': zoomOut, f: fit };

  return {
    scale,
    zoomIn,
    zoomOut,
    fit,
    onWheel: (event) => {
      const box = scroller.value?.getBoundingClientRect();
      if (!box || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      zoomTo(scale.value * 2 ** (-event.deltaY / WHEEL_PX), event.clientX - box.left, event.clientY - box.top);
    },
    onKeydown: (event) => {
      const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : byKey[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    },
  };
}
