import { defineStore } from 'pinia';
import { markRaw } from 'vue';
import { call } from '../api/index.ts';
import type { CallOptions } from '../api/index.ts';
import type {
  Args,
  HeapSummary,
  MethodName,
  NodeId,
  ObjectDetail,
  ObjectRow,
  ProjectId,
  Result,
  SnapshotRef,
  SourceText,
} from '../../src-preload/contract/index.ts';
import { useSelection } from './selection.ts';

/** Cancellation and progress of a query. */
export type { CallOptions } from '../api/index.ts';

/** Queries on snapshots: on one, or on one against another. */
export type HeapMethod = Extract<MethodName, `heap.${string}` | `compare.${string}`>;

interface HeapState {
  /** Totals of snapshots that were opened, by `keyOf`. */
  summaries: Record<string, HeapSummary>;
  /** Objects seen so far, for the names in breadcrumbs: by snapshot and node. */
  names: Record<string, ObjectRow>;
}

const keyOf = ({ project, snapshot }: SnapshotRef): string => `${project} ${snapshot}`;
const nodeKey = (of: SnapshotRef, node: NodeId): string => `${keyOf(of)} ${node}`;
/** Objects whose names are being loaded. */
const asked = new Set<string>();
/** Names of objects not used for long are requested again. */
const MOST_NAMES = 500;

/** Queries on the given snapshot, with progress and cancellation. Rows stay in the engine; tables request the pages they show. */
export const useHeap = defineStore('heap', {
  state: (): HeapState => ({ summaries: {}, names: {} }),
  getters: {
    /** The opened snapshot; null: none is chosen. */
    ref: (): SnapshotRef | null => {
      return useSelection().looked;
    },
  },
  actions: {
    async summary(of: SnapshotRef, options?: CallOptions): Promise<HeapSummary> {
      const known = this.summaries[keyOf(of)];
      if (known !== undefined) return known;
      const summary = markRaw(await call('heap.summary', { ...of }, options));
      this.summaries[keyOf(of)] = summary;
      return summary;
    },

    /** Any other query on a snapshot, as the contract declares it. */
    ask<M extends HeapMethod>(method: M, args: Args<M>, options?: CallOptions): Promise<Result<M>> {
      return call(method, args, options);
    },

    async object(of: SnapshotRef, node: NodeId, options?: CallOptions): Promise<ObjectDetail> {
      const detail = markRaw(await call('heap.object', { ...of, node }, options));
      this.remember(of, detail);
      return detail;
    },

    /** The lines of the traceback of an object's allocation, from the program's files. */
    sources(of: SnapshotRef, node: NodeId, options?: CallOptions): Promise<SourceText[]> {
      return call('sources.lines', { ...of, node }, options);
    },

    /** Remembers an object's description. */
    remember(of: SnapshotRef, row: ObjectRow): void {
      if (Object.keys(this.names).length >= MOST_NAMES) this.names = {};
      this.names[nodeKey(of, row.node)] = markRaw(row);
    },

    /** Requests an object's description, once; a failure leaves it nameless. */
    prefetch(of: SnapshotRef, node: NodeId): void {
      const key = nodeKey(of, node);
      if (asked.has(key)) return;
      asked.add(key);
      void this.object(of, node)
        .catch(() => undefined)
        .finally(() => asked.delete(key));
    },

    rowOf(of: SnapshotRef, node: NodeId): ObjectRow | null {
      return this.names[nodeKey(of, node)] ?? null;
    },

    /** Drops what is known of deleted or changed snapshots. */
    forget(project: ProjectId): void {
      const others = (key: string): boolean => !key.startsWith(`${project} `);
      this.summaries = Object.fromEntries(Object.entries(this.summaries).filter(([key]) => others(key)));
      this.names = Object.fromEntries(Object.entries(this.names).filter(([key]) => others(key)));
    },
  },
});
