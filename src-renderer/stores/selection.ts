import { defineStore } from 'pinia';
import type { ProcessId, ProjectId, SessionId, SessionTime } from '../../src-preload/contract/index.ts';

export const VIEWS = ['launch', 'sessions', 'timeline'] as const;
export type ViewId = (typeof VIEWS)[number];

/** A stretch of a session. `to` null: up to the latest there is, also while it grows. */
export interface TimeRange {
  from: SessionTime;
  to: SessionTime | null;
}

export interface Selection {
  project: ProjectId | null;
  session: SessionId | null;
  view: ViewId;
  range: TimeRange | null;
  /** null: summed over the process tree. */
  process: ProcessId | null;
  /** Chosen snapshots, A before B. */
  snapshots: number[];
}

interface SelectionState extends Selection {
  /** What back and forward walk; `index` is where we stand. */
  entries: Selection[];
  index: number;
}

const NOTHING: Selection = { project: null, session: null, view: 'launch', range: null, process: null, snapshots: [] };
const HISTORY_LIMIT = 200;

/** What depends on what: another project means another session, another session another range. */
function withDefaults(before: Selection, patch: Partial<Selection>): Selection {
  const next: Selection = { ...before, ...patch };
  if (next.project !== before.project && patch.session === undefined) next.session = null;
  const moved = next.project !== before.project || next.session !== before.session;
  if (!moved) return next;
  return { ...next, range: patch.range ?? null, process: patch.process ?? null, snapshots: patch.snapshots ?? [] };
}

const same = (a: Selection, b: Selection): boolean => JSON.stringify(a) === JSON.stringify(b);

/** THE selection. Every view reads it, every click changes it by `go`, back and forward walk it. */
export const useSelection = defineStore('selection', {
  state: (): SelectionState => ({ ...NOTHING, entries: [NOTHING], index: 0 }),
  getters: {
    current: (state): Selection => pick(state),
    canGoBack: (state): boolean => state.index > 0,
    canGoForward: (state): boolean => state.index < state.entries.length - 1,
  },
  actions: {
    /**
     * Changes the selection. `replace` keeps the place in the history: for steps of one gesture, such as a brush
     * that is being dragged.
     */
    go(patch: Partial<Selection>, options: { replace?: boolean } = {}): void {
      const next = withDefaults(pick(this), patch);
      if (same(next, pick(this))) return;
      const kept = this.entries.slice(0, options.replace === true ? this.index : this.index + 1);
      this.entries = [...kept, next].slice(-HISTORY_LIMIT);
      this.index = this.entries.length - 1;
      Object.assign(this, next);
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

    /** A closed project cannot be gone back to. */
    forgetProject(project: ProjectId): void {
      const entries = this.entries.filter((entry) => entry.project !== project);
      this.entries = entries.length === 0 ? [NOTHING] : entries;
      this.index = Math.min(this.index, this.entries.length - 1);
      if (this.project === project) this.walkTo(this.index);
    },
  },
});

function pick(state: Selection): Selection {
  const { project, session, view, range, process, snapshots } = state;
  return { project, session, view, range: range === null ? null : { ...range }, process, snapshots: [...snapshots] };
}
