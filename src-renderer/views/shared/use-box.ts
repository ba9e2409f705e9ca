import { onBeforeUnmount, onMounted, ref, watchEffect } from 'vue';
import type { Ref } from 'vue';
import { readTheme } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { useApp } from '../../stores/app.ts';

/** Size of an element's content in whole pixels, updated when it changes. */
export function useBox(element: Readonly<Ref<HTMLElement | null>>): { width: Ref<number>; height: Ref<number> } {
  const width = ref(0);
  const height = ref(0);
  let observer: ResizeObserver | null = null;
  onMounted(() => {
    if (!element.value) return;
    observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      width.value = Math.floor(entry.contentRect.width);
      height.value = Math.floor(entry.contentRect.height);
    });
    observer.observe(element.value);
  });
  onBeforeUnmount(() => observer?.disconnect());
  return { width, height };
}

/** Its width alone, known as soon as it is mounted. */
export function useWidth(element: Readonly<Ref<HTMLElement | null>>): Ref<number> {
  const { width } = useBox(element);
  onMounted(() => {
    if (element.value) width.value = Math.floor(element.value.clientWidth);
  });
  return width;
}

/** The theme's colours as a chart needs them; read again when the theme changes. */
export function useChartTheme(): Ref<ChartTheme> {
  const theme = ref(readTheme(document.documentElement));
  watchEffect(
    () => {
      void useApp().theme;
      theme.value = readTheme(document.documentElement);
    },
    { flush: 'post' },
  );
  return theme;
}
