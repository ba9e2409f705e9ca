import type { Grouping, GroupRow } from '../../../src-preload/contract/index.ts';
import { groupsOf } from './groupings.ts';
import type { HeapView } from './heap-view.ts';

/** What makes groups of different snapshots the same: their keys count anew in each. */
export function labelKey({ label }: Pick<GroupRow, 'label'>): string {
  return `${label.module}\0${label.name}`;
}

/**
 * Keys of the rows of a comparison: the last heap's own where it has the group; beyond those the keys of the first, then
 * those of the others in their order.
 */
export function compareKey(views: readonly HeapView[], by: Grouping, found: readonly (GroupRow | undefined)[]): number {
  const last = found.at(-1);
  if (last !== undefined) return last.key;
  const at = found.findIndex((row) => row !== undefined);
  let key = found[at]!.key + groupsOf(views.at(-1)!, by).keys;
  for (let i = 0; i < at; i++) key += groupsOf(views[i]!, by).keys;
  return key;
}

/** The label that a key of `compareKey` stands for; null: no group has it. */
export function compareLabel(views: readonly HeapView[], by: Grouping, key: number): string | null {
  let rest = key;
  for (const view of [views.at(-1)!, ...views.slice(0, -1)]) {
    const { keys, label } = groupsOf(view, by);
    if (rest < keys) return labelKey({ label: label(rest) });
    rest -= keys;
  }
  return null;
}
