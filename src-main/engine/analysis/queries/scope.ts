import type { Grouping, GroupRow, SnapshotRef } from '../../../../src-preload/contract/index.ts';
import type { HeapView } from '../heap-view.ts';
import type { JobControl } from '../../worker/job-control.ts';

/** What a query stands on: the heaps it names, loaded, and whoever may stop it. */
export interface Scope {
  control: JobControl;
  view(ref: SnapshotRef): HeapView;
  /** Groups of all objects: stored figures where there are such, without the heap. */
  rows(ref: SnapshotRef, by: Grouping): readonly GroupRow[];
  /** Of the keys of the hierarchy: their bases, `NONE` at the top. */
  parents(ref: SnapshotRef): ArrayLike<number>;
  /** Snapshots of one process, where addresses can be compared. */
  sameProcess(a: SnapshotRef, b: SnapshotRef): boolean;
}
