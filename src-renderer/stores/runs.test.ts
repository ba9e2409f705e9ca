import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import type { RunFigures, RunRef, SeriesId, SeriesInfo, SeriesWindow, SessionId } from '../../src-preload/contract/index.ts';
import { NEW_COMPARISON, useRuns } from './runs.ts';
import { useSelection } from './selection.ts';
import { useSnapshots } from './snapshots.ts';
import { FakeCallError, aSnapshot, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const testing = await import('./testing.ts');
  return { ...testing.fakeApi(), CallError: testing.FakeCallError };
});

/** A busy machine may need this long. */
const SOON = { timeout: 30_000 };
const fake = fakeOf(api);
const [one, two, three] = ['u1', 'u2', 'u3'].map((uuid): RunRef => ({ path: null, uuid })) as [RunRef, RunRef, RunRef];

const figures = (session: SessionId, change: Partial<RunFigures> = {}): RunFigures => ({
  ...{ project: 'p1', session, name: 'run', program: 'app.py', duration: 1000, zero: 0 },
  ...{ peakRss: null, meanRss: null, slopeRss: null, growthBetweenMarks: null, marks: [], collections: 0, collectionPause: null },
  ...{ lastSnapshot: null, topGrowing: [], ...change },
});
const info = (id: number, change: Partial<SeriesInfo> = {}): SeriesInfo => ({
  ...{ id, session: 1, process: null, metric: 'rss', samples: 10, first: 0, last: 1000, min: 1, max: 9, ...change },
});
const windowOf = (series: SeriesId, ...t: number[]): SeriesWindow => ({
  series,
  raw: true,
  t: new Float64Array(t),
  lo: new Float64Array(t.length),
  hi: new Float64Array(t.length),
});
const windowsAsked = (): unknown[] => fake.call.mock.calls.filter(([name]) => name === 'timeline.window').map(([, args]) => args);

beforeEach(() => {
  freshStores(fake);
  fake.answers.set('sessions.series', ({ session }: { session: SessionId }) => [info(10 * session)]);
  fake.answers.set('timeline.window', ({ series: [id = 0], from }: { series: SeriesId[]; from: number }) => [windowOf(id, from, 500)]);
  useSelection().go({ project: 'p1', session: 1 });
});
// The results of the last requests have arrived.
afterEach(() => new Promise((resolve) => setTimeout(resolve, 30)));

/** Shows a run and starts reading its figures, which arrive when the test decides. */
async function reading(run: RunRef) {
  const answer = Promise.withResolvers<RunFigures[]>();
  const asked = vi.fn(() => answer.promise);
  fake.answers.set('runs.figures', asked);
  useRuns().open({ ...NEW_COMPARISON, runs: [run] });
  const done = useRuns().load();
  await vi.waitFor(() => expect(asked).toHaveBeenCalled(), SOON);
  return { ...answer, done };
}

async function loaded(...found: (RunFigures | null)[]): Promise<ReturnType<typeof useRuns>> {
  fake.answers.set('runs.figures', found);
  const runs = useRuns();
  runs.add([one, two, three].slice(0, found.length));
  await runs.load();
  return runs;
}

describe('the latest wins', () => {
  test.each(['answer', 'failure'])('figures of runs that are no longer in view are not shown: %s', async (late) => {
    const runs = useRuns();
    const first = await reading(one);
    const second = await reading(two);
    second.resolve([figures(2)]);
    await second.done;
    if (late === 'answer') first.resolve([figures(1)]);
    else first.reject(new FakeCallError('internal'));
    await first.done;
    expect([runs.figures.map((found) => found?.session), runs.error, runs.loading]).toEqual([[2], null, false]);
  });

  test('an answer on its way does not end the wait for the newer one', async () => {
    const runs = useRuns();
    const first = await reading(one);
    const second = await reading(two);
    first.resolve([figures(1)]);
    await first.done;
    expect(runs.loading).toBe(true);
    second.resolve([figures(2)]);
    await second.done;
    expect(runs.loading).toBe(false);
  });

  test('who leaves all runs while they are read waits for nothing', async () => {
    const runs = useRuns();
    const first = await reading(one);
    runs.open(null);
    await runs.load();
    expect(runs.loading).toBe(false);
    first.resolve([figures(1)]);
    await first.done;
    expect([runs.loading, runs.figures]).toEqual([false, []]);
  });

  test('samples of runs that are no longer in view are not drawn', async () => {
    const runs = await loaded(figures(1));
    const late = Promise.withResolvers<SeriesWindow[]>();
    fake.answers.set('timeline.window', () => late.promise);
    runs.request('rss', 100);
    await vi.waitFor(() => expect(windowsAsked()).toHaveLength(1), SOON);
    fake.answers.set('runs.figures', [figures(2)]);
    runs.open({ ...NEW_COMPARISON, runs: [two] });
    await runs.load();
    late.resolve([windowOf(10, 0, 1)]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(runs.detail).toBeNull();
  });

  test('samples of the last metric are not drawn as those of this one', async () => {
    const runs = await loaded(figures(1));
    const late = Promise.withResolvers<SeriesWindow[]>();
    fake.answers.set('timeline.window', () => late.promise);
    runs.request('rss', 100);
    await vi.waitFor(() => expect(windowsAsked()).toHaveLength(1), SOON);
    runs.dropWindows();
    late.resolve([windowOf(10, 0, 1)]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect([runs.detail, runs.overview]).toEqual([null, null]);
  });

  test('the same runs are read once, and again on request: view and picture stay then', async () => {
    const runs = await loaded(figures(1));
    runs.view = { from: 100, to: 200 };
    const calls = fake.call.mock.calls.length;
    await runs.load();
    expect(fake.call.mock.calls).toHaveLength(calls);
    fake.answers.set('runs.figures', [figures(1, { duration: 3000 })]);
    await runs.load(true);
    expect([runs.figures[0]?.duration, runs.view]).toEqual([3000, { from: 100, to: 200 }]);
  });
});

describe('the time of the alignment', () => {
  test('reaches from the earliest beginning to the latest end, and shows it whole at first', async () => {
    const runs = await loaded(figures(1, { zero: 300 }), null, figures(2, { duration: 900, zero: 100 }));
    expect(runs.extent).toEqual({ from: -300, to: 800 });
    expect(runs.view).toEqual(runs.extent);
  });

  test('is never empty, and starts at zero where no run has the mark', async () => {
    const runs = await loaded(figures(1, { duration: 0, zero: null }));
    expect(runs.extent).toEqual({ from: 0, to: 1 });
  });

  test('is taken off what a run recorded, and put on what is asked of it', async () => {
    const runs = await loaded(figures(1, { zero: 300 }), figures(2));
    runs.request('rss', 100);
    await vi.waitFor(() => expect(runs.detail).not.toBeNull(), SOON);
    expect(windowsAsked()).toMatchObject([
      { series: [10], from: 0, to: 1300 },
      { series: [20], from: -300, to: 1000 },
    ]);
    expect([...runs.detail!.series].map(([run, { t }]) => [run, [...t]])).toEqual([
      [0, [-300, 200]],
      [1, [-300, 500]],
    ]);
    expect(runs.overview).toBe(runs.detail);
  });

  test('a part of it is no overview', async () => {
    const runs = await loaded(figures(1));
    runs.view = { from: 400, to: 500 };
    runs.request('rss', 100);
    await vi.waitFor(() => expect(runs.detail?.range).toEqual({ from: 350, to: 550 }), SOON);
    expect(runs.overview).toBeNull();
    runs.request('rss', 0);
    expect(runs.detail).toBeNull();
  });
});

describe('what stands for a run', () => {
  test('is its sum, else the process with most samples, and never an empty series', async () => {
    const runs = await loaded(figures(1));
    runs.series = [[info(1, { process: 1 }), info(2), info(3, { process: 2, samples: 99 })]];
    expect(runs.seriesOf(0, 'rss')?.id).toBe(2);
    runs.series = [[info(1, { process: 1 }), info(2, { samples: 0 }), info(3, { process: 2, samples: 99 })]];
    expect(runs.seriesOf(0, 'rss')?.id).toBe(3);
    expect([runs.seriesOf(0, 'cpu'), runs.seriesOf(5, 'rss')]).toEqual([null, null]);
    expect(runs.metrics()).toEqual(['rss']);
    runs.request('cpu', 100);
    expect(runs.detail).toBeNull();
  });

  test('is its last snapshot that is ready, unless another or none was picked', async () => {
    const runs = await loaded(figures(1), null);
    const rows = [{ id: 1 }, { id: 2 }, { id: 3, state: 'failed' as const }, { id: 4, session: 2 }];
    useSnapshots().byProject = { p1: rows.map((row) => aSnapshot(row)) };
    expect(runs.snapshotsOf(0).map(({ id }) => id)).toEqual([1, 2]);
    expect(runs.picked(0)).toEqual({ project: 'p1', snapshot: 2 });
    runs.pick(0, 1);
    expect(runs.picked(0)?.snapshot).toBe(1);
    runs.pick(0, 99);
    expect(runs.picked(0)?.snapshot).toBe(2);
    runs.pick(0, null);
    expect([runs.picked(0), runs.picked(1), runs.snapshotsOf(1)]).toEqual([null, null, []]);
  });
});

describe('a run that is left out', () => {
  test.each([
    ['before the baseline moves it', 0, 1, 0],
    ['that is the baseline makes the first one it', 1, 1, 0],
    ['after the baseline leaves it', 2, 1, 1],
  ])('%s', (_, left, baseline, then) => {
    const runs = useRuns();
    runs.open({ ...NEW_COMPARISON, runs: [one, two, three], baseline });
    runs.leaveOut(left);
    expect([runs.current?.runs.length, runs.current?.baseline]).toEqual([2, then]);
  });

  test('as the last of a kept comparison leaves that, empty', () => {
    const runs = useRuns();
    runs.open({ ...NEW_COMPARISON, id: 4, runs: [one] });
    runs.leaveOut(0);
    expect(runs.current).toMatchObject({ id: 4, runs: [] });
  });
});

test('a new name is kept, and shown where the comparison is in view', async () => {
  const runs = useRuns();
  const kept = { ...NEW_COMPARISON, id: 4, name: 'old', runs: [one] };
  fake.answers.set('runs.list', [kept]);
  runs.open({ ...kept, layout: 'lanes' });
  await runs.rename({ ...kept, id: 5 }, 'other');
  expect(runs.current?.name).toBe('old');
  await runs.rename(kept, 'new');
  expect(runs.current).toMatchObject({ name: 'new', layout: 'lanes' });
});

test('saved under its own number, or as another one', async () => {
  const runs = useRuns();
  fake.answers.set('runs.list', []);
  fake.answers.set('runs.save', ({ comparison }: { comparison: unknown }) => comparison);
  runs.open({ ...NEW_COMPARISON, id: 4, runs: [one] });
  await runs.save('a', false);
  expect(runs.current).toMatchObject({ id: 4, name: 'a' });
  await runs.save('b', true);
  expect(runs.current).toMatchObject({ id: 0, name: 'b' });
});
