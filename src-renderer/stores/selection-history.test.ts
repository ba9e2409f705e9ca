import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ProjectId } from '../../src-preload/contract/index.ts';
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
