import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test } from 'vitest';
import { useSelection } from './selection.ts';
import type { Selection } from './selection.ts';
import { parseHash, toHash } from './selection-link.ts';

beforeEach(() => setActivePinia(createPinia()));

describe('what depends on what', () => {
  test('another project forgets the session, another session the range and the process', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 1, view: 'timeline' });
    selection.go({ range: { from: 1, to: 2 }, process: 3, snapshots: [4] });
    selection.go({ session: 2 });
    expect(selection.current).toMatchObject({ session: 2, range: null, process: null, snapshots: [] });
    selection.go({ range: { from: 1, to: 2 } });
    selection.go({ project: 'b' });
    expect(selection.current).toMatchObject({ project: 'b', session: null, range: null });
  });

  test('what is given with the session stays', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 2, range: { from: 5, to: null }, process: 1 });
    expect(selection.current).toMatchObject({ range: { from: 5, to: null }, process: 1 });
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
    selection.forward();
    expect(selection.view).toBe('launch');
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

describe('links', () => {
  test.each(['', '#', '#/nowhere', '#timeline', '#/timeline/x'])('%s is none', (hash) => expect(parseHash(hash)).toBeNull());

  test('parts that make no sense are left out', () => {
    expect(parseHash('#/timeline?session=-1&from=x&process=1.5&snapshots=1.a.2')).toEqual({
      view: 'timeline',
      path: null,
      session: null,
      process: null,
      range: null,
      snapshots: [1, 2],
    });
  });

  test.each<Partial<Selection>>([{}, { session: 3 }, { session: 3, range: { from: 1000, to: 2500 } }, { range: { from: 7, to: null }, process: 2, snapshots: [4, 5] }])(
    'what is written is read: %j',
    (part) => {
      const selection: Selection = { project: 'p', session: null, view: 'timeline', range: null, process: null, snapshots: [], ...part };
      const { project: _, ...rest } = selection;
      expect(parseHash(toHash(selection, '/a b/ü&.heapscope'))).toEqual({ ...rest, path: '/a b/ü&.heapscope' });
    },
  );
});
