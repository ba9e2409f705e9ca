import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import { useProjects } from './projects.ts';
import { useSelection } from './selection.ts';
import { FakeCallError, aProject, fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => {
  const { fakeApi, FakeCallError } = await import('./testing.ts');
  return { ...fakeApi(), CallError: FakeCallError };
});

const fake = fakeOf(api);
const [one, two] = [aProject({ id: 'p1', path: '/one' }), aProject({ id: 'p2', path: '/two' })];
const refuse =
  (code: string, facts = {}) =>
  () => {
    throw new FakeCallError(code, facts);
  };
const ids = (): string[] => useProjects().open.map(({ id }) => id);

beforeEach(() => {
  freshStores(fake);
  fake.answers.set('projects.recents', [{ path: '/one' }, { path: '/two' }]);
});

describe('open projects', () => {
  test('are those of the engine, and change in place as it tells', async () => {
    const projects = useProjects();
    projects.listen();
    fake.answers.set('projects.list', [one, two]);
    await projects.load();
    fake.emit('project.changed', { ...one, size: 77 });
    expect(projects.open.map(({ id, size }) => [id, size])).toEqual([
      ['p1', 77],
      ['p2', 1],
    ]);
    expect(projects.recents).toHaveLength(2);
    useSelection().go({ project: 'p2' });
    expect(projects.current?.id).toBe('p2');
    useSelection().go({ project: 'gone' });
    expect(projects.current).toBeNull();
  });

  test('get a new one, and one that is opened; recents are read again', async () => {
    const projects = useProjects();
    fake.answers.set('projects.new', aProject({ id: 'new', untitled: true }));
    fake.answers.set('projects.open', two);
    expect((await projects.create()).id).toBe('new');
    expect((await projects.openPath('/two')).id).toBe('p2');
    expect(ids()).toEqual(['new', 'p2']);
    await vi.waitFor(() => expect(projects.recents).toHaveLength(2));
    expect(fake.call).toHaveBeenCalledWith('projects.open', { path: '/two' });
  });

  test('saved under the same handle keeps its place', async () => {
    const projects = useProjects();
    projects.put(one);
    projects.put(two);
    fake.answers.set('projects.saveAs', { ...one, path: '/elsewhere' });
    await projects.saveAs('p1', '/elsewhere', true);
    expect(projects.open.map(({ path }) => path)).toEqual(['/elsewhere', '/two']);
    expect(fake.call.mock.calls.find(([method]) => method === 'projects.saveAs')?.[1]).toEqual({
      project: 'p1',
      path: '/elsewhere',
      overwrite: true,
    });
  });
});

describe('a file that may be a script', () => {
  test.each([
    ['/a/app.py', 'project.not-a-project', true],
    ['/a/app.heapscope', 'project.not-a-project', false],
    ['/a/app.py', 'project.missing', false],
  ])('%s refused with %s is one: %s', async (path, code, isScript) => {
    fake.answers.set('projects.open', refuse(code));
    const opening = useProjects().openUnlessScript(path);
    if (isScript) expect(await opening).toBeNull();
    else await expect(opening).rejects.toThrow(code);
  });

  test('is a project where it can be opened as one, whatever its name', async () => {
    fake.answers.set('projects.open', one);
    expect((await useProjects().openUnlessScript('/a/app.py'))?.id).toBe('p1');
  });
});

describe('closing', () => {
  const closing = (answer: boolean): { asked: number[]; closed: Promise<boolean> } => {
    const projects = useProjects();
    projects.put(one);
    projects.put(two);
    useSelection().go({ project: 'p2' });
    useSelection().go({ project: 'p1' });
    const asked: number[] = [];
    const closed = projects.close('p1', async (count) => {
      asked.push(count);
      return answer;
    });
    return { asked, closed };
  };

  test('asks nothing where nothing is lost, and leaves what was before in view', async () => {
    const { asked, closed } = closing(false);
    expect([await closed, asked, ids(), useSelection().project]).toEqual([true, [], ['p2'], 'p2']);
  });

  test.each([true, false])('of snapshots that are still read asks how many may be thrown away: %s', async (answer) => {
    fake.answers.set('projects.close', (args: { discard?: boolean }) => {
      if (args.discard !== true) throw new FakeCallError('project.importing', { count: 3 });
    });
    const { asked, closed } = closing(answer);
    expect([await closed, asked]).toEqual([answer, [3]]);
    expect([ids(), useSelection().project]).toEqual(answer ? [['p2'], 'p2'] : [['p1', 'p2'], 'p1']);
  });

  test.each([new FakeCallError('project.busy'), new TypeError('a defect')])('that fails otherwise leaves it open: %s', async (fault) => {
    fake.answers.set('projects.close', () => Promise.reject(fault));
    const { asked, closed } = closing(true);
    await expect(closed).rejects.toBe(fault);
    expect([asked, ids()]).toEqual([[], ['p1', 'p2']]);
  });
});

test('a forgotten one is no longer among the recent', async () => {
  const projects = useProjects();
  await projects.loadRecents();
  await projects.forget('/one');
  expect(projects.recents.map(({ path }) => path)).toEqual(['/two']);
});
