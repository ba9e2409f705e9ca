import { onScopeDispose, shallowRef, watch } from 'vue';
import type { Grouping, SnapshotRef } from '../../../../src-preload/contract/index.ts';
import { useHeap } from '../../../stores/heap.ts';

/** Rows that arrive within this time are requested together. */
const GATHER_MS = 60;

/**
 * Counts of groups over the snapshots of a process: requested for the loaded rows, a page at a time, after the rows themselves. A failure
 * leaves the sparklines empty: nothing else depends on them.
 */
export function useHistories(of: () => SnapshotRef | null, by: () => Grouping) {
  const known = shallowRef<ReadonlyMap<number, readonly (number | null)[]>>(new Map());
  const asked = new Set<number>();
  let wanted: number[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = new AbortController();

  function begin(): void {
    clearTimeout(timer);
    running.abort();
    running = new AbortController();
    wanted = [];
    asked.clear();
    known.value = new Map();
  }

  async function send(): Promise<void> {
    const ref = of();
    const keys = wanted;
    const { signal } = running;
    wanted = [];
    if (ref === null || keys.length === 0) return;
    const found = await useHeap()
      .ask('heap.history', { ...ref, by: by(), keys }, { signal })
      .catch(() => null);
    if (found === null || signal.aborted) return;
    known.value = new Map([...known.value, ...found.rows.map((row) => [row.key, row.counts] as const)]);
  }

  function ask(keys: readonly number[]): void {
    for (const key of keys) {
      if (asked.has(key)) continue;
      asked.add(key);
      wanted.push(key);
    }
    clearTimeout(timer);
    timer = setTimeout(() => void send(), GATHER_MS);
  }

  watch(() => JSON.stringify([of(), by()]), begin);
  onScopeDispose(begin);
  return { known, ask };
}
