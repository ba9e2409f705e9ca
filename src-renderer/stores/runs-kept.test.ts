import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import type { RunComparison, RunFigures, RunRef, SeriesInfo } from '../../src-preload/contract/index.ts';
import { useNotices } from './notices.ts';
import { useProjects } from './projects.ts';
import { NEW_COMPARISON, useRuns } from './runs.ts';
import { useSelection } from './selection.ts';
import { useSnapshots } from './snapshots.ts';
import { aProject, aSession, aSnapshot, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const testing = await import('./testing.ts');
  return { ...testing.fakeApi(), CallError: testing.FakeCallError };
});

const fake = fakeOf(api);
const [one, two] = ['u1', 'u2'].map((uuid): RunRef => ({ path: null, uuid })) as [RunRef, RunRef];
const kept = (id: number, change: Partial<RunComparison> = {}): RunComparison => ({
  ...{ ...NEW_COMPARISON, id, name: `kept ${id}`, runs: [one] },
  ...change,
});
const argsOf = (method: string): unknown[] => fake.call.mock.calls.filter(([name]) => name === method).map(([, args]) => args);

beforeEach(() => {
  freshStores(fake);
  fake.answers.set('runs.list', [kept(3), kept(4)]);
  useSelection().go({ project: 'p1', session: 1 });
});

describe('kept comparisons', () => {
  test('are those of the project in view; the one in view is known by its number', async () => {
    const runs = useRuns();
    expect([runs.kept, runs.original, runs.changed]).toEqual([[], null, false]);
    await runs.loadSaved('p1');
    expect(argsOf('runs.list')).toEqual([{ project: 'p1' }]);
    expect([runs.kept.length, runs.original]).toEqual([2, null]);
    runs.open(kept(4));
    expect([runs.original?.id, runs.changed]).toEqual([4, false]);
    runs.open(kept(4, { metric: 'cpu' }));
    expect(runs.changed).toBe(true);
    useSelection().go({ project: 'p2', view: 'runs' });
    expect(runs.kept).toEqual([]);
  });

  test('renamed are saved under the new name alone; in view the new name is no step of its own', async () => {
    const runs = useRuns();
    runs.open(kept(4, { layout: 'lanes' }));
    const steps = useSelection().entries.length;
    await runs.rename(kept(4), 'new');
    expect(argsOf('runs.save')).toEqual([{ project: 'p1', comparison: kept(4, { name: 'new' }) }]);
    expect([runs.current, useSelection().entries.length]).toEqual([kept(4, { name: 'new', layout: 'lanes' }), steps]);
    runs.open(null);
    await runs.rename(kept(4), 'newer');
    expect(runs.current).toBeNull();
  });

  test('saved is no step of its own', async () => {
    const runs = useRuns();
    fake.answers.set('runs.save', ({ comparison }: { comparison: RunComparison }) => comparison);
    runs.open(kept(4, { metric: 'cpu' }));
    const steps = useSelection().entries.length;
    await runs.save('x', false);
    expect([runs.current?.name, runs.current?.metric, useSelection().entries.length]).toEqual(['x', 'cpu', steps]);
  });

  test('deleted go from view, another stays; undone, it is kept again under a number of its own', async () => {
    const runs = useRuns();
    runs.open(kept(4));
    await runs.remove(kept(3));
    expect([argsOf('runs.delete'), runs.current?.id]).toEqual([[{ project: 'p1', id: 3 }], 4]);
    const [notice] = useNotices().list;
    expect(notice).toMatchObject({ body: { key: 'runs.deleted', values: { name: 'kept 3' } }, actions: [{ label: 'common.undo' }] });
    fake.answers.set('runs.list', [kept(4), kept(9)]);
    useNotices().act(notice!.id);
    await vi.waitFor(() => expect(runs.kept.map(({ id }) => id)).toEqual([4, 9]));
    expect(argsOf('runs.save')).toEqual([{ project: 'p1', comparison: kept(3, { id: 0 }) }]);
    await runs.remove(kept(4));
    expect(runs.current).toBeNull();
    await runs.remove(kept(9));
    expect(runs.current).toBeNull();
  });

  test('need a project, and something in view to be kept', async () => {
    const runs = useRuns();
    await runs.save('x', true);
    useSelection().go({ project: null, view: 'runs', runs: kept(4) });
    await runs.save('x', true);
    await runs.rename(kept(4), 'x');
    await runs.remove(kept(4));
    await runs.load();
    expect(fake.call).not.toHaveBeenCalled();
  });
});

describe('the comparison in view', () => {
  test('changes in what is said, where there is one', () => {
    const runs = useRuns();
    runs.change({ metric: 'cpu' });
    runs.leaveOut(0);
    expect(runs.current).toBeNull();
    runs.open(kept(4));
    runs.change({ metric: 'cpu' });
    expect(runs.current).toEqual(kept(4, { metric: 'cpu' }));
  });

  test('takes a run of the same name from another file beside the one from here', () => {
    const runs = useRuns();
    runs.add([one, { path: '/b', uuid: one.uuid }, two, one]);
    expect(runs.current?.runs).toHaveLength(3);
  });

  test('names a run by its file, the project in view by none', () => {
    useProjects().put(aProject());
    useProjects().put(aProject({ id: 'p2', path: '/two' }));
    expect(useRuns().refOf('p1', aSession({ uuid: 'u1' }))).toEqual(one);
    expect(useRuns().refOf('p2', aSession({ uuid: 'u2' }))).toEqual({ path: '/two', uuid: 'u2' });
  });

  test('is shown in part and whole again, and never follows', () => {
    const runs = useRuns();
    runs.show({ from: -50, to: 0.5 });
    expect([runs.view, runs.following]).toEqual([{ from: 0, to: 20 }, false]);
    runs.view = { from: 5, to: 9 };
    runs.fit();
    expect(runs.view.from).toBe(0);
  });
});

describe('what is read of the runs in view', () => {
  const found = (session: number, change: Partial<RunFigures> = {}): RunFigures => ({
    ...{ project: 'p1', session, name: 'run', program: 'app.py', duration: 1000, zero: 0 },
    ...{ peakRss: null, meanRss: null, slopeRss: null, growthBetweenMarks: null, marks: [], collections: 0, collectionPause: null },
    ...{ lastSnapshot: null, topGrowing: [], ...change },
  });
  const info = (id: number, metric: SeriesInfo['metric'], samples: number): SeriesInfo => ({
    ...{ id, session: 1, process: null, metric, samples, first: 0, last: 1000, min: 1, max: 9 },
  });

  test('is asked of the project, with the files that it names opened first', async () => {
    const runs = useRuns();
    fake.answers.set('runs.source', { project: 'p9', path: '/b', name: 'b', untitled: false });
    fake.answers.set('sessions.list', []);
    fake.answers.set('snapshots.list', []);
    fake.answers.set('runs.figures', [found(1), found(2, { project: 'p9' }), null]);
    fake.answers.set('sessions.series', [info(1, 'rss', 5)]);
    const there = [one, { path: '/b', uuid: 'u9' }, two];
    runs.open({ ...NEW_COMPARISON, runs: there, align: { at: 'mark', name: 'm' } });
    await runs.load();
    expect(argsOf('runs.source')).toEqual([{ path: '/b', confirmed: false }]);
    expect(argsOf('runs.figures')).toEqual([{ project: 'p1', runs: there, align: { at: 'mark', name: 'm' } }]);
    expect(argsOf('sessions.series')).toEqual([
      { project: 'p1', session: 1 },
      { project: 'p9', session: 2 },
    ]);
    expect([runs.series.map((all) => all.length), runs.loading, runs.error]).toEqual([[1, 1, 0], false, null]);
  });

  test('is nothing where there are no runs, and nothing of the last ones stays', async () => {
    const runs = useRuns();
    fake.answers.set('runs.figures', [found(1)]);
    fake.answers.set('sessions.series', [info(1, 'rss', 5)]);
    runs.add([one]);
    await runs.load();
    fake.call.mockClear();
    runs.open({ ...NEW_COMPARISON, runs: [] });
    await runs.load();
    expect([runs.figures, runs.series, runs.loading]).toEqual([[], [], false]);
    expect(fake.call).not.toHaveBeenCalled();
  });

  test('while it is read again stays in sight', async () => {
    const runs = useRuns();
    fake.answers.set('runs.figures', [found(1)]);
    fake.answers.set('sessions.series', [info(1, 'rss', 5)]);
    runs.add([one]);
    await runs.load();
    const again = runs.load(true);
    expect([runs.figures.length, runs.loading]).toEqual([1, true]);
    await again;
    expect(runs.loading).toBe(false);
  });

  test('metrics are those that any run has samples of, each once', () => {
    const runs = useRuns();
    expect(runs.metrics()).toEqual([]);
    runs.series = [
      [info(1, 'rss', 5), info(2, 'cpu', 0)],
      [info(3, 'rss', 1), info(4, 'threads', 1)],
    ];
    expect(runs.metrics()).toEqual(['rss', 'threads']);
  });

  test('of three snapshots the last is compared where none was picked; nothing is picked of a run that is not there', () => {
    const runs = useRuns();
    runs.figures = [found(1), null];
    useSnapshots().byProject = { p1: [1, 2, 3].map((id) => aSnapshot({ id })) };
    expect(runs.picked(0)).toEqual({ project: 'p1', snapshot: 3 });
    runs.pick(1, 2);
    expect([runs.picks, runs.picked(1), runs.snapshotsOf(0).length]).toEqual([{}, null, 3]);
  });
});
