import { defineStore } from 'pinia';
import type { CallOptions } from '../api/index.ts';
import type { Args, CompareRows, Grouping, ObjectSet, SessionRow, SnapshotRef, SnapshotRow } from '../../src-preload/contract/index.ts';
import { ofOthers } from './compare-place.ts';
import type { ComparePart, ComparePlace, OpenedRow, SnapshotAt } from './compare-place.ts';
import { useHeap } from './heap.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { useSnapshots } from './snapshots.ts';
import { useSources } from './sources.ts';
import type { Source } from './sources.ts';

/** A compared snapshot, as far as it is available. */
export interface Compared {
  at: SnapshotAt;
  /** null: its file is not open. */
  ref: SnapshotRef | null;
  /** null: it no longer exists. */
  row: SnapshotRow | null;
  session: SessionRow | null;
  source: Source | null;
}

interface CompareState {
  /** The state in which it was left, for returning to it. */
  filter: string;
  sort: { column: string; descending: boolean } | null;
}

const wallTime = ({ row, session }: Compared): number => (session?.startedAt ?? 0) + (row?.t ?? 0);
/** Two are a comparison. */
export const FEWEST = 2;

/** What is currently known of a snapshot. Reactive. */
export function lookUp(at: SnapshotAt): Compared {
  const sources = useSources();
  const project = sources.projectAt(at.path);
  const row = useSnapshots().byProject[project ?? '']?.find((one) => one.id === at.snapshot) ?? null;
  return {
    at,
    ref: project === null ? null : { project, snapshot: at.snapshot },
    row,
    session: useSessions().byProject[project ?? '']?.find((one) => one.id === row?.session) ?? null,
    source: sources.list.find((one) => one.project === project) ?? null,
  };
}

/** The comparison of snapshots: which ones, and the engine's results. */
export const useCompare = defineStore('compare', {
  state: (): CompareState => ({ filter: '', sort: { column: 'retainedDiff', descending: true } }),
  getters: {
    at: (): SnapshotAt[] => {
      const { compare, snapshots } = useSelection();
      return compare.snapshots.length > 0 ? compare.snapshots : snapshots.map((snapshot) => ({ path: null, snapshot }));
    },
    compared(): Compared[] {
      return this.at.map(lookUp);
    },
    /** Those that can be opened. */
    refs(): SnapshotRef[] {
      return this.compared.flatMap(({ ref, row }) => (ref !== null && row?.state === 'ready' ? [ref] : []));
    },
    /** All of them are available, and there are at least two. */
    isWhole(): boolean {
      return this.refs.length >= FEWEST && this.refs.length === this.at.length;
    },
  },
  actions: {
    /** Compares these, earliest first unless `inOrder` requests the given order. */
    choose(at: readonly SnapshotAt[], { inOrder = false, replace = false } = {}): void {
      const selection = useSelection();
      const sources = useSources();
      const own = sources.list.find((one) => one.project === selection.project)?.path;
      const named = at.map((one): SnapshotAt => (one.path === own ? { ...one, path: null } : one));
      const sorted = inOrder
        ? named
        : named
            .map(lookUp)
            .sort((a, b) => wallTime(a) - wallTime(b))
            .map((one) => one.at);
      const place = ofOthers(selection.compare);
      if (sorted.some(({ path }) => path !== null))
        return selection.go({ view: 'compare', compare: { ...place, snapshots: sorted } }, { replace });
      const session = selection.session ?? sorted.map((one) => lookUp(one).row?.session).findLast((id) => id !== undefined) ?? null;
      selection.go({ view: 'compare', session, snapshots: sorted.map(({ snapshot }) => snapshot), compare: place }, { replace });
    },

    /** The last becomes the first. */
    swap(): void {
      this.choose(this.at.toReversed(), { inOrder: true });
    },

    leaveOut(index: number): void {
      this.choose(
        this.at.filter((_, i) => i !== index),
        { inOrder: true },
      );
    },

    change(patch: Partial<ComparePlace>, { replace = false } = {}): void {
      const selection = useSelection();
      selection.go({ compare: { ...selection.compare, ...patch } }, { replace });
    },

    /** Keys of rows are valid for one grouping only. */
    groupBy(by: Grouping): void {
      this.change({ by, row: null, object: null });
    },

    openRow(row: OpenedRow | null, options?: { replace?: boolean }): void {
      this.change({ row, object: null }, options);
    },

    /** The objects of a part of a row, and the snapshot to query; null: there are none. */
    setOf(row: OpenedRow, by: Grouping): { of: SnapshotRef; set: ObjectSet; shownOf: SnapshotRef } | null {
      const [first, second] = this.refs;
      const last = this.refs.at(-1);
      if (first === undefined || second === undefined || last === undefined) return null;
      const group = row.key === null ? { by: null, key: 0 } : { by, key: row.key };
      if (row.part === 'between') return { of: last, set: { of: 'between', first, second, ...group }, shownOf: last };
      return { of: last, set: { of: 'changed', base: first, part: row.part, ...group }, shownOf: row.part === 'gone' ? first : last };
    },

    /** Parts that can be queried. */
    parts(): ComparePart[] {
      return this.refs.length > 2 ? ['new', 'gone', 'survived', 'grown', 'between'] : ['new', 'gone', 'survived', 'grown'];
    },

    /** Of the snapshots that are currently compared. */
    groups(which: Omit<Args<'compare.groups'>, 'snapshots'>, options?: CallOptions): Promise<CompareRows> {
      return useHeap().ask('compare.groups', { snapshots: this.refs, ...which }, options);
    },
  },
});
