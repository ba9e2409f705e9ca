import type { Args, ObjectSet, SnapshotRef } from '../../../src-preload/contract/index.ts';
import type { HeapQuery } from './face.ts';

/** Every snapshot that the arguments of a query name, each once, its own first. */
export function refsOf(args: Args<HeapQuery>): SnapshotRef[] {
  const found = 'snapshots' in args ? [...args.snapshots] : [{ project: args.project, snapshot: args.snapshot }];
  if ('set' in args) found.push(...refsOfSet(args.set));
  if ('within' in args) found.push(...refsOfSet(args.within));
  return found.filter((ref, i) => found.findIndex((other) => sameSnapshot(ref, other)) === i);
}

export function sameSnapshot(a: SnapshotRef, b: SnapshotRef): boolean {
  return a.project === b.project && a.snapshot === b.snapshot;
}

function refsOfSet(set: ObjectSet): SnapshotRef[] {
  if (set.of === 'inside') return refsOfSet(set.set);
  if (set.of === 'changed') return [set.base];
  return set.of === 'between' ? [set.first, set.second] : [];
}
