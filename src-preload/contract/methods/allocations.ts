import type {
  AllocationFlame,
  AllocationGrouping,
  AllocationMeasure,
  AllocationScope,
  AllocationState,
  AllocationTable,
  AllocationTimeline,
} from '../allocations.ts';
import type { FilterNode } from '../filter.ts';
import type { SessionRef } from '../project.ts';

/** Sampled allocations of a session, while it is recorded and later. */
export interface AllocationMethods {
  'allocations.states': { args: SessionRef; result: AllocationState[] };
  'allocations.timeline': { args: AllocationScope & { buckets: number }; result: AllocationTimeline };
  /**
   * Columns of filter and sort: `function`, `file`, `module`, `package` (text), `line`, `bytes`, `blocks`, `error`, `allocated`, `freed`,
   * `perMinute`, `share` (numbers). Without a sort the largest come first.
   */
  'allocations.rows': {
    args: AllocationScope & {
      by: AllocationGrouping;
      of: AllocationMeasure;
      filter: FilterNode | null;
      sort: { column: string; descending: boolean } | null;
      /** Ordinal of the first row of the page. */
      first: number;
      count: number;
    };
    result: AllocationTable;
  };
  'allocations.flame': {
    args: AllocationScope & {
      of: AllocationMeasure;
      /** `callers`: from the allocating line outwards. `callees`: from the threads inwards. */
      direction: 'callers' | 'callees';
      /** Share of the total below which nodes are left out, such as 0.0005. */
      smallest: number;
    };
    result: AllocationFlame;
  };
}
