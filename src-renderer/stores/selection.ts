import { defineStore } from 'pinia';
import type { ProcessId, ProjectId, SessionId, SessionTime, SnapshotId, SnapshotRef } from '../../src-preload/contract/index.ts';
import { FIRST_ALLOCATIONS, ofOtherSession } from './allocations-place.ts';
import type { AllocationPlace } from './allocations-place.ts';
import { FIRST_COMPARE, ofOthers } from './compare-place.ts';
import type { ComparedObject, ComparePlace } from './compare-place.ts';
import { FIRST_PLACE, copyPlace, inOtherSnapshot, sameSet } from './heap-place.ts';
import type { HeapPlace } from './heap-place.ts';
import type { RunsPlace } from './runs-place.ts';

export const VIEWS = ['launch', 'sessions', 'timeline', 'heap', 'allocations', 'compare', 'runs'] as const;
export type ViewId = (typeof VIEWS)[number];

/** A time range of a session. `to` null: up to the latest time, also while it grows. */
export interface TimeRange {
  from: SessionTime;
  to: SessionTime | null;
}

export interface Selection {
  project: ProjectId | null;
  session: SessionId | null;
  view: ViewId;
  range: TimeRange | null;
  /** null: the sum over the process tree. */
  process: ProcessId | null;
  /** Chosen snapshots, A before B. The last one is opened. */
  snapshots: SnapshotId[];
  /** The place in it. */
  heap: HeapPlace;
  /** The place among its sampled allocations. */
  allocations: AllocationPlace;
  /** The place in the comparison of snapshots. */
  compare: ComparePlace;
  /** Runs beside each other. */
  runs: RunsPlace;
}

/** The entries of back and forward, and the current position. */
export interface SelectionHistory {
  entries: Selection[];
  index: number;
}

type SelectionState = Selection & SelectionHistory;

const NOTHING: Selection = {
  project: null,
  session: null,
  view: 'launch',
  range: null,
  process: null,
  snapshots: [],
  heap: FIRST_PLACE,
  allocations: FIRST_ALLOCATIONS,
  compare: FIRST_COMPARE,
  runs: null,
};
const HISTORY_LIMIT = 200;

/** Dependencies: another project means another session, another session another range, another snapshot other objects. */
function withDefaults(before: Selection, patch: Partial<Selection>): Selection {
  const next: Selection = { ...before, ...patch };
  if (next.project !== before.project && patch.session === undefined) next.session = null;
  const moved = next.project !== before.project || next.session !== before.session;
  if (moved) Object.assign(next, { range: patch.range ?? null, process: patch.process ?? null, snapshots: patch.snapshots ?? [] });
  const other = moved || next.snapshots.at(-1) !== before.snapshots.at(-1);
  if (other && patch.heap === undefined) next.heap = inOtherSnapshot(before.heap);
  if (moved && patch.allocations === undefined) next.allocations = ofOtherSession(before.allocations);
  // Snapshots chosen anywhere are the compared ones.
  const others = next.project !== before.project || !same(next.snapshots, before.snapshots);
  if (others && patch.compare === undefined) next.compare = ofOthers(before.compare);
  if (next.project !== before.project && patch.runs === undefined) next.runs = null;
  return next;
}

const same = <T>(a: T, b: T): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The only selection. Every view reads it, every click changes it by `go`, back and forward navigate it. */
export const useSelection = defineStore('selection', {
  state: (): SelectionState => ({ ...NOTHING, entries: [NOTHING], index: 0 }),
  getters: {
    current: (state): Selection => pick(state),
    /** The opened snapshot. */
    snapshot: (state): SnapshotId | null => state.snapshots.at(-1) ?? null,
    /** The snapshot whose objects are shown: in a comparison the object's own. */
    looked(state): SnapshotRef | null {
      if (state.view === 'compare' && state.compare.object !== null) return state.compare.object.of;
      const snapshot = state.snapshots.at(-1);
      return state.project === null || snapshot === undefined ? null : { project: state.project, snapshot };
    },
    canGoBack: (state): boolean => state.index > 0,
    canGoForward: (state): boolean => state.index < state.entries.length - 1,
  },
  actions: {
    /** Changes the selection. `replace` overwrites the history entry: for steps of one gesture, such as dragging a brush. */
    go(patch: Partial<Selection>, options: { replace?: boolean } = {}): void {
      const next = withDefaults(pick(this), patch);
      if (same(next, pick(this))) return;
      const kept = this.entries.slice(0, options.replace === true ? this.index : this.index + 1);
      this.entries = [...kept, next].slice(-HISTORY_LIMIT);
      this.index = this.entries.length - 1;
      Object.assign(this, next);
    },

    /** Goes to a place in the current snapshot, or with `snapshots` in another. */
    goHeap(patch: Partial<HeapPlace>, options: { replace?: boolean; snapshots?: SnapshotId[] } = {}): void {
      const { replace = false, snapshots = this.snapshots } = options;
      if (this.view === 'compare' && this.compare.object !== null && options.snapshots === undefined)
        return this.goFromCompare(this.compare.object, patch, replace);
      const from = snapshots.at(-1) === this.snapshots.at(-1) ? this.heap : inOtherSnapshot(this.heap);
      // Another set does not keep the previous filter.
      const filter = patch.set === undefined || sameSet(patch.set, from.set) ? from.filter : '';
      this.go({ view: 'heap', snapshots, heap: { ...from, filter, ...patch } }, { replace });
    },

    /** From an object of the comparison: another object stays beside the table, anything else opens in its own snapshot. */
    goFromCompare(object: ComparedObject, patch: Partial<HeapPlace>, replace: boolean): void {
      const { node, ...elsewhere } = patch;
      if (node != null && Object.keys(elsewhere).length === 0)
        return this.go({ compare: { ...this.compare, object: { ...object, node } } }, { replace });
      const { project, snapshot } = object.of;
      const isLast = project === this.project && snapshot === this.snapshots.at(-1);
      const snapshots = isLast ? this.snapshots : [snapshot];
      const from = isLast ? this.heap : inOtherSnapshot(this.heap);
      this.go({ view: 'heap', project, session: object.session, snapshots, heap: { ...from, node: object.node, ...patch } });
    },

    back(): void {
      this.walkTo(this.index - 1);
    },

    forward(): void {
      this.walkTo(this.index + 1);
    },

    walkTo(index: number): void {
      const entry = this.entries[index];
      if (entry === undefined) return;
      this.index = index;
      Object.assign(this, entry);
    },

    /** Restores the history from before a reload; the current place becomes its newest entry unless it is the current one. */
    resume(history: SelectionHistory | null): void {
      if (history === null) return;
      const { entries, index } = history;
      const shown = pick(this);
      if (entries[index] !== undefined && same(pick(entries[index]), shown)) Object.assign(this, { entries, index });
      else {
        this.entries = [...entries.slice(0, index + 1), shown].slice(-HISTORY_LIMIT);
        this.index = this.entries.length - 1;
      }
    },

    /** A closed project cannot be navigated to. If it is the current one, the previous place is shown, otherwise the place stays. */
    forgetProject(project: ProjectId): void {
      const isLeft = (entry: Selection): boolean => entry.project !== project;
      const before = this.entries.slice(0, this.index + 1).filter(isLeft).length;
      const entries = this.entries.filter(isLeft);
      this.entries = entries.length === 0 ? [NOTHING] : entries;
      this.walkTo(Math.max(0, before - 1));
    },
  },
});

function pick(state: Selection): Selection {
  const { project, session, view, range, process, snapshots, heap, allocations, compare, runs } = state;
  return {
    ...{ project, session, view, process },
    range: range === null ? null : { ...range },
    snapshots: [...snapshots],
    heap: copyPlace(heap),
    allocations: copyPlace(allocations),
    compare: copyPlace(compare),
    runs: copyPlace(runs),
  };
}
