import { beforeEach, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import { useProjects } from './projects.ts';
import { useRecording } from './recording.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { useTasks } from './tasks.ts';
import { aProject, aSession, aSpec, aState, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('./testing.ts');
  return {
    ...fakeApi(),
    CallError: FakeCallError,
    onConnection: () => () => undefined,
    onResync: () => () => undefined,
    connect: async () => undefined,
    connectionState: () => 'connected',
  };
});

const fake = fakeOf(api);
beforeEach(() => freshStores(fake));

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('answers about processes that come late do not show another session’s', async () => {
  const sessions = useSessions();
  const waiting: ((rows: unknown) => void)[] = [];
  fake.answers.set('sessions.processes', () => new Promise((resolve) => waiting.push(resolve)));
  const first = sessions.loadProcesses('p1', 1);
  const second = sessions.loadProcesses('p1', 2);
  waiting[1]?.([{ id: 20 }]);
  waiting[0]?.([{ id: 10 }]);
  await Promise.all([first, second]);
  expect(sessions.processes).toEqual([{ id: 20 }]);
});

test('rows come newest first, change in place, and appear when they start', async () => {
  const sessions = useSessions();
  sessions.listen();
  useSelection().go({ project: 'p1' });
  fake.answers.set('sessions.list', [aSession({ id: 1, startedAt: 1 }), aSession({ id: 2, startedAt: 2 })]);
  await sessions.load('p1');
  fake.emit('session.changed', { project: 'p1', row: aSession({ id: 1, startedAt: 1, samples: 99 }) });
  fake.emit('session.changed', { project: 'p1', row: aSession({ id: 3, startedAt: 3 }) });
  expect(sessions.rows.map((row) => [row.id, row.samples])).toEqual([
    [3, 10],
    [2, 10],
    [1, 99],
  ]);
});

test('what is deleted is gone from view, and comes back', async () => {
  const sessions = useSessions();
  const selection = useSelection();
  fake.answers.set('sessions.list', [aSession()]);
  await sessions.load('p1');
  selection.go({ project: 'p1', session: 1, view: 'timeline' });
  await sessions.remove('p1', [1]);
  expect([sessions.rows, selection.session, selection.view]).toEqual([[], null, 'sessions']);
  fake.answers.set('sessions.list', [aSession()]);
  await sessions.restore('p1', [1]);
  expect(sessions.rows).toHaveLength(1);
});

test('a copy shows its progress and can be cancelled', async () => {
  const seen: unknown[] = [];
  fake.call.mockImplementationOnce(async (_method, _args, options) => {
    const { onProgress, signal } = options as { onProgress: (progress: unknown) => void; signal: AbortSignal };
    onProgress({ done: 0.5, step: 'copy' });
    seen.push(useTasks().running[0]?.progress?.done);
    useTasks().running[0]?.cancel();
    seen.push(signal.aborted);
    return { copied: 1, toPath: '/b' };
  });
  await useSessions().copy('p1', [1], '/b');
  expect(seen).toEqual([0.5, true]);
  expect(useTasks().running).toEqual([]);
});

test('a recording that starts is shown at once, and one that ended is no longer running', async () => {
  const recording = useRecording();
  recording.listen();
  fake.answers.set('recording.start', { project: aProject(), session: 1 });
  fake.answers.set('recording.states', [aState()]);
  fake.answers.set('sessions.list', [aSession({ state: 'running' })]);
  await recording.start(aSpec(), null);
  expect(useSelection().current).toMatchObject({ project: 'p1', session: 1, view: 'timeline' });
  expect(useProjects().current?.id).toBe('p1');
  fake.emit('recording.state', aState({ rss: 5, agents: [{ process: 1, pid: 7, state: 'connected', tracemallocFrames: 10 }] }));
  expect([recording.current?.rss, recording.hasAgent, recording.tracemallocFrames]).toEqual([5, true, 10]);
  fake.emit('recording.state', aState({ phase: 'ended' }));
  expect([recording.current, recording.running]).toEqual([null, []]);
  await settled();
});

test('saving under another handle replaces the project', async () => {
  const projects = useProjects();
  projects.put(aProject({ untitled: true }));
  fake.answers.set('projects.saveAs', aProject({ id: 'p2', path: '/new.heapscope' }));
  fake.answers.set('projects.recents', []);
  await projects.saveAs('p1', '/new.heapscope', false);
  expect(projects.open.map((project) => project.id)).toEqual(['p2']);
});

test('of more than a page all are read, five hundred at a time', async () => {
  const all = Array.from({ length: 1000 }, (_, index) => aSession({ id: index + 1, startedAt: 7 }));
  fake.answers.set('sessions.list', ({ after, limit }: { after: number; limit: number }) =>
    all.filter(({ id }) => id > after).slice(0, limit),
  );
  const sessions = useSessions();
  await sessions.load('p1');
  expect(fake.call.mock.calls.map(([, args]) => args)).toEqual([0, 500, 1000].map((after) => ({ project: 'p1', after, limit: 500 })));
  // Of the same start time, the one that was recorded later is the newer.
  expect([sessions.byProject['p1']?.length, sessions.byProject['p1']?.[0]?.id, sessions.byProject['p1']?.at(-1)?.id]).toEqual([
    1000, 1000, 1,
  ]);
});

test('the engine’s word about sessions and about the shape of the one in view is heeded', async () => {
  const sessions = useSessions();
  sessions.listen();
  fake.answers.set('sessions.list', [aSession()]);
  fake.answers.set('sessions.processes', [{ id: 1 }]);
  fake.emit('session.shape', { project: 'p1', session: 1 });
  expect(fake.call).not.toHaveBeenCalled();
  await sessions.loadProcesses('p1', 1);
  fake.call.mockClear();
  fake.emit('session.shape', { project: 'p1', session: 2 });
  fake.emit('session.shape', { project: 'p2', session: 1 });
  expect(fake.call).not.toHaveBeenCalled();
  fake.answers.set('sessions.processes', [{ id: 1 }, { id: 2 }]);
  fake.emit('session.shape', { project: 'p1', session: 1 });
  // Known sessions stay visible while they are read again.
  expect(sessions.processes).toHaveLength(1);
  await settled();
  expect(sessions.processes).toHaveLength(2);
  fake.emit('sessions.changed', { project: 'p1' });
  await settled();
  expect(sessions.byProject['p1']).toHaveLength(1);
});

test.each([
  { project: 'p2', session: 1 },
  { project: 'p1', session: 2 },
])('processes of another session are not shown while they are read: %j', async ({ project, session }) => {
  const sessions = useSessions();
  fake.answers.set('sessions.processes', [{ id: 1 }]);
  await sessions.loadProcesses('p1', 1);
  fake.answers.set('sessions.processes', [{ id: 2 }]);
  const reading = sessions.loadProcesses(project, session);
  expect(sessions.processes).toEqual([]);
  await reading;
  expect(sessions.processes).toEqual([{ id: 2 }]);
});

test('processes of the same session in another project that come late are not shown', async () => {
  const sessions = useSessions();
  const late = Promise.withResolvers<unknown>();
  fake.answers.set('sessions.processes', () => late.promise);
  const first = sessions.loadProcesses('p1', 1);
  fake.answers.set('sessions.processes', [{ id: 2 }]);
  await sessions.loadProcesses('p2', 1);
  late.resolve([{ id: 1 }]);
  await first;
  expect(sessions.processes).toEqual([{ id: 2 }]);
});

test('what is deleted elsewhere leaves what is in view; a new name is shown in its place', async () => {
  const sessions = useSessions();
  const selection = useSelection();
  fake.answers.set('sessions.list', [aSession({ id: 1 }), aSession({ id: 2 }), aSession({ id: 3 })]);
  await sessions.load('p1');
  selection.go({ project: 'p1', session: 1, view: 'timeline' });
  await sessions.remove('p1', [3]);
  await sessions.remove('p2', [1]);
  expect([selection.session, selection.view, sessions.rows.map(({ id }) => id)]).toEqual([1, 'timeline', [2, 1]]);
  expect(sessions.byProject['p2']).toEqual([]);
  fake.answers.set('sessions.update', aSession({ id: 2, name: 'new' }));
  await sessions.update('p1', 2, { name: 'new' });
  expect(fake.call).toHaveBeenCalledWith('sessions.update', { project: 'p1', session: 2, name: 'new' });
  expect(sessions.rows.map(({ id, name }) => [id, name])).toEqual([
    [2, 'new'],
    [1, 'app.py'],
  ]);
  selection.go({ session: null });
  expect(sessions.current).toBeNull();
});

test('a session that is told late stands where its start puts it', () => {
  const sessions = useSessions();
  for (const [id, startedAt] of [
    [2, 20],
    [1, 10],
    [3, 15],
  ] as const)
    sessions.put('p1', aSession({ id, startedAt }));
  expect(sessions.byProject['p1']?.map(({ id }) => id)).toEqual([2, 3, 1]);
});

test('saving under another handle leaves the other projects open', async () => {
  const projects = useProjects();
  projects.put(aProject());
  projects.put(aProject({ id: 'p3' }));
  fake.answers.set('projects.saveAs', aProject({ id: 'p2' }));
  fake.answers.set('projects.recents', []);
  await projects.saveAs('p1', '/new.heapscope', false);
  expect(projects.open.map(({ id }) => id)).toEqual(['p3', 'p2']);
});
