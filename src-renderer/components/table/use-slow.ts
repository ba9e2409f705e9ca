import { onScopeDispose, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import type { Work } from './source.ts';

/** The window's rules: work that takes longer than this is shown, and longer still can be cancelled. */
const SHOW_AFTER_MS = 100;
const CANCEL_AFTER_MS = 500;

/** Work that is worth showing: it has been running for a while. */
export function useSlow(work: () => Work | null): { shown: Ref<boolean>; cancellable: Ref<boolean> } {
  const shown = shallowRef(false);
  const cancellable = shallowRef(false);
  let timers: ReturnType<typeof setTimeout>[] = [];
  const clear = (): void => timers.forEach((timer) => clearTimeout(timer));
  watch(
    () => work() !== null,
    (busy) => {
      clear();
      shown.value = cancellable.value = false;
      timers = busy
        ? [setTimeout(() => (shown.value = true), SHOW_AFTER_MS), setTimeout(() => (cancellable.value = true), CANCEL_AFTER_MS)]
        : [];
    },
    { immediate: true },
  );
  onScopeDispose(clear);
  return { shown, cancellable };
}
