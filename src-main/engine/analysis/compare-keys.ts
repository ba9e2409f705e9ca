import type { Grouping, GroupRow } from '../../../src-preload/contract/index.ts';
import { groupsOf } from './groupings.ts';
import type { HeapView } from './heap-view.ts';

/** Matches groups of different snapshots: each snapshot numbers its keys independently. */
export function labelKey({ label }: Pick<GroupRow, 'label'>): string {
  return `${label.module}\0${label.name}`;
}

/** Above every key of one heap. */
const STRIDE = 2 ** 32;
/** The row of what waits for a collection; above every key of a row. */
export const WAITING_KEY = 2 ** 48;

/**
 * Keys of the rows of a comparison: the last heap's own key if it has the group, else that of the first heap that has it, plus an offset.
 */
export function compareKey(found: readonly (GroupRow | undefined)[]): number {
  const last = found.at(-1);
  if (last !== undefined) return last.key;
  const at = found.findIndex((row) => row !== undefined);
  return found[at]!.key + (at + 1) * STRIDE;
}

/** The label of a key of `compareKey`; null: no group of these heaps has it. */
export function compareLabel(views: readonly HeapView[], by: Grouping, key: number): string | null {
  const at = Math.floor(key / STRIDE);
  const view = at === 0 ? views.at(-1) : views[at - 1];
  if (view === undefined) return null;
  const { keys, label } = groupsOf(view, by);
  return key % STRIDE < keys ? labelKey({ label: label(key % STRIDE) }) : null;
}
