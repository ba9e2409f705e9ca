import type { ChangedRow, CompareRows, Grouping, ObjectSet, RowRequest, Rows, SnapshotRef } from '../heap.ts';

/** Snapshots against each other, earliest first. Each may have to load them first: all report progress. */
export interface CompareMethods {
  'compare.groups': {
    /** `below`: in a hierarchy the rows under one, null: those at the top, unless a filter looks through all; 'all': each, as elsewhere. */
    args: { snapshots: SnapshotRef[]; by: Grouping; growing: boolean; below: number | null | 'all' } & RowRequest;
    result: CompareRows;
  };
  'compare.objects': { args: SnapshotRef & { set: ObjectSet } & RowRequest; result: Rows<ChangedRow> };
}
