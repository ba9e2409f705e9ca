import { defineStore } from 'pinia';
import { markRaw } from 'vue';
import { call } from '../api/index.ts';
import type {
  ErrorData,
  ProjectId,
  RunComparison,
  RunFigures,
  RunRef,
  SeriesId,
  SeriesInfo,
  SeriesWindow,
  SessionRow,
  SessionTime,
  SnapshotId,
  SnapshotRef,
  SnapshotRow,
} from '../../src-preload/contract/index.ts';
import { Latest } from './latest.ts';
import { errorOf, useNotices } from './notices.ts';
import { useSelection } from './selection.ts';
import { useSnapshots } from './snapshots.ts';
import { useSources } from './sources.ts';
import { bucketsFor, clampView, covers, withMargin } from './timeline-view.ts';
import type { ViewRange } from './timeline-view.ts';

/** One run's series of the chosen metric; times are relative to the alignment. */
export interface RunWindows {
  range: ViewRange;
  /** By the run's position in the comparison. */
  series: ReadonlyMap<number, SeriesWindow>;
}

interface RunsState {
  /** Saved comparisons of each project that was opened. */
  saved: Record<ProjectId, RunComparison[]>;
  /** In the order of the runs; null: the run is not available. */
  figures: (RunFigures | null)[];
  /** Series of each of them. */
  series: SeriesInfo[][];
  /** The key of the current `figures` and `series`; '' for none. */
  loaded: string;
  loading: boolean;
  error: ErrorData | null;
  view: ViewRange;
  /** The crosshair; null: none. */
  cursor: SessionTime | null;
  detail: RunWindows | null;
  overview: RunWindows | null;
  /** The snapshot of each run to compare, by `sessionKey`; absent: its last one. null: none. */
  picks: Record<string, SnapshotId | null>;
}

interface WindowsRequest {
  lines: { run: number; project: ProjectId; series: SeriesId; zero: number }[];
  range: ViewRange;
  buckets: number;
}

const windows = new Latest<WindowsRequest, ReadonlyMap<number, SeriesWindow>>({
  run: async ({ lines, range, buckets }, signal) => {
    const answers = await Promise.all(
      lines.map(async ({ run, project, series, zero }) => {
        const [window] = await call(
          'timeline.window',
          { project, series: [series], from: range.from + zero, to: range.to + zero, buckets },
          { signal },
        );
        return window === undefined ? [] : [[run, shifted(window, zero)] as const];
      }),
    );
    return new Map(answers.flat());
  },
  deliver: (series, { range }) => useRuns().receive({ range, series }),
  fail: (thrown) => void (useRuns().error = errorOf(thrown)),
});

const shifted = (window: SeriesWindow, zero: number): SeriesWindow =>
  zero === 0 ? window : { ...window, t: window.t.map((t) => t - zero) };

const sessionKey = ({ project, session }: Pick<RunFigures, 'project' | 'session'>): string => `${project} ${session}`;

export const NEW_COMPARISON: RunComparison = {
  id: 0,
  name: '',
  runs: [],
  baseline: 0,
  align: { at: 'start' },
  layout: 'overlay',
  metric: 'rss',
};

/** Comparisons of runs: the saved ones, and the data of the current one. */
export const useRuns = defineStore('runs', {
  state: (): RunsState => ({
    saved: {},
    figures: [],
    series: [],
    loaded: '',
    loading: false,
    error: null,
    view: { from: 0, to: 1 },
    cursor: null,
    detail: null,
    overview: null,
    picks: {},
  }),
  getters: {
    current: (): RunComparison | null => useSelection().runs,
    kept: (state): RunComparison[] => state.saved[useSelection().project ?? ''] ?? [],
    /** The current saved comparison, as it was last saved. */
    original(): RunComparison | null {
      return this.kept.find(({ id }) => id === this.current?.id) ?? null;
    },
    changed(): boolean {
      return this.current !== null && JSON.stringify(this.original) !== JSON.stringify(this.current);
    },
    /** From the earliest to the latest time of all runs, relative to the alignment. */
    extent: (state): ViewRange => {
      const there = state.figures.filter((one) => one !== null);
      const from = Math.min(0, ...there.map(({ zero }) => 0 - (zero ?? 0)));
      return { from, to: Math.max(from + 1, ...there.map(({ zero, duration }) => duration - (zero ?? 0))) };
    },
    newest(): SessionTime {
      return this.extent.to;
    },
    /** A running session grows at its end; the view does not move. */
    following: (): boolean => false,
  },
  actions: {
    async loadSaved(project: ProjectId): Promise<void> {
      this.saved[project] = await call('runs.list', { project });
    },

    open(comparison: RunComparison | null): void {
      useSelection().go({ view: 'runs', runs: comparison });
    },

    /** The time range that the chart shows. */
    show(view: ViewRange): void {
      this.view = clampView(view, this.extent);
    },
    fit(): void {
      this.show(this.extent);
    },

    change(patch: Partial<RunComparison>): void {
      const { current } = this;
      if (current !== null) this.open({ ...current, ...patch });
    },

    /** Adds runs to the comparison. */
    add(refs: readonly RunRef[]): void {
      const before = this.current ?? NEW_COMPARISON;
      const runs = [...before.runs];
      for (const ref of refs) if (!runs.some((one) => one.path === ref.path && one.uuid === ref.uuid)) runs.push({ ...ref });
      this.open({ ...before, runs });
    },

    leaveOut(index: number): void {
      const { current } = this;
      if (current === null) return;
      const runs = current.runs.filter((_, i) => i !== index);
      const baseline = current.baseline > index ? current.baseline - 1 : current.baseline === index ? 0 : current.baseline;
      this.open(runs.length === 0 && current.id === 0 ? null : { ...current, runs, baseline });
    },

    refOf(project: ProjectId, { uuid }: SessionRow): RunRef {
      return { path: useSources().pathOf(project), uuid };
    },

    /** Saves the current comparison under a name; `anew`: as another one. */
    async save(name: string, anew: boolean): Promise<void> {
      const { project } = useSelection();
      const { current } = this;
      if (project === null || current === null) return;
      const comparison = await call('runs.save', { project, comparison: { ...current, id: anew ? 0 : current.id, name } });
      await this.loadSaved(project);
      useSelection().go({ runs: comparison }, { replace: true });
    },

    async rename(comparison: RunComparison, name: string): Promise<void> {
      const { project } = useSelection();
      if (project === null) return;
      await call('runs.save', { project, comparison: { ...comparison, name } });
      await this.loadSaved(project);
      const { current } = this;
      if (current?.id === comparison.id) useSelection().go({ runs: { ...current, name } }, { replace: true });
    },

    /** Removes it from the project; `restore` saves it again, under a new number. */
    async remove(comparison: RunComparison): Promise<void> {
      const { project } = useSelection();
      if (project === null) return;
      await call('runs.delete', { project, id: comparison.id });
      await this.loadSaved(project);
      if (this.current?.id === comparison.id) this.open(null);
      useNotices().report(
        'runs.deleted',
        { name: comparison.name },
        { label: 'common.undo', run: () => void useNotices().attempt(() => this.restore(project, comparison)) },
      );
    },

    async restore(project: ProjectId, comparison: RunComparison): Promise<void> {
      await call('runs.save', { project, comparison: { ...comparison, id: 0 } });
      await this.loadSaved(project);
    },

    /** Reads figures and series of the current runs; `again`: also those already known. */
    async load(again = false): Promise<void> {
      const { project, runs: current } = useSelection();
      const key = project === null || current === null ? '' : JSON.stringify([project, current.runs, current.align]);
      if (key === this.loaded && !again) return;
      const refresh = key === this.loaded;
      this.$patch({ loaded: key, error: null, loading: false });
      if (!refresh) {
        this.dropWindows();
        this.$patch({ figures: [], series: [] });
      }
      if (project === null || current === null || current.runs.length === 0) return;
      this.loading = true;
      try {
        await useSources().openAll(current.runs.flatMap(({ path }) => path ?? []));
        const figures = await call('runs.figures', { project, runs: current.runs.map((run) => ({ ...run })), align: { ...current.align } });
        const series = await Promise.all(
          figures.map(async (one) => (one === null ? [] : call('sessions.series', { project: one.project, session: one.session }))),
        );
        if (this.loaded !== key) return;
        this.$patch({ figures: markRaw(figures), series: markRaw(series) });
        if (!refresh) this.view = { ...this.extent };
      } catch (thrown) {
        if (this.loaded === key) this.error = errorOf(thrown);
      } finally {
        if (this.loaded === key) this.loading = false;
      }
    },

    /** The series that represents a run: the sum over its processes if there is one, else the series with most samples. */
    seriesOf(run: number, metric: string): SeriesInfo | null {
      const all = (this.series[run] ?? []).filter((one) => one.metric === metric && one.samples > 0);
      return all.find(({ process }) => process === null) ?? all.toSorted((a, b) => b.samples - a.samples)[0] ?? null;
    },

    /** Snapshots of a run that can be compared, earliest first. */
    snapshotsOf(run: number): SnapshotRow[] {
      const one = this.figures[run] ?? null;
      return one === null
        ? []
        : (useSnapshots().byProject[one.project] ?? []).filter((row) => row.session === one.session && row.state === 'ready');
    },

    /** The snapshot of a run to compare. */
    picked(run: number): SnapshotRef | null {
      const one = this.figures[run] ?? null;
      if (one === null) return null;
      const chosen = this.picks[sessionKey(one)];
      const rows = this.snapshotsOf(run);
      const row = chosen === null ? undefined : (rows.find(({ id }) => id === chosen) ?? rows.at(-1));
      return row === undefined ? null : { project: one.project, snapshot: row.id };
    },

    pick(run: number, snapshot: SnapshotId | null): void {
      const one = this.figures[run] ?? null;
      if (one !== null) this.picks[sessionKey(one)] = snapshot;
    },

    /** Metrics that any of the runs has. */
    metrics(): string[] {
      return [
        ...new Set(
          this.series
            .flat()
            .filter(({ samples }) => samples > 0)
            .map(({ metric }) => metric),
        ),
      ];
    },

    /** Requests the data for the view, `width` pixels wide. */
    request(metric: string, width: number): void {
      const lines = this.figures.flatMap((one, run) => {
        const series = this.seriesOf(run, metric);
        return one === null || series === null ? [] : [{ run, project: one.project, series: series.id, zero: one.zero ?? 0 }];
      });
      if (lines.length === 0 || width <= 0) return void this.$patch({ detail: null, overview: null });
      const range = withMargin(this.view, this.extent);
      windows.request({ lines, range, buckets: bucketsFor(range, this.view, width) });
    },

    /** Another metric, or other runs: nothing of the previous ones may be shown as theirs. */
    dropWindows(): void {
      windows.cancel();
      this.$patch({ detail: null, overview: null });
    },

    receive(found: RunWindows): void {
      this.detail = markRaw(found);
      if (covers(found.range, this.extent, this.extent)) this.overview = this.detail;
    },
  },
});
