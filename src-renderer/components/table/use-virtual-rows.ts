import { computed, onBeforeUnmount, onMounted, ref, toValue, watch } from 'vue';
import type { ComputedRef, MaybeRefOrGetter, Ref } from 'vue';

const ROW_HEIGHT = 22;
export const HEADER_HEIGHT = 24;
/**
 * Beyond this the scroll position is scaled. Chromium caps an element at 33.5 million pixels, but draws with 24-bit fractions: from some 8
 * million on rows are cut and shifted by a pixel.
 */
export const TALLEST = 4_000_000;
const OVERSCAN = 6;
/** For a wheel that counts in lines, as in Firefox. */
const LINE = 3 * ROW_HEIGHT;

export interface VirtualRows {
  /** Height of the scrolled canvas in pixels. */
  height: ComputedRef<number>;
  /** Where the drawn rows begin on the canvas. */
  top: ComputedRef<number>;
  first: ComputedRef<number>;
  /** One beyond the last drawn row. */
  end: ComputedRef<number>;
  /** Most rows that are drawn: the row at `index` uses the element number `index % slots`, so that scrolling creates none. */
  slots: ComputedRef<number>;
  /** Whole rows that fit. */
  page: ComputedRef<number>;
  onScroll: () => void;
  reveal: (index: number) => void;
  toTop: () => void;
}

/** Position of row 0, in rows' pixels, for a scroll position: the same until the canvas is too tall. */
export function virtualOffset(scrollTop: number, total: number, viewport: number): number {
  if (total <= TALLEST) return scrollTop;
  return (scrollTop * (total - viewport)) / (TALLEST - viewport);
}

export function scrollTopFor(offset: number, total: number, viewport: number): number {
  if (total <= TALLEST) return offset;
  return (offset * (TALLEST - viewport)) / (total - viewport);
}

/** Rows of equal height: which of them are visible is arithmetic, for any number of them. */
export function useVirtualRows(scroller: Ref<HTMLElement | undefined>, count: MaybeRefOrGetter<number>): VirtualRows {
  const scrollTop = ref(0);
  const viewport = ref(0);
  /**
   * On a scaled canvas one pixel represents several: positions reached by wheel and keys are kept exactly, until the scrollbar moves on.
   */
  const exact = ref<{ scrollTop: number; offset: number } | null>(null);
  const total = computed(() => toValue(count) * ROW_HEIGHT);
  const scaled = computed(() => total.value > TALLEST);
  const offset = computed(() =>
    exact.value?.scrollTop === scrollTop.value ? exact.value.offset : virtualOffset(scrollTop.value, total.value, viewport.value),
  );
  const first = computed(() => Math.max(0, Math.floor(offset.value / ROW_HEIGHT) - OVERSCAN));
  const end = computed(() => Math.min(toValue(count), Math.ceil((offset.value + viewport.value) / ROW_HEIGHT) + OVERSCAN));

  const measure = (): void => {
    const element = scroller.value;
    if (element === undefined) return;
    viewport.value = Math.max(0, element.clientHeight - HEADER_HEIGHT);
    scrollTop.value = element.scrollTop;
  };

  const goTo = (wanted: number): void => {
    const element = scroller.value;
    if (element === undefined) return;
    const bounded = Math.max(0, Math.min(wanted, total.value - viewport.value));
    element.scrollTop = scrollTopFor(bounded, total.value, viewport.value);
    exact.value = scaled.value ? { scrollTop: element.scrollTop, offset: bounded } : null;
    measure();
  };

  const onWheel = (event: WheelEvent): void => {
    if (event.ctrlKey || event.shiftKey || event.deltaY === 0) return;
    event.preventDefault();
    goTo(offset.value + event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE));
  };

  useMeasured(scroller, measure);
  onMounted(() => {
    // Only then, since a listener that may call preventDefault keeps the browser from scrolling by itself.
    watch(
      scaled,
      (is) =>
        is ? scroller.value?.addEventListener('wheel', onWheel, { passive: false }) : scroller.value?.removeEventListener('wheel', onWheel),
      { immediate: true },
    );
  });

  const reveal = (index: number): void => {
    const from = index * ROW_HEIGHT;
    const to = from + ROW_HEIGHT - viewport.value;
    if (from < offset.value) goTo(from);
    else if (to > offset.value) goTo(to);
  };

  return {
    height: computed(() => Math.min(total.value, TALLEST)),
    top: computed(() => Math.round(scrollTop.value + first.value * ROW_HEIGHT - offset.value)),
    first,
    end,
    slots: computed(() => Math.ceil(viewport.value / ROW_HEIGHT) + 2 + 2 * OVERSCAN),
    page: computed(() => Math.max(1, Math.floor(viewport.value / ROW_HEIGHT) - 1)),
    onScroll: measure,
    reveal,
    toTop: () => goTo(0),
  };
}

/** Measures when mounted and whenever the size of the element changes. */
function useMeasured(element: Ref<HTMLElement | undefined>, measure: () => void): void {
  const observer = new ResizeObserver(measure);
  onMounted(() => {
    measure();
    if (element.value !== undefined) observer.observe(element.value);
  });
  onBeforeUnmount(() => observer.disconnect());
}
