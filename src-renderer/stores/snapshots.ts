import { defineStore } from 'pinia';
import { call, on } from '../api/index.ts';
import type {
  ProcessId,
  ProjectId,
  SessionRef,
  SnapshotId,
  SnapshotOptions,
  SnapshotForecast,
  SnapshotProgress,
  SnapshotRef,
  SnapshotRow,
  SnapshotRules,
} from '../../src-preload/contract/index.ts';
import { useSelection } from './selection.ts';

export interface SnapshotSettings {
  rules: SnapshotRules;
  options: SnapshotOptions;
}

interface SnapshotsState {
  /** Snapshots of each project that was opened, earliest first. */
  byProject: Record<ProjectId, SnapshotRow[]>;
  /** Progress of those being taken or imported, by `keyOf`. */
  progress: Record<string, SnapshotProgress>;
  /** Of the running current session. */
  settings: SnapshotSettings | null;
  settingsOf: SessionRef | null;
}

const keyOf = (project: ProjectId, snapshot: SnapshotId): string => `${project} ${snapshot}`;
const earliestFirst = (a: SnapshotRow, b: SnapshotRow): number => a.session - b.session || a.t - b.t || a.id - b.id;
const isInProgress = ({ state }: SnapshotRow): boolean => state === 'capturing' || state === 'importing';

/** A snapshot in progress, in any project. */
export interface SnapshotInProgress {
  project: ProjectId;
  row: SnapshotRow;
  progress: SnapshotProgress | null;
}

/** Heap snapshots of the current project: taking, listing, choosing. */
export const useSnapshots = defineStore('snapshots', {
  state: (): SnapshotsState => ({ byProject: {}, progress: {}, settings: null, settingsOf: null }),
  getters: {
    ofProject: (state): SnapshotRow[] => state.byProject[useSelection().project ?? ''] ?? [],
    /** Of the session in view, in the order of time. */
    ofSession(): SnapshotRow[] {
      return this.ofProject.filter((row) => row.session === useSelection().session);
    },
    ready(): SnapshotRow[] {
      return this.ofSession.filter((row) => row.state === 'ready');
    },
    /** The ready one of the same process before a ready one; null: there is none. */
    before:
      (state) =>
      (project: ProjectId, { id, process, session, state: is }: SnapshotRow): SnapshotRow | null => {
        const rows = state.byProject[project] ?? [];
        if (is !== 'ready') return null;
        const earlier = rows.slice(
          0,
          rows.findIndex((row) => row.id === id),
        );
        return earlier.findLast((row) => row.session === session && row.process === process && row.state === 'ready') ?? null;
      },
    /** The one of the same process before the opened one; null: there is none. */
    previous(): SnapshotRow | null {
      const { project } = useSelection();
      return this.current === null || project === null ? null : this.before(project, this.current);
    },
    /** The chosen ones, A before B, without those that no longer exist. */
    chosen(): SnapshotRow[] {
      return useSelection().snapshots.flatMap((id) => this.ofProject.find((row) => row.id === id) ?? []);
    },
    /** The opened one. */
    current(): SnapshotRow | null {
      const { snapshot } = useSelection();
      return this.ofProject.find((row) => row.id === snapshot) ?? null;
    },
    inProgress: (state): SnapshotInProgress[] =>
      Object.entries(state.byProject).flatMap(([project, rows]) =>
        rows.filter(isInProgress).map((row) => ({ project, row, progress: state.progress[keyOf(project, row.id)] ?? null })),
      ),
    /** Of the session in view. */
    inProgressHere(): SnapshotInProgress[] {
      const { project, session } = useSelection();
      return this.inProgress.filter((one) => one.project === project && one.row.session === session);
    },
  },
  actions: {
    listen(): void {
      on('snapshot.changed', ({ project, row }) => this.put(project, row));
      on('snapshots.changed', ({ project }) => void this.load(project).catch(() => undefined));
      on('snapshot.progress', ({ project, progress }) => {
        this.progress[keyOf(project, progress.id)] = progress;
      });
    },

    put(project: ProjectId, row: SnapshotRow): void {
      const others = (this.byProject[project] ?? []).filter((one) => one.id !== row.id);
      this.byProject[project] = [...others, row].sort(earliestFirst);
      if (!isInProgress(row)) delete this.progress[keyOf(project, row.id)];
    },

    async load(project: ProjectId): Promise<void> {
      const rows = await call('snapshots.list', { project, session: null });
      this.byProject[project] = rows.sort(earliestFirst);
    },

    progressOf(project: ProjectId, snapshot: SnapshotId): SnapshotProgress | null {
      return this.progress[keyOf(project, snapshot)] ?? null;
    },

    /** What `take` would do now. */
    async forecast(of: SessionRef, method?: SnapshotOptions['method']): Promise<SnapshotForecast[]> {
      return call('snapshots.forecast', { ...of, method });
    },

    /** Of all processes with an agent if `processes` is null. Returns once they are being captured. */
    async take(of: SessionRef, options: SnapshotOptions, processes: ProcessId[] | null, name: string): Promise<SnapshotRow[]> {
      const rows = await call('snapshots.take', { ...of, processes, name, options });
      // Events received in between are newer than this answer.
      const known = this.byProject[of.project] ?? [];
      for (const row of rows) if (!known.some((one) => one.id === row.id)) this.put(of.project, row);
      return rows;
    },

    async cancel(of: SnapshotRef): Promise<void> {
      await call('snapshots.cancel', { ...of });
    },

    async loadSettings(of: SessionRef): Promise<SnapshotSettings> {
      const settings = await call('snapshots.plan', { ...of });
      this.settings = settings;
      this.settingsOf = { ...of };
      return settings;
    },

    async saveSettings(of: SessionRef, settings: SnapshotSettings): Promise<void> {
      await call('snapshots.setPlan', { ...of, ...settings });
      this.settings = settings;
      this.settingsOf = { ...of };
    },

    async update(project: ProjectId, snapshot: SnapshotId, change: { name?: string; note?: string }): Promise<void> {
      this.put(project, await call('snapshots.update', { project, snapshot, ...change }));
    },

    /** They can be restored until the project is closed. */
    async remove(project: ProjectId, snapshots: SnapshotId[]): Promise<void> {
      await call('snapshots.delete', { project, snapshots });
      this.byProject[project] = (this.byProject[project] ?? []).filter((row) => !snapshots.includes(row.id));
      const selection = useSelection();
      if (selection.project !== project || !selection.snapshots.some((id) => snapshots.includes(id))) return;
      selection.go({ snapshots: selection.snapshots.filter((id) => !snapshots.includes(id)) });
    },

    async restore(project: ProjectId, snapshots: SnapshotId[]): Promise<void> {
      await call('snapshots.restore', { project, snapshots });
      await this.load(project);
    },

    /** Chooses one; with `beside` as the second of two, or deselects it if it is already chosen. */
    choose(snapshot: SnapshotId, { beside = false, replace = false } = {}): void {
      const selection = useSelection();
      selection.go({ snapshots: beside ? this.withAdded(selection.snapshots, snapshot) : [snapshot] }, { replace });
    },

    /** At most two, the earlier one first. */
    withAdded(chosen: readonly SnapshotId[], snapshot: SnapshotId): SnapshotId[] {
      if (chosen.includes(snapshot)) return chosen.filter((id) => id !== snapshot);
      const place = (id: SnapshotId): number => this.ofProject.findIndex((row) => row.id === id);
      return [...chosen.slice(-1), snapshot].sort((a, b) => place(a) - place(b));
    },
  },
});
