import { defineStore } from 'pinia';
import { markRaw } from 'vue';
import { call } from '../api/index.ts';
import type { CallOptions } from '../api/index.ts';
import type {
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
  ObjectRow,
  ObjectRows,
  ObjectSet,
  Paths,
  RowRequest,
  Rows,
  SnapshotId,
  SnapshotRef,
  WasteRow,
} from '../../src-preload/contract/index.ts';
import { useSelection } from './selection.ts';

export type HeapCall = CallOptions;

/** What is in a set: would be freed with it, and is reachable from it. */
export interface Measure {
  count: number;
  shallow: number;
  retained: number;
  deep: number;
}

interface HeapState {
  /** Totals of snapshots that were looked into, by `keyOf`. */
  summaries: Record<string, HeapSummary>;
  /** Objects that were met, for the names in breadcrumbs: by snapshot and node. */
  met: Record<string, ObjectRow>;
}

const keyOf = ({ project, snapshot }: SnapshotRef): string => `${project} ${snapshot}`;
const nodeKey = (of: SnapshotRef, node: NodeId): string => `${keyOf(of)} ${node}`;
/** Objects whose names are on their way. */
const asked = new Set<string>();
/** Names of objects long left behind are asked for anew. */
const MOST_MET = 500;

/**
 * Looking into snapshots: what the engine is asked, with progress and cancel, of the snapshot that is named. Rows stay in the
 * engine; tables ask for the pages they show.
 */
export const useHeap = defineStore('heap', {
  state: (): HeapState => ({ summaries: {}, met: {} }),
  getters: {
    /** The snapshot that is looked into; null: none is chosen. */
    ref: (): SnapshotRef | null => {
      return useSelection().looked;
    },
  },
  actions: {
    async summary(of: SnapshotRef, options?: HeapCall): Promise<HeapSummary> {
      const known = this.summaries[keyOf(of)];
      if (known !== undefined) return known;
      const summary = markRaw(await call('heap.summary', { ...of }, options));
      this.summaries[keyOf(of)] = summary;
      return summary;
    },

    /** `parent`: rows below a row of a hierarchy; null: the top. */
    async groups(of: SnapshotRef, by: Grouping, within: ObjectSet, parent: number | null, rows: RowRequest, options?: HeapCall): Promise<GroupRows> {
      return call('heap.groups', { ...of, by, within, parent, ...rows }, options);
    },

    async history(of: SnapshotRef, by: Grouping, keys: number[], options?: HeapCall): Promise<{ snapshots: SnapshotId[]; rows: GroupHistory[] }> {
      return call('heap.history', { ...of, by, keys }, options);
    },

    async objects(of: SnapshotRef, set: ObjectSet, rows: RowRequest, options?: HeapCall): Promise<ObjectRows> {
      return call('heap.objects', { ...of, set, ...rows }, options);
    },

    async object(of: SnapshotRef, node: NodeId, options?: HeapCall): Promise<ObjectDetail> {
      const detail = markRaw(await call('heap.object', { ...of, node }, options));
      this.meet(of, detail);
      return detail;
    },

    async edges(of: SnapshotRef, node: NodeId, direction: 'referents' | 'referrers', rows: RowRequest, options?: HeapCall): Promise<Rows<EdgeRow>> {
      return call('heap.edges', { ...of, node, direction, ...rows }, options);
    },

    async paths(of: SnapshotRef, set: ObjectSet, ignore: NodeId[], limit: number, options?: HeapCall): Promise<Paths> {
      return call('heap.paths', { ...of, set, ignore, limit }, options);
    },

    async dominated(of: SnapshotRef, node: NodeId, rows: RowRequest, options?: HeapCall): Promise<Rows<DominatorRow>> {
      return call('heap.dominated', { ...of, node, ...rows }, options);
    },

    async icicle(of: SnapshotRef, node: NodeId, depth: number, smallest: number, options?: HeapCall): Promise<IcicleCell[]> {
      return call('heap.icicle', { ...of, node, depth, smallest }, options);
    },

    async cycles(of: SnapshotRef, unreachableOnly: boolean, rows: RowRequest, options?: HeapCall): Promise<Rows<CycleRow>> {
      return call('heap.cycles', { ...of, unreachableOnly, ...rows }, options);
    },

    async duplicates(of: SnapshotRef, rows: RowRequest, options?: HeapCall): Promise<Rows<DuplicateRow>> {
      return call('heap.duplicates', { ...of, ...rows }, options);
    },

    async waste(of: SnapshotRef, rows: RowRequest, options?: HeapCall): Promise<Rows<WasteRow>> {
      return call('heap.waste', { ...of, ...rows }, options);
    },

    async measure(of: SnapshotRef, set: ObjectSet, options?: HeapCall): Promise<Measure> {
      return call('heap.measure', { ...of, set }, options);
    },

    /** Remembers what an object is. */
    meet(of: SnapshotRef, row: ObjectRow): void {
      if (Object.keys(this.met).length >= MOST_MET) this.met = {};
      this.met[nodeKey(of, row.node)] = markRaw(row);
    },

    /** Asks what an object is, once; a failure leaves it nameless. */
    introduce(of: SnapshotRef, node: NodeId): void {
      const key = nodeKey(of, node);
      if (asked.has(key)) return;
      asked.add(key);
      void this.object(of, node)
        .catch(() => undefined)
        .finally(() => asked.delete(key));
    },

    known(of: SnapshotRef, node: NodeId): ObjectRow | null {
      return this.met[nodeKey(of, node)] ?? null;
    },

    /** What is known of deleted or changed snapshots. */
    forget(project: string): void {
      const others = (key: string): boolean => !key.startsWith(`${project} `);
      this.summaries = Object.fromEntries(Object.entries(this.summaries).filter(([key]) => others(key)));
      this.met = Object.fromEntries(Object.entries(this.met).filter(([key]) => others(key)));
    },
  },
});
