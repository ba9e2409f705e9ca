import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import { useBookmarks } from './bookmarks.ts';
import { useHeap } from './heap.ts';
import { FIRST_PLACE } from './heap-place.ts';
import { useSelection } from './selection.ts';
import { useSnapshots } from './snapshots.ts';
import type { SnapshotSettings } from './snapshots.ts';
import { FakeCallError, aSnapshot, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('./testing.ts');
  return { ...fakeApi(), CallError: FakeCallError };
});

const fake = fakeOf(api);
const OPTIONS = { method: 'auto' as const, collectFirst: false, previews: false, redact: [], memoryLimit: null, joinPages: false };
const HERE = { project: 'p1', session: 1 };

beforeEach(() => {
  freshStores(fake);
  useSelection().go({ project: 'p1', session: 1, view: 'heap' });
});

describe('taking', () => {
  test('a refused snapshot leaves no row behind', async () => {
    fake.answers.set('snapshots.take', () => {
      throw new FakeCallError('snapshot.busy', { pid: 4711 });
    });
    await expect(useSnapshots().take(HERE, OPTIONS, null, '')).rejects.toThrow('snapshot.busy');
    expect(useSnapshots().ofSession).toEqual([]);
  });

  test('what was told before the answer came is not made older by it', async () => {
    const snapshots = useSnapshots();
    snapshots.listen();
    fake.answers.set('snapshots.take', () => {
      fake.emit('snapshot.changed', { project: 'p1', row: aSnapshot({ state: 'importing' }) });
      return [aSnapshot({ state: 'capturing' })];
    });
    await snapshots.take(HERE, OPTIONS, null, 'before');
    expect(snapshots.ofSession.map(({ state }) => state)).toEqual(['importing']);
    expect(fake.call).toHaveBeenCalledWith('snapshots.take', { ...HERE, processes: null, name: 'before', options: OPTIONS });
  });

  test('progress belongs to what is under way, and goes with it', () => {
    const snapshots = useSnapshots();
    snapshots.listen();
    fake.emit('snapshot.changed', { project: 'p1', row: aSnapshot({ state: 'capturing' }) });
    fake.emit('snapshot.progress', {
      project: 'p1',
      progress: { id: 1, session: 1, state: 'capturing', step: 'walking', done: 0.5, objects: 7 },
    });
    expect(snapshots.inProgressHere).toMatchObject([{ project: 'p1', progress: { step: 'walking', done: 0.5 } }]);
    fake.emit('snapshot.changed', { project: 'p1', row: aSnapshot({ state: 'failed', error: { code: 'snapshot.killed', facts: {} } }) });
    expect([snapshots.inProgress, snapshots.progressOf('p1', 1)]).toEqual([[], null]);
  });

  test('a row that changes while it is under way keeps what is known of its progress', () => {
    const snapshots = useSnapshots();
    snapshots.listen();
    snapshots.put('p1', aSnapshot({ state: 'capturing' }));
    fake.emit('snapshot.progress', {
      project: 'p1',
      progress: { id: 1, session: 1, state: 'capturing', step: 'walking', done: 0.5, objects: 7 },
    });
    snapshots.put('p1', aSnapshot({ state: 'importing' }));
    expect(snapshots.progressOf('p1', 1)?.done).toBe(0.5);
  });

  test('those of another session are under way, but not here', () => {
    const snapshots = useSnapshots();
    snapshots.put('p1', aSnapshot({ id: 2, session: 9, state: 'importing' }));
    snapshots.put('p2', aSnapshot({ id: 1, state: 'importing' }));
    expect([snapshots.inProgress.length, snapshots.inProgressHere]).toEqual([2, []]);
  });
});

describe('what is asked of the engine', () => {
  test('a snapshot that is taken shows at once, also where nothing else is known of its project', async () => {
    fake.answers.set('snapshots.take', [aSnapshot({ id: 5, state: 'capturing' }), aSnapshot({ id: 4, state: 'capturing' })]);
    expect(await useSnapshots().take(HERE, OPTIONS, [1], 'a')).toHaveLength(2);
    expect(useSnapshots().ofSession.map(({ id }) => id)).toEqual([4, 5]);
  });

  test('forecasts, cancels and names are of the one that is named', async () => {
    const snapshots = useSnapshots();
    fake.answers.set('snapshots.forecast', [{ process: 1 }]);
    fake.answers.set('snapshots.update', aSnapshot({ name: 'before' }));
    expect(await snapshots.forecast(HERE, 'fork')).toEqual([{ process: 1 }]);
    await snapshots.cancel({ project: 'p1', snapshot: 1 });
    await snapshots.update('p1', 1, { name: 'before' });
    expect(fake.call.mock.calls).toEqual([
      ['snapshots.forecast', { ...HERE, method: 'fork' }],
      ['snapshots.cancel', { project: 'p1', snapshot: 1 }],
      ['snapshots.update', { project: 'p1', snapshot: 1, name: 'before' }],
    ]);
    expect(snapshots.ofSession[0]?.name).toBe('before');
  });

  test('the plan is that of its session, as it was read or saved last', async () => {
    const snapshots = useSnapshots();
    const rules = { every: 5000, rssAbove: null, rssStep: null, atMark: null, atExit: false, limit: 10 };
    const plan: SnapshotSettings = { rules, options: OPTIONS };
    fake.answers.set('snapshots.plan', plan);
    expect(await snapshots.loadSettings(HERE)).toEqual(plan);
    expect([snapshots.settings, snapshots.settingsOf]).toEqual([plan, HERE]);
    const other = { ...plan, options: { ...OPTIONS, collectFirst: true } };
    await snapshots.saveSettings({ ...HERE, session: 2 }, other);
    expect([snapshots.settings, snapshots.settingsOf]).toEqual([other, { ...HERE, session: 2 }]);
    expect(fake.call.mock.calls).toEqual([
      ['snapshots.plan', HERE],
      ['snapshots.setPlan', { ...HERE, session: 2, ...other }],
    ]);
  });
});

describe('listing and choosing', () => {
  beforeEach(async () => {
    fake.answers.set('snapshots.list', [
      aSnapshot({ id: 3, t: 30 }),
      aSnapshot({ id: 1, t: 10 }),
      aSnapshot({ id: 2, t: 20 }),
      aSnapshot({ id: 4, session: 2, t: 5 }),
    ]);
    await useSnapshots().load('p1');
  });

  test('those of the session, in the order of time', () => {
    expect(useSnapshots().ofSession.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  test('a second one stands where its time puts it; a third takes the place of the first', () => {
    const snapshots = useSnapshots();
    const { chosen } = { chosen: () => useSelection().snapshots };
    snapshots.choose(3);
    snapshots.choose(1, { beside: true });
    expect(chosen()).toEqual([1, 3]);
    snapshots.choose(2, { beside: true });
    expect(chosen()).toEqual([2, 3]);
    snapshots.choose(3, { beside: true });
    expect(chosen()).toEqual([2]);
  });

  test('deleted ones are chosen no more, and come back when they are restored', async () => {
    const snapshots = useSnapshots();
    useSelection().go({ snapshots: [1, 2] });
    await snapshots.remove('p1', [2]);
    expect([useSelection().snapshots, snapshots.current?.id]).toEqual([[1], 1]);
    await snapshots.restore('p1', [2]);
    expect(snapshots.ofSession).toHaveLength(3);
  });

  test('of the same moment stand in the order in which they were taken; those that failed are not ready', () => {
    const snapshots = useSnapshots();
    snapshots.put('p1', aSnapshot({ id: 7, t: 20, state: 'failed' }));
    snapshots.put('p1', aSnapshot({ id: 6, t: 20 }));
    expect(snapshots.ofSession.map(({ id }) => id)).toEqual([1, 2, 6, 7, 3]);
    expect(snapshots.ready.map(({ id }) => id)).toEqual([1, 2, 6, 3]);
  });

  test('of several sessions stand session by session, each in the order of time', async () => {
    fake.answers.set('snapshots.list', [
      aSnapshot({ id: 1, session: 2, t: 5 }),
      aSnapshot({ id: 3, session: 1, t: 20 }),
      aSnapshot({ id: 2, session: 1, t: 90 }),
      aSnapshot({ id: 4, session: 2, t: 1 }),
    ]);
    await useSnapshots().load('p1');
    expect(useSnapshots().ofProject.map(({ id }) => id)).toEqual([3, 2, 4, 1]);
    expect(fake.call).toHaveBeenLastCalledWith('snapshots.list', { project: 'p1', session: null });
    useSnapshots().put('p1', aSnapshot({ id: 3, session: 1, t: 95 }));
    expect(useSnapshots().ofProject.map(({ id }) => id)).toEqual([2, 3, 4, 1]);
  });

  test('are read again when the engine says that they are others', async () => {
    useSnapshots().listen();
    fake.answers.set('snapshots.list', [aSnapshot({ id: 9 })]);
    fake.emit('snapshots.changed', { project: 'p1' });
    await vi.waitFor(() => expect(useSnapshots().ofProject.map(({ id }) => id)).toEqual([9]));
  });

  test('the one that is looked into is the last that is chosen', () => {
    useSelection().go({ snapshots: [2, 3] });
    expect([useSnapshots().current?.id, useSnapshots().chosen.map(({ id }) => id)]).toEqual([3, [2, 3]]);
  });

  test('the one before it is of the same process, and the first has none', async () => {
    const ready = (id: number, process: number) => aSnapshot({ id, t: 10 * id, process, state: 'ready' });
    fake.answers.set('snapshots.list', [ready(1, 1), ready(2, 2), aSnapshot({ id: 3, t: 30, process: 1, state: 'failed' }), ready(4, 1)]);
    await useSnapshots().load('p1');
    const previousOf = (id: number) => {
      useSelection().go({ snapshots: [id] });
      return useSnapshots().previous?.id ?? null;
    };
    expect([1, 2, 3, 4].map(previousOf)).toEqual([null, null, null, 1]);
  });

  test('one that is chosen alone replaces the step where it is told to', () => {
    const steps = useSelection().entries.length;
    useSnapshots().choose(1, { replace: true });
    expect([useSelection().snapshots, useSelection().entries.length]).toEqual([[1], steps]);
    useSnapshots().choose(2);
    expect([useSelection().snapshots, useSelection().entries.length]).toEqual([[2], steps + 1]);
  });

  test('deleted in another project, or not chosen, leaves what is chosen', async () => {
    const snapshots = useSnapshots();
    useSelection().go({ snapshots: [1, 2] });
    const steps = useSelection().entries.length;
    await snapshots.remove('p2', [1]);
    await snapshots.remove('p1', [3]);
    expect([useSelection().snapshots, useSelection().entries.length]).toEqual([[1, 2], steps]);
    expect([snapshots.byProject['p2'], snapshots.ofSession.map(({ id }) => id)]).toEqual([[], [1, 2]]);
  });

  test('what is chosen but gone is no snapshot', () => {
    useSelection().go({ snapshots: [77] });
    expect([useSnapshots().current, useSnapshots().chosen]).toEqual([null, []]);
  });
});

describe('looking into one', () => {
  test('the earlier of two is not the one that is looked into', () => {
    useSelection().go({ snapshots: [1, 2] });
    expect(useHeap().ref).toEqual({ project: 'p1', snapshot: 2 });
  });

  test('totals are asked for once', async () => {
    fake.answers.set('heap.summary', { objects: 5 });
    await useHeap().summary({ project: 'p1', snapshot: 2 });
    await useHeap().summary({ project: 'p1', snapshot: 2 });
    expect(fake.call).toHaveBeenCalledTimes(1);
  });

  test('an object without a name is asked for once, also when that fails', async () => {
    fake.answers.set('heap.object', () => {
      throw new FakeCallError('snapshot.object-missing');
    });
    useHeap().prefetch({ project: 'p1', snapshot: 2 }, 5);
    useHeap().prefetch({ project: 'p1', snapshot: 2 }, 5);
    await Promise.resolve();
    expect(fake.call).toHaveBeenCalledTimes(1);
    expect(useHeap().rowOf({ project: 'p1', snapshot: 2 }, 5)).toBeNull();
  });

  test('a question carries its place and its rows', async () => {
    await useHeap().ask('heap.groups', {
      project: 'p1',
      snapshot: 2,
      by: 'module',
      within: FIRST_PLACE.within,
      parent: null,
      filter: null,
      sort: null,
      from: 0,
      count: 10,
    });
    expect(fake.call).toHaveBeenCalledWith(
      'heap.groups',
      { project: 'p1', snapshot: 2, by: 'module', within: { of: 'all' }, parent: null, filter: null, sort: null, from: 0, count: 10 },
      undefined,
    );
  });
});

describe('bookmarks', () => {
  test('one of each object: a changed note takes the place of the old one', async () => {
    const bookmarks = useBookmarks();
    fake.answers.set('bookmarks.set', (args: { note: string }) => ({ id: 1, snapshot: 2, node: 5, label: 'dict', note: args.note }));
    await bookmarks.set({ project: 'p1', snapshot: 2 }, 5, '', 'dict');
    await bookmarks.set({ project: 'p1', snapshot: 2 }, 5, 'grows', 'dict');
    expect(bookmarks.of({ project: 'p1', snapshot: 2 })).toMatchObject([{ note: 'grows' }]);
    expect(bookmarks.find('p1', 3, 5)).toBeNull();
    await bookmarks.remove('p1', 1);
    expect(bookmarks.find('p1', 2, 5)).toBeNull();
  });
});
