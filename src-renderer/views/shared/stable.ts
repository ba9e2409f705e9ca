import { computed, onBeforeUnmount, shallowRef, watch } from 'vue';
import type { ComputedRef, ShallowRef, WatchSource } from 'vue';
import type { Milliseconds } from '../../../src-preload/contract/index.ts';
import { language } from '../../format/i18n.ts';

const reads = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * A value that stays the same object while its content is equal, so that components that show it are not re-rendered at each step of a pan.
 */
export function useStable<T>(compute: () => T): ComputedRef<T> {
  return computed<T>((before) => {
    const now = compute();
    return before !== undefined && reads(before, now) ? before : now;
  });
}

/** The same for each of several values by itself. */
export function useStableEach<T>(compute: () => Record<string, T>): ComputedRef<Record<string, T>> {
  return computed<Record<string, T>>((before) => {
    const now = compute();
    for (const [key, value] of Object.entries(now)) {
      const old = before?.[key];
      if (old !== undefined && reads(old, value)) now[key] = old;
    }
    return now;
  });
}

/** A value that is computed at most once in `every` when its sources change: for content that may lag behind the chart. Its words follow the language at once. */
export function useUnhurried<T>(sources: WatchSource<unknown>[], compute: () => T, every: Milliseconds): ShallowRef<T> {
  const value = shallowRef(compute()) as ShallowRef<T>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(sources, () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      value.value = compute();
    }, every);
  });
  watch(language, () => (value.value = compute()));
  onBeforeUnmount(() => clearTimeout(timer));
  return value;
}
