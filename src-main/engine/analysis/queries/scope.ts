import type { Grouping, GroupRow, SnapshotRef } from '../../../../src-preload/contract/index.ts';
import type { HeapView } from '../heap-view.ts';
import type { JobControl } from '../../worker/job-control.ts';

/** What a query works with: the heaps it names, loaded, and its job control. */
export interface Scope {
  control: JobControl;
  view(ref: SnapshotRef): HeapView;
  /** Groups of all objects: from stored figures if available, without the heap. */
  rows(ref: SnapshotRef, by: Grouping): readonly GroupRow[];
  /** The part of these groups that waits for a collection. */
  waiting(ref: SnapshotRef, by: Grouping): readonly GroupRow[];
  /** Of the keys of the hierarchy: their bases, `NONE` at the top. */
  parents(ref: SnapshotRef): ArrayLike<number>;
  /** Whether the snapshots are of one process, where addresses can be compared. */
  sameProcess(a: SnapshotRef, b: SnapshotRef): boolean;
}
