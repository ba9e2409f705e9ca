import type {
  Bookmark,
  ChangedRow,
  CompareRows,
  CycleRow,
  DominatorRow,
  DuplicateRow,
  EdgeRow,
  GroupHistory,
  Grouping,
  GroupRows,
  HeapSummary,
  IcicleCell,
  NodeId,
  ObjectDetail,
  ObjectRows,
  ObjectSet,
  Paths,
  RowRequest,
  Rows,
  SnapshotRef,
  WasteRow,
} from './heap.ts';
import type { Empty, SessionRef } from './methods.ts';
import type { RunComparison, RunFigures, RunRef, RunSource } from './runs.ts';
import type { SnapshotOptions, SnapshotPlan, SnapshotRow, SnapshotRules } from './snapshots.ts';
import type { Bytes, ProcessId, ProjectId, SessionId, SnapshotId } from './units.ts';

/** Taking, listing and naming snapshots. */
export interface SnapshotMethods {
  /** What `snapshots.take` would do now, for each process with an agent; by the session's own method where none is named. */
  'snapshots.plan': { args: SessionRef & { method?: SnapshotOptions['method'] }; result: SnapshotPlan[] };
  /** Of the given processes, or of all with an agent. Returns once they are being captured; `snapshot.progress` tells the rest. */
  'snapshots.take': { args: SessionRef & { processes: ProcessId[] | null; name: string; options: SnapshotOptions }; result: SnapshotRow[] };
  'snapshots.cancel': { args: SnapshotRef; result: Empty };
  /** Of the running session; also what the next recording starts with. */
  'snapshots.rules': { args: SessionRef & { rules: SnapshotRules; options: SnapshotOptions }; result: Empty };
  'snapshots.getRules': { args: SessionRef; result: { rules: SnapshotRules; options: SnapshotOptions } };

  // snapshots of a session
  /** Of one session, or of all in the project. */
  'snapshots.list': { args: { project: ProjectId; session: SessionId | null }; result: SnapshotRow[] };
  'snapshots.update': { args: SnapshotRef & { name?: string; note?: string }; result: SnapshotRow };
  /** Marks as deleted; `snapshots.restore` undoes it until the project is closed. */
  'snapshots.delete': { args: { project: ProjectId; snapshots: SnapshotId[] }; result: Empty };
  'snapshots.restore': { args: { project: ProjectId; snapshots: SnapshotId[] }; result: Empty };
  'bookmarks.list': { args: { project: ProjectId }; result: Bookmark[] };
  'bookmarks.set': { args: SnapshotRef & { node: NodeId; note: string; label: string }; result: Bookmark };
  'bookmarks.delete': { args: { project: ProjectId; id: number }; result: Empty };

}

/** Looking into snapshots. Each may have to load one first: all report progress. */
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
  'heap.cycles': { args: SnapshotRef & { unreachableOnly: boolean } & RowRequest; result: Rows<CycleRow> };
  'heap.duplicates': { args: SnapshotRef & RowRequest; result: Rows<DuplicateRow> };
  'heap.waste': { args: SnapshotRef & RowRequest; result: Rows<WasteRow> };
  /** Of a set: what would be freed if all were, and everything reachable. */
  'heap.measure': { args: SnapshotRef & { set: ObjectSet }; result: { count: number; shallow: Bytes; retained: Bytes; deep: Bytes } };

  // snapshots against each other, earliest first
  'compare.groups': {
    /** `below`: in a hierarchy the rows under one, null: those at the top, unless a filter looks through all; 'all': each, as elsewhere. */
    args: { snapshots: SnapshotRef[]; by: Grouping; growing: boolean; below: number | null | 'all' } & RowRequest;
    result: CompareRows;
  };
  'compare.objects': { args: SnapshotRef & { set: ObjectSet } & RowRequest; result: Rows<ChangedRow> };

}

/** Runs beside each other. */
export interface RunMethods {
  /** Of any file; one that is not open is opened to be read. Its snapshots can be compared by that handle. */
  'runs.source': { args: { path: string }; result: RunSource };
  'runs.figures': { args: { project: ProjectId; runs: RunRef[]; align: RunComparison['align'] }; result: (RunFigures | null)[] };
  'runs.list': { args: { project: ProjectId }; result: RunComparison[] };
  /** id 0 makes a new one. */
  'runs.save': { args: { project: ProjectId; comparison: RunComparison }; result: RunComparison };
  'runs.delete': { args: { project: ProjectId; id: number }; result: Empty };
}
