import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ProjectId } from '../../src-preload/contract/index.ts';
import { FIRST_COMPARE } from './compare-place.ts';
import { readHistory, writeHistory } from './selection-history.ts';
import { useSelection } from './selection.ts';

beforeEach(() => setActivePinia(createPinia()));

const pathOf = (project: ProjectId): string => `/files/${project}.heapscope`;
const PATHS: Record<string, string> = { '/files/a.heapscope': 'a2', '/files/b.heapscope': 'b2' };
const projectAt = (path: string): string | null => PATHS[path] ?? null;

function walked(): ReturnType<typeof useSelection> {
  const selection = useSelection();
  selection.go({ project: 'a', session: 1, view: 'timeline' });
  selection.goHeap({ tab: 'types' }, { snapshots: [4, 5] });
  selection.goHeap({ tab: 'objects', set: { of: 'group', by: 'type', key: 7 }, filter: 'size > 1\nMB', called: 'list' });
  selection.go({ project: 'b', session: 2, view: 'timeline', range: { from: 1, to: null } });
  return selection;
}

describe('a reload', () => {
  test('keeps what back and forward walk, under the new handles of the projects', () => {
    const selection = walked();
    selection.back();
    const text = writeHistory(selection, pathOf);
    const read = readHistory(text, projectAt);
    expect(read?.index).toBe(3);
    expect(read?.entries.map(({ project }) => project)).toEqual([null, 'a2', 'a2', 'a2', 'b2']);
    expect(read && writeHistory(read, (project) => pathOf(project.slice(0, 1)))).toBe(text);
  });

  test('leaves out what is no longer open', () => {
    const text = writeHistory(walked(), pathOf);
    const read = readHistory(text, (path) => (path.includes('/a.') ? null : projectAt(path)));
    expect(read?.entries.map(({ project }) => project)).toEqual([null, 'b2']);
    expect(read?.index).toBe(1);
    expect(readHistory(text.split('\n').slice(0, 1).join('\n'), projectAt)).toBeNull();
  });

  test('stands where it stood, though places before it are left out', () => {
    const selection = walked();
    selection.go({ view: 'sessions' });
    selection.back();
    const read = readHistory(writeHistory(selection, pathOf), (path) => (path.includes('/a.') ? null : projectAt(path)));
    expect([read?.entries.map(({ view }) => view), read?.index]).toEqual([['launch', 'timeline', 'sessions'], 1]);
  });

  test('leaves out a place of a closed project that names no session', () => {
    const selection = useSelection();
    selection.go({ project: 'a', view: 'sessions' });
    expect(readHistory(writeHistory(selection, pathOf), () => null)?.entries.map(({ view }) => view)).toEqual(['launch']);
  });

  test('keeps an object of the comparison, under the new handle of its project', () => {
    const selection = useSelection();
    const object = { of: { project: 'a', snapshot: 3 }, session: 1, node: 9 };
    selection.go({ project: 'a', session: 1, view: 'compare', snapshots: [3, 4], compare: { ...FIRST_COMPARE, object } });
    const read = readHistory(writeHistory(selection, pathOf), projectAt);
    expect(read?.entries.at(-1)?.compare.object).toEqual({ ...object, of: { project: 'a2', snapshot: 3 } });
  });

  test('stands at the last place where the index is beyond it', () => {
    expect(readHistory('7\n#/launch\n#/sessions', projectAt)?.index).toBe(1);
  });

  test.each(['', '\n', '0', 'x\ny', '7\n#/nowhere', '-3\n#/launch?session=4'])('%j is none', (text) => {
    expect(readHistory(text, projectAt)).toBeNull();
  });
});

describe('taken up again', () => {
  test('where the page shows the same place, back goes on from there', () => {
    const selection = walked();
    selection.back();
    const read = readHistory(writeHistory(selection, pathOf), projectAt);
    setActivePinia(createPinia());
    const anew = useSelection();
    anew.go({ ...selection.current, project: 'a2' });
    anew.resume(read);
    expect([anew.heap.tab, anew.canGoBack, anew.canGoForward]).toEqual(['objects', true, true]);
    anew.back();
    expect([anew.project, anew.heap.tab]).toEqual(['a2', 'types']);
    anew.forward();
    anew.forward();
    expect([anew.project, anew.view]).toEqual(['b2', 'timeline']);
  });

  test('where it shows another, that is one step further', () => {
    const read = readHistory(writeHistory(walked(), pathOf), projectAt);
    setActivePinia(createPinia());
    const anew = useSelection();
    anew.go({ project: 'a2', session: 3, view: 'timeline' });
    anew.resume(read);
    expect([anew.session, anew.canGoForward]).toEqual([3, false]);
    anew.back();
    expect(anew.project).toBe('b2');
  });
});

describe('back and forward', () => {
  test('walk every step, and a new step forgets what lay ahead', () => {
    const selection = useSelection();
    selection.go({ project: 'a', view: 'sessions' });
    selection.go({ session: 1, view: 'timeline' });
    selection.back();
    expect([selection.view, selection.canGoBack, selection.canGoForward]).toEqual(['sessions', true, true]);
    selection.forward();
    expect([selection.view, selection.session]).toEqual(['timeline', 1]);
    selection.back();
    selection.go({ session: 2 });
    expect(selection.canGoForward).toBe(false);
  });

  test('a gesture is one step, and no change is none', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 1 });
    selection.go({ range: { from: 0, to: 1 } });
    selection.go({ range: { from: 0, to: 2 } }, { replace: true });
    selection.go({ range: { from: 0, to: 2 } });
    selection.back();
    expect(selection.range).toBeNull();
  });

  test('beyond the ends nothing happens', () => {
    const selection = useSelection();
    selection.back();
    expect([selection.view, selection.canGoForward]).toEqual(['launch', false]);
    selection.forward();
    expect([selection.view, selection.canGoBack]).toEqual(['launch', false]);
  });

  test('a closed project cannot be gone back to', () => {
    const selection = useSelection();
    selection.go({ project: 'a', view: 'sessions' });
    selection.go({ project: 'b', view: 'sessions' });
    selection.forgetProject('b');
    expect(selection.project).toBe('a');
    selection.forgetProject('a');
    expect([selection.project, selection.canGoBack, selection.canGoForward]).toEqual([null, false, false]);
  });
});

describe('the history', () => {
  test('keeps two hundred places; the oldest goes', () => {
    const selection = useSelection();
    for (let session = 1; session < 200; session++) selection.go({ project: 'a', session });
    expect([selection.entries.length, selection.entries[0]?.project]).toEqual([200, null]);
    selection.go({ session: 200 });
    expect([selection.entries.length, selection.entries[0]?.session, selection.index]).toEqual([200, 1, 199]);
    selection.back();
    expect(selection.session).toBe(199);
  });

  test('that is taken up again is no longer either, and ends with what is shown', () => {
    const selection = useSelection();
    for (let session = 1; session <= 200; session++) selection.go({ project: 'a', session });
    const { entries, index } = selection;
    setActivePinia(createPinia());
    const anew = useSelection();
    anew.go({ project: 'a', session: 900 });
    anew.resume({ entries, index });
    expect([anew.entries.length, anew.index, anew.entries[0]?.session, anew.entries.at(-1)?.session]).toEqual([200, 199, 2, 900]);
  });

  test('of which nothing is left stays as it is; an index beyond its end is a step further', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 1 });
    selection.resume(null);
    expect(selection.entries).toHaveLength(2);
    const [first] = selection.entries;
    selection.resume({ entries: [first!], index: 5 });
    expect([selection.entries.length, selection.index, selection.session]).toEqual([2, 1, 1]);
  });

  test('a step that is replaced is the only one of its place, also at the very beginning', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 1 }, { replace: true });
    expect([selection.entries.length, selection.canGoBack]).toEqual([1, false]);
  });

  const walkedThrough = (...projects: string[]): ReturnType<typeof useSelection> => {
    const selection = useSelection();
    for (const project of projects) selection.go({ project, view: 'sessions' });
    return selection;
  };

  test('that is taken up again in its middle forgets what lay ahead, where another place is shown', () => {
    const { entries } = walkedThrough('a', 'b', 'c');
    setActivePinia(createPinia());
    const anew = walkedThrough('d');
    anew.resume({ entries, index: 1 });
    expect(anew.entries.map(({ project }) => project)).toEqual([null, 'a', 'd']);
  });

  test('a project that is closed leaves the place in the others', () => {
    const selection = walkedThrough('a', 'b', 'c');
    selection.back();
    selection.forgetProject('c');
    expect([selection.project, selection.index, selection.canGoForward]).toEqual(['b', 2, false]);
  });

  test('a project that is closed behind the place in view moves nothing: what lies ahead is still there', () => {
    const selection = walkedThrough('a', 'b', 'c');
    selection.back();
    selection.forgetProject('a');
    expect([selection.project, selection.canGoForward]).toEqual(['b', true]);
    selection.forward();
    expect(selection.project).toBe('c');
    selection.back();
    selection.back();
    expect([selection.project, selection.canGoBack]).toEqual([null, false]);
  });

  test('a project that is closed in view shows the place before it, or the first that is left', () => {
    const selection = walkedThrough('a', 'b', 'c');
    selection.back();
    selection.forgetProject('b');
    expect([selection.project, selection.canGoForward]).toEqual(['a', true]);
    const long = walkedThrough('a');
    for (let session = 1; session <= 200; session++) long.go({ project: 'x', session });
    long.go({ project: 'y' });
    for (let steps = 0; steps < 199; steps++) long.back();
    long.forgetProject('x');
    expect([long.project, long.canGoBack, long.canGoForward]).toEqual(['y', false, false]);
  });

  test('of nothing but a closed project begins anew', () => {
    const selection = walkedThrough('a');
    for (let session = 1; session <= 200; session++) selection.go({ session });
    selection.forgetProject('a');
    expect([selection.current.view, selection.project, selection.entries.length, selection.canGoBack]).toEqual(['launch', null, 1, false]);
  });
});
