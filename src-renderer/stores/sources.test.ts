import { beforeEach, describe, expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import * as api from '../api/index.ts';
import { useNotices } from './notices.ts';
import { useProjects } from './projects.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { useSnapshots } from './snapshots.ts';
import { useSources } from './sources.ts';
import { FakeCallError, aProject, aSession, aSnapshot, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('./testing.ts');
  return { ...fakeApi(), CallError: FakeCallError };
});

const fake = fakeOf(api);
const GUEST = { project: 'p9', path: '/guest', name: 'guest', untitled: false };
const callsOf = (method: string): unknown[] => fake.call.mock.calls.filter(([name]) => name === method).map(([, args]) => args);

beforeEach(() => {
  freshStores(fake);
  fake.answers.set('sessions.list', [aSession()]);
  fake.answers.set('snapshots.list', () => [aSnapshot()]);
  fake.answers.set('runs.source', GUEST);
  for (const id of ['p1', 'p2', 'p3']) useProjects().put(aProject({ id, path: `/${id}` }));
  useSelection().go({ project: 'p2' });
});

describe('files', () => {
  test('begin with the one in view, and end with those that are only read', async () => {
    const sources = useSources();
    await sources.open('/guest', true);
    expect(sources.list.map(({ project }) => project)).toEqual(['p2', 'p1', 'p3', 'p9']);
    expect(sources.list[0]).toEqual({ project: 'p2', path: '/p2', name: 'one', untitled: false });
  });

  test('are named by their path, the one in view by none', async () => {
    const sources = useSources();
    await sources.open('/guest', true);
    expect([null, '/p1', '/p2', '/guest', '/nowhere'].map(sources.projectAt)).toEqual(['p2', 'p1', 'p2', 'p9', null]);
    expect(['p2', 'p1', 'p9', 'gone'].map(sources.pathOf)).toEqual([null, '/p1', '/guest', null]);
  });

  test('are read with their sessions and snapshots, all of them at once', async () => {
    await useSources().load();
    expect(callsOf('sessions.list')).toHaveLength(3);
    expect([useSessions().byProject['p3']?.length, useSnapshots().byProject['p3']?.length]).toEqual([1, 1]);
  });
});

describe('a guest', () => {
  test('is opened once: one that is open already is only read again', async () => {
    const sources = useSources();
    expect(await sources.open('/guest', false)).toEqual(GUEST);
    expect(await sources.open('/guest', false)).toEqual(GUEST);
    expect((await sources.open('/p1', false)).project).toBe('p1');
    expect(callsOf('runs.source')).toEqual([{ path: '/guest', confirmed: false }]);
    expect(callsOf('sessions.list')).toHaveLength(3);
  });

  test('under two names is one file', async () => {
    const sources = useSources();
    await sources.open('/guest', true);
    await sources.open('/link-to-guest', true);
    expect(sources.guests).toEqual([GUEST]);
  });

  test('that the user opens is a guest no more; the others stay', async () => {
    const sources = useSources();
    sources.listen();
    await sources.open('/guest', true);
    fake.answers.set('runs.source', { ...GUEST, project: 'p8', path: '/other' });
    await sources.open('/other', true);
    useProjects().put(aProject({ id: 'p9', path: '/guest' }));
    await nextTick();
    expect(sources.guests.map(({ project }) => project)).toEqual(['p8']);
  });

  test('that is looked at as a project is opened as one; an open project is not opened again', async () => {
    const sources = useSources();
    await sources.open('/guest', true);
    fake.answers.set('projects.open', aProject({ id: 'p9', path: '/guest' }));
    fake.answers.set('projects.recents', []);
    await sources.adopt('p1');
    expect(callsOf('projects.open')).toEqual([]);
    await sources.adopt('p9');
    expect(callsOf('projects.open')).toEqual([{ path: '/guest' }]);
  });
});

describe('what a comparison names', () => {
  test('is opened where it is not; what could not be read before and can be now is readable', async () => {
    const sources = useSources();
    fake.answers.set('runs.source', () => Promise.reject(new FakeCallError('project.missing')));
    await sources.openAll(['/p1', '/guest', '/other']);
    expect([sources.unreadable, callsOf('runs.source').length]).toEqual([['/guest', '/other'], 2]);
    expect(callsOf('runs.source')).toEqual(['/guest', '/other'].map((path) => ({ path, confirmed: false })));
    fake.answers.set('runs.source', ({ path }: { path: string }) => {
      if (path === '/guest') return GUEST;
      throw new FakeCallError('project.missing');
    });
    await sources.openAll(['/guest']);
    expect(sources.unreadable).toEqual(['/other']);
    fake.call.mockClear();
    await sources.openAll(['/guest', '/other']);
    expect([sources.unreadable, callsOf('runs.source').length, callsOf('sessions.list').length]).toEqual([['/other'], 1, 0]);
  });

  test('and is missing is not asked about: only what needs the user’s word is', async () => {
    fake.answers.set('runs.source', () => Promise.reject(new FakeCallError('project.missing')));
    await useSources().openAll(['/guest']);
    expect(useNotices().list).toEqual([]);
  });

  test('and was agreed to is read, while another one stays unreadable', async () => {
    const sources = useSources();
    fake.answers.set('runs.source', ({ path, confirmed }: { path: string; confirmed: boolean }) => {
      if (path === '/guest' && confirmed) return GUEST;
      throw new FakeCallError('project.unconfirmed', { path });
    });
    await sources.openAll(['/guest', '/other']);
    const notice = useNotices().list.find(({ body }) => body.kind === 'error' && body.error.facts['path'] === '/guest');
    useNotices().act(notice!.id);
    await vi.waitFor(() => expect(sources.unreadable).toEqual(['/other']));
    expect(sources.guests).toEqual([GUEST]);
  });
});
