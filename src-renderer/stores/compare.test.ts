import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ProjectId, SnapshotId } from '../../src-preload/contract/index.ts';
import * as api from '../api/index.ts';
import { lookUp, useCompare } from './compare.ts';
import { useNotices } from './notices.ts';
import { useProjects } from './projects.ts';
import { NEW_COMPARISON, useRuns } from './runs.ts';
import { useSelection } from './selection.ts';
import { useSources } from './sources.ts';
import { FakeCallError, aProject, aSession, aSnapshot, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const testing = await import('./testing.ts');
  return { ...testing.fakeApi(), CallError: testing.FakeCallError };
});

const fake = fakeOf(api);
const GUEST = { project: 'p9', path: '/home/a/other.heapscope', name: 'other', untitled: false };

/** A project with two sessions of two snapshots each, and a file beside it. */
beforeEach(async () => {
  freshStores(fake);
  fake.answers.set('sessions.list', ({ project }: { project: ProjectId }) =>
    project === 'p9' ? [aSession({ uuid: 'u9' })] : [aSession({ id: 1, uuid: 'u1' }), aSession({ id: 2, uuid: 'u2', startedAt: 9000 })],
  );
  fake.answers.set('snapshots.list', ({ project }: { project: ProjectId }) =>
    project === 'p9'
      ? [aSnapshot({ id: 1 })]
      : [
          aSnapshot({ id: 1, t: 100 }),
          aSnapshot({ id: 2, t: 200 }),
          aSnapshot({ id: 3, session: 2, t: 50 }),
          aSnapshot({ id: 4, session: 2, t: 60, state: 'failed' }),
        ],
  );
  fake.answers.set('runs.source', ({ path }: { path: string }) => {
    if (path !== GUEST.path) throw new FakeCallError('project.missing', { path });
    return GUEST;
  });
  useProjects().put(aProject());
  useSelection().go({ project: 'p1', view: 'compare' });
  await useSources().load();
});

describe('snapshots that cannot be compared', () => {
  test('one alone, one that failed and one that is gone are no comparison', () => {
    const compare = useCompare();
    const selection = useSelection();
    for (const snapshots of [[], [1], [1, 4], [1, 77]]) {
      selection.go({ snapshots });
      expect(compare.isWhole).toBe(false);
    }
    expect(compare.compared.map(({ row }) => row?.id)).toEqual([1, undefined]);
  });

  test('of a file that cannot be read: it is remembered', async () => {
    useCompare().choose([
      { path: null, snapshot: 1 },
      { path: '/nowhere', snapshot: 1 },
    ]);
    await useSources().openAll(['/nowhere']);
    expect([useCompare().isWhole, useSources().unreadable]).toEqual([false, ['/nowhere']]);
  });

  test('of a file that was never opened here: it is asked about once, and read when the user agrees', async () => {
    const asked: boolean[] = [];
    fake.answers.set('runs.source', ({ path, confirmed }: { path: string; confirmed: boolean }) => {
      asked.push(confirmed);
      if (!confirmed) throw new FakeCallError('project.unconfirmed', { path });
      return GUEST;
    });
    await useSources().openAll([GUEST.path]);
    await useSources().openAll([GUEST.path]);
    const [notice, ...others] = useNotices().list;
    expect([notice?.body, others]).toEqual([{ kind: 'error', error: { code: 'project.unconfirmed', facts: { path: GUEST.path } } }, []]);
    expect(useSources().list.map(({ path }) => path)).not.toContain(GUEST.path);
    useNotices().act(notice!.id);
    await vi.waitFor(() => expect(useSources().list.map(({ path }) => path)).toContain(GUEST.path));
    expect([asked, useSources().unreadable]).toEqual([[false, false, true], []]);
  });
});

describe('what is known of a snapshot', () => {
  const at = (path: string | null, snapshot: number) => ({ path, snapshot });

  test('is its row, its session and its file; of a file that is not open nothing', async () => {
    await useSources().open(GUEST.path, true);
    expect(lookUp(at(null, 3))).toMatchObject({
      ref: { project: 'p1', snapshot: 3 },
      row: { id: 3 },
      session: { uuid: 'u2' },
      source: { project: 'p1' },
    });
    expect(lookUp(at(GUEST.path, 1))).toMatchObject({ ref: { project: 'p9', snapshot: 1 }, session: { uuid: 'u9' }, source: GUEST });
    expect(lookUp(at('/nowhere', 1))).toEqual({ at: at('/nowhere', 1), ref: null, row: null, session: null, source: null });
  });

  test('two that are there are a whole comparison, of which one part cannot be asked for', () => {
    const compare = useCompare();
    useSelection().go({ snapshots: [1, 2] });
    expect([compare.isWhole, compare.parts()]).toEqual([true, ['new', 'gone', 'survived', 'grown']]);
    useSelection().go({ snapshots: [1, 2, 3] });
    expect([compare.isWhole, compare.parts()]).toEqual([true, ['new', 'gone', 'survived', 'grown', 'between']]);
    useSelection().go({ snapshots: [1, 2, 77] });
    expect([compare.isWhole, compare.refs.length]).toEqual([false, 2]);
  });

  test('of fewer than two there are no objects to ask for', () => {
    const row = { key: 7, called: 'x', part: 'new' } as const;
    for (const snapshots of [[], [1]]) {
      useSelection().go({ snapshots });
      expect(useCompare().setOf(row, 'type')).toBeNull();
    }
    useSelection().go({ snapshots: [1, 2] });
    for (const part of ['new', 'survived'] as const)
      expect(useCompare().setOf({ ...row, part }, 'type')?.shownOf).toEqual({ project: 'p1', snapshot: 2 });
  });
});

describe('the table', () => {
  test('begins with what grew most', () => {
    expect([useCompare().filter, useCompare().sort]).toEqual(['', { column: 'retainedDiff', descending: true }]);
  });

  test('grouped anew closes its row and its object; another row only the object', () => {
    const compare = useCompare();
    const selection = useSelection();
    const object = { of: { project: 'p1', snapshot: 1 }, session: 1, node: 5 };
    const row = { key: 7, called: 'x', part: 'new' } as const;
    compare.change({ row, object, growing: true });
    const steps = selection.entries.length;
    compare.openRow({ ...row, key: 8 }, { replace: true });
    expect([selection.compare.row?.key, selection.compare.object, selection.entries.length]).toEqual([8, null, steps]);
    compare.change({ object });
    compare.groupBy('module');
    expect(selection.compare).toMatchObject({ by: 'module', row: null, object: null, growing: true });
    expect(selection.entries).toHaveLength(steps + 2);
  });

  test('asks for groups of what is compared now', async () => {
    useSelection().go({ snapshots: [1, 2] });
    await useCompare().groups({ by: 'type', growing: false } as never);
    expect(fake.call).toHaveBeenCalledWith(
      'compare.groups',
      { snapshots: [1, 2].map((snapshot) => ({ project: 'p1', snapshot })), by: 'type', growing: false },
      undefined,
    );
  });
});

describe('choosing', () => {
  const here = (...snapshots: number[]) => snapshots.map((snapshot) => ({ path: null, snapshot }));

  test('replaces the step where it is told to, of this file or of another', () => {
    const selection = useSelection();
    const steps = selection.entries.length;
    useCompare().choose(here(1, 2), { replace: true });
    useCompare().choose([...here(1), { path: GUEST.path, snapshot: 1 }], { replace: true });
    expect(selection.entries).toHaveLength(steps);
    useCompare().choose(here(1, 2));
    useCompare().choose(here(1, 3));
    expect(selection.entries).toHaveLength(steps + 2);
  });

  test('of one session is in the order of its time', () => {
    useCompare().choose(here(2, 1));
    expect(useSelection().snapshots).toEqual([1, 2]);
  });

  test('stands on the session of the last that is still there, or on the one in view', () => {
    const selection = useSelection();
    useCompare().choose(here(1, 3, 77), { inOrder: true });
    expect(selection.session).toBe(2);
    selection.go({ session: 1 });
    useCompare().choose(here(3, 2), { inOrder: true });
    expect(selection.session).toBe(1);
    selection.go({ session: null });
    useCompare().choose(here(77, 78), { inOrder: true });
    expect(selection.session).toBeNull();
  });

  test('one of them out, the order of the others is left', () => {
    useCompare().choose(here(3, 2, 1), { inOrder: true });
    useCompare().leaveOut(1);
    expect(useSelection().snapshots).toEqual([3, 1]);
  });

  test('names a snapshot of another open project by its path', () => {
    useProjects().put(aProject({ id: 'p0', path: '/home/a/zero.heapscope' }));
    useCompare().choose([{ path: '/home/a/zero.heapscope', snapshot: 1 }, ...here(1)], { inOrder: true });
    expect(useSelection().compare.snapshots[0]).toEqual({ path: '/home/a/zero.heapscope', snapshot: 1 });
  });

  test('is the selection, earliest first, with a session to stand on', () => {
    useCompare().choose([
      { path: null, snapshot: 3 },
      { path: '/home/a/one.heapscope', snapshot: 1 },
    ]);
    expect(useSelection().current).toMatchObject({ view: 'compare', snapshots: [1, 3], session: 2, compare: { snapshots: [] } });
    expect(useCompare().refs).toEqual([
      { project: 'p1', snapshot: 1 },
      { project: 'p1', snapshot: 3 },
    ]);
  });

  test('sides are swapped and left out, and back undoes it', () => {
    const selection = useSelection();
    useCompare().choose([
      { path: null, snapshot: 1 },
      { path: null, snapshot: 2 },
    ]);
    useCompare().swap();
    expect(selection.snapshots).toEqual([2, 1]);
    useCompare().leaveOut(0);
    expect(selection.snapshots).toEqual([1]);
    selection.back();
    expect(selection.snapshots).toEqual([2, 1]);
  });

  test('of another file is by its path, and by its handle once it is open', async () => {
    await useSources().openAll([GUEST.path]);
    useCompare().choose(
      [
        { path: GUEST.path, snapshot: 1 },
        { path: null, snapshot: 2 },
      ],
      { inOrder: true },
    );
    expect(useSelection().compare.snapshots).toEqual([
      { path: GUEST.path, snapshot: 1 },
      { path: null, snapshot: 2 },
    ]);
    expect(useCompare().refs).toEqual([
      { project: 'p9', snapshot: 1 },
      { project: 'p1', snapshot: 2 },
    ]);
  });

  test('the objects of a row are asked of the last, and shown of the first where they are gone', () => {
    const compare = useCompare();
    compare.choose(
      [1, 2, 3].map((snapshot) => ({ path: null, snapshot })),
      { inOrder: true },
    );
    const ref = (snapshot: SnapshotId) => ({ project: 'p1', snapshot });
    expect(compare.setOf({ key: 7, called: 'x', part: 'gone' }, 'type')).toEqual({
      of: ref(3),
      shownOf: ref(1),
      set: { of: 'changed', base: ref(1), part: 'gone', by: 'type', key: 7 },
    });
    expect(compare.setOf({ key: null, called: '', part: 'between' }, 'type')).toEqual({
      of: ref(3),
      shownOf: ref(3),
      set: { of: 'between', first: ref(1), second: ref(2), by: null, key: 0 },
    });
  });
});

describe('runs', () => {
  const [one, two] = [
    { path: null, uuid: 'u1' },
    { path: null, uuid: 'u2' },
  ];

  test('are added once, and the baseline stays with its run when another is left out', () => {
    const runs = useRuns();
    runs.add([one, two, one]);
    runs.add([two, { path: GUEST.path, uuid: 'u9' }]);
    expect(runs.current?.runs).toHaveLength(3);
    runs.change({ baseline: 1 });
    runs.leaveOut(0);
    expect(runs.current).toMatchObject({ baseline: 0, runs: [two, { uuid: 'u9' }] });
    runs.leaveOut(0);
    runs.leaveOut(0);
    expect(runs.current).toBeNull();
  });

  test('a failure is kept, with what to do next', async () => {
    fake.answers.set('runs.figures', () => {
      throw new FakeCallError('project.not-open', {});
    });
    useRuns().add([one]);
    await useRuns().load();
    expect(useRuns().error?.code).toBe('project.not-open');
  });

  test('saved, changed, taken back and deleted with a way back', async () => {
    const runs = useRuns();
    let kept = [{ ...NEW_COMPARISON, id: 4, name: 'mine', runs: [one, two] }];
    fake.answers.set('runs.list', () => kept);
    fake.answers.set('runs.save', () => kept[0]);
    runs.add([one, two]);
    expect(runs.changed).toBe(true);
    await runs.save('mine', true);
    expect([runs.current?.id, runs.changed]).toEqual([4, false]);
    runs.change({ layout: 'lanes' });
    expect(runs.changed).toBe(true);
    runs.open(runs.original);
    expect(runs.changed).toBe(false);
    const [comparison] = kept;
    kept = [];
    if (comparison) await runs.remove(comparison);
    expect([runs.current, runs.kept]).toEqual([null, []]);
  });
});
