import type {
  CycleChoice,
  CycleRow,
  DominatorRow,
  DuplicateRow,
  EdgeRow,
  GroupHistory,
  GroupRows,
  Grouping,
  HeapSummary,
  IcicleCell,
  Measure,
  NodeId,
  ObjectDetail,
  ObjectRows,
  ObjectSet,
  Paths,
  RowRequest,
  Rows,
  SnapshotRef,
  WasteRow,
} from '../heap.ts';
import type { Bytes, SnapshotId } from '../units.ts';

/** Queries on snapshots. Each may have to load one first: all report progress. */
export interface HeapMethods {
  'heap.summary': { args: SnapshotRef; result: HeapSummary };
  'heap.groups': { args: SnapshotRef & { by: Grouping; within: ObjectSet; parent: number | null } & RowRequest; result: GroupRows };
  /** Over all ready snapshots of the session and process. */
  'heap.history': { args: SnapshotRef & { by: Grouping; keys: number[] }; result: { snapshots: SnapshotId[]; rows: GroupHistory[] } };
  'heap.objects': { args: SnapshotRef & { set: ObjectSet } & RowRequest; result: ObjectRows };
  'heap.object': { args: SnapshotRef & { node: NodeId }; result: ObjectDetail };
  'heap.edges': { args: SnapshotRef & { node: NodeId; direction: 'referents' | 'referrers' } & RowRequest; result: Rows<EdgeRow> };
  'heap.paths': { args: SnapshotRef & { set: ObjectSet; ignore: NodeId[]; limit: number }; result: Paths };
  'heap.dominated': { args: SnapshotRef & { node: NodeId } & RowRequest; result: Rows<DominatorRow> };
  'heap.icicle': { args: SnapshotRef & { node: NodeId; depth: number; smallest: Bytes }; result: IcicleCell[] };
  'heap.cycles': { args: SnapshotRef & { only: CycleChoice } & RowRequest; result: Rows<CycleRow> };
  'heap.duplicates': { args: SnapshotRef & RowRequest; result: Rows<DuplicateRow> };
  'heap.waste': { args: SnapshotRef & RowRequest; result: Rows<WasteRow> };
  /** Of a set: what would be freed if all were, and everything reachable. */
  'heap.measure': { args: SnapshotRef & { set: ObjectSet }; result: Measure };
}
