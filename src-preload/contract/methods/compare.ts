import type { ChangedRow, CompareRows, Grouping, ObjectSet, RowRequest, Rows, SnapshotRef } from '../heap.ts';

/** Comparisons of snapshots, earliest first. Each may have to load them first: all report progress. */
export interface CompareMethods {
  'compare.groups': {
    /**
     * `below`: in a hierarchy the rows below this one, null: the rows at the top, unless a filter searches all; 'all': every row, as in
     * other groupings. `growing`: rows that grow each time; `changed`: rows of which anything changed.
     */
    args: { snapshots: SnapshotRef[]; by: Grouping; growing: boolean; changed: boolean; below: number | null | 'all' } & RowRequest;
    result: CompareRows;
  };
  'compare.objects': { args: SnapshotRef & { set: ObjectSet } & RowRequest; result: Rows<ChangedRow> };
}
