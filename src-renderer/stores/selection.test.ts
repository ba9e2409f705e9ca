import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test } from 'vitest';
import { useSelection } from './selection.ts';
import { FIRST_ALLOCATIONS } from './allocations-place.ts';
import { FIRST_COMPARE } from './compare-place.ts';
import { FIRST_PLACE } from './heap-place.ts';
import type { HeapPlace } from './heap-place.ts';
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

  test('a session, a snapshot or a comparison of the same numbers in another project is another one', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 1, view: 'timeline', range: { from: 1, to: 2 }, snapshots: [4, 5] });
    selection.go({ compare: { ...FIRST_COMPARE, growing: true, row: { key: 1, called: 'x', part: 'new' } } });
    selection.go({ project: 'b', session: 1, snapshots: [4, 5] });
    expect(selection.current).toMatchObject({ range: null, compare: { ...FIRST_COMPARE, growing: true } });
  });

  test('another page, and another session for the runs, leaves what is compared', () => {
    const selection = useSelection();
    const row = { key: 1, called: 'x', part: 'new' } as const;
    selection.go({ project: 'a', session: 1, snapshots: [4, 5], compare: { ...FIRST_COMPARE, row }, runs: RUNS });
    selection.go({ view: 'runs' });
    expect([selection.compare.row, selection.runs]).toEqual([row, RUNS]);
    selection.go({ session: 2 });
    expect(selection.runs).toEqual(RUNS);
  });

  test('what is given with the session stays', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 2, range: { from: 5, to: null }, process: 1 });
    expect(selection.current).toMatchObject({ range: { from: 5, to: null }, process: 1 });
  });
});

/** Runs beside each other. */
const RUNS: NonNullable<Selection['runs']> = {
  id: 1,
  name: '',
  runs: [{ path: null, uuid: 'u' }],
  baseline: 0,
  align: { at: 'start' },
  layout: 'overlay',
  metric: 'rss',
};

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
      heap: FIRST_PLACE,
      allocations: FIRST_ALLOCATIONS,
      compare: FIRST_COMPARE,
      runs: null,
    });
  });

  test.each<Partial<Selection>>([
    {},
    { session: 3 },
    { session: 3, range: { from: 1000, to: 2500 } },
    { range: { from: 7, to: null }, process: 2, snapshots: [4, 5] },
  ])('what is written is read: %j', (part) => {
    const selection: Selection = {
      project: 'p',
      session: null,
      view: 'timeline',
      range: null,
      process: null,
      snapshots: [],
      heap: FIRST_PLACE,
      allocations: FIRST_ALLOCATIONS,
      compare: FIRST_COMPARE,
      runs: null,
      ...part,
    };
    const { project: _, ...rest } = selection;
    expect(parseHash(toHash(selection, '/a b/ü&.heapscope'))).toEqual({ ...rest, path: '/a b/ü&.heapscope' });
  });

  test.each<Partial<HeapPlace>>([
    { tab: 'types', by: 'module', within: { of: 'retained', node: 3 } },
    { tab: 'objects', set: { of: 'group', by: 'type', key: 17 }, called: 'app.User & co', node: 4 },
    { tab: 'objects', set: { of: 'garbage' }, filter: 'type = "dict" and retained > 1MB' },
    { tab: 'types', within: { of: 'tracked' } },
    {
      tab: 'types',
      within: { of: 'retained', node: 4 },
      calledWithin: 'x',
      set: { of: 'inside', by: 'site', key: 3, set: { of: 'retained', node: 4 } },
    },
    { set: { of: 'inside', by: 'holder', key: 3, set: { of: 'inside', by: 'type', key: 2, set: { of: 'garbage' } } } },
    { tab: 'objects', set: { of: 'changed', base: { project: 'p', snapshot: 2 }, part: 'new', by: 'type', key: 3 } },
    {
      tab: 'objects',
      set: { of: 'between', first: { project: 'p', snapshot: 1 }, second: { project: 'p', snapshot: 2 }, by: null, key: 0 },
    },
    { tab: 'why', why: { of: 'nodes', nodes: [1, 2] }, ignored: [8, 9] },
    { tab: 'dominators', root: 12, set: { of: 'retained', node: 5 }, node: 0 },
    { tab: 'cycles', set: { of: 'cycle', cycle: 2 }, why: { of: 'duplicates', group: 1 } },
  ])('a place in a heap is written and read: %j', (place) => {
    const selection: Selection = {
      project: 'p',
      session: 1,
      view: 'heap',
      range: null,
      process: null,
      snapshots: [3],
      heap: { ...FIRST_PLACE, ...place },
      allocations: FIRST_ALLOCATIONS,
      compare: FIRST_COMPARE,
      runs: null,
    };
    expect(parseHash(toHash(selection, '/a.heapscope'), 'p')?.heap).toEqual(selection.heap);
  });

  test.each([
    'group.type',
    'group.colour.1',
    'nodes',
    'nodes.a',
    'retained.1.2',
    'changed.1.new.type',
    'changed.1.odd.type.2',
    'all.1',
    'inside.type.3',
    'inside.type.x.all',
    'inside.odd.3.all',
    'cycle.-1',
    'between.1.x.-.0',
  ])('a set that makes no sense is all objects: %s', (set) => expect(parseHash(`#/heap?set=${set}`)?.heap.set).toEqual({ of: 'all' }));

  test('more chosen objects than a link can hold, and snapshots of another project, are left out', () => {
    const nodes = Array.from({ length: 400 }, (_, node) => node);
    const base: Selection = {
      project: 'p',
      session: 1,
      view: 'heap',
      range: null,
      process: null,
      snapshots: [3],
      heap: FIRST_PLACE,
      allocations: FIRST_ALLOCATIONS,
      compare: FIRST_COMPARE,
      runs: null,
    };
    expect(toHash({ ...base, heap: { ...FIRST_PLACE, set: { of: 'nodes', nodes } } }, null)).toBe('#/heap?session=1&snapshots=3');
    const other: HeapPlace = {
      ...FIRST_PLACE,
      set: { of: 'changed', base: { project: 'q', snapshot: 1 }, part: 'gone', by: null, key: 0 },
    };
    expect(toHash({ ...base, heap: other }, null)).toBe('#/heap?session=1&snapshots=3');
  });
});

describe('a link', () => {
  const at = (change: Partial<Selection>): Selection => ({ ...useSelection().current, project: 'p', ...change });

  test('is as short as what it says', () => {
    expect(toHash(at({ project: null }), null)).toBe('#/launch');
    expect(toHash(at({ view: 'timeline', session: 3 }), null)).toBe('#/timeline?session=3');
  });

  test('speaks of the place in a heap where a snapshot is chosen or the heap is in view, and of runs in their own view alone', () => {
    const heap: HeapPlace = { ...FIRST_PLACE, tab: 'types' };
    expect(toHash(at({ view: 'sessions', heap }), null)).toBe('#/sessions');
    expect(toHash(at({ view: 'heap', heap }), null)).toBe('#/heap?tab=types');
    expect(toHash(at({ view: 'sessions', snapshots: [4], heap }), null)).toBe('#/sessions?snapshots=4&tab=types');
    expect(toHash(at({ view: 'sessions', runs: RUNS }), null)).toBe('#/sessions');
    expect(toHash(at({ view: 'runs', runs: RUNS }), null)).toContain('#/runs?runs=');
  });

  test.each(['called', 'calledWithin', 'filter'] as const)(
    'cuts what is longer than five hundred characters, written or read: %s',
    (name) => {
      const long = 'n'.repeat(501);
      const written = toHash(at({ view: 'heap', heap: { ...FIRST_PLACE, [name]: long } }), null);
      expect([written.includes(long), written.includes(long.slice(1))]).toEqual([false, true]);
      expect(parseHash(`#/heap?${name.toLowerCase()}=${long}`)?.heap[name]).toHaveLength(500);
    },
  );

  test('begins where it begins, and has numbers where it has any', () => {
    expect(parseHash('x#/timeline')).toBeNull();
    expect(parseHash('#/timeline?from=&to=5')?.range).toBeNull();
  });
});

describe('runs beside each other', () => {
  const runs = {
    id: 3,
    name: 'before & after',
    runs: [
      { path: null, uuid: 'a' },
      { path: '/ü.heapscope', uuid: 'b' },
    ],
    baseline: 1,
    align: { at: 'mark', name: 'loaded' },
    layout: 'lanes',
    metric: 'rss',
  } as const;

  test('are written and read', () => {
    const selection = useSelection();
    selection.go({ project: 'p', view: 'runs', runs: { ...runs, runs: [...runs.runs] } });
    expect(parseHash(toHash(selection.current, '/a.heapscope'), 'p')?.runs).toEqual(runs);
    selection.go({ project: 'q' });
    expect(selection.runs).toBeNull();
  });

  test.each([
    '{',
    '7',
    '{}',
    '{"runs":[7]}',
    JSON.stringify({ ...runs, baseline: -1 }),
    JSON.stringify({ ...runs, align: { at: 'noon' } }),
    JSON.stringify({ ...runs, layout: 'pile' }),
  ])('that make no sense are none: %s', (text) => expect(parseHash(`#/runs?runs=${encodeURIComponent(text)}`)?.runs).toBeNull());
});

describe('a place in a heap', () => {
  test('another snapshot keeps page and grouping, and forgets its objects', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 1, view: 'heap', snapshots: [1] });
    selection.goHeap({ tab: 'objects', by: 'module', set: { of: 'garbage' }, node: 5, ignored: [1], root: 2 });
    selection.go({ snapshots: [2] });
    expect(selection.heap).toEqual({ ...FIRST_PLACE, tab: 'objects', by: 'module' });
    selection.back();
    expect([selection.snapshot, selection.heap.node]).toEqual([1, 5]);
  });

  test('a snapshot more is looked into anew, the last being another', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 1, view: 'heap', snapshots: [1, 2] });
    selection.goHeap({ node: 5 });
    selection.go({ snapshots: [1, 2, 3] });
    expect(selection.heap.node).toBeNull();
  });

  test('another object of the same set is filtered like the one before', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 1, view: 'heap', snapshots: [1] });
    selection.goHeap({ tab: 'objects', set: { of: 'garbage' }, filter: 'dict' });
    selection.goHeap({ node: 3 });
    expect([selection.heap.node, selection.heap.filter]).toEqual([3, 'dict']);
  });

  test('another set is not filtered like the one before', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 1, view: 'heap', snapshots: [1] });
    selection.goHeap({ tab: 'objects', set: { of: 'garbage' }, filter: 'dict' });
    selection.goHeap({ set: { of: 'garbage' }, node: 3 });
    expect(selection.heap.filter).toBe('dict');
    selection.goHeap({ set: { of: 'retained', node: 3 } });
    expect(selection.heap.filter).toBe('');
  });

  test('choosing an earlier snapshot beside the one in view keeps the place', () => {
    const selection = useSelection();
    selection.go({ project: 'a', session: 1, view: 'heap', snapshots: [2] });
    selection.goHeap({ tab: 'objects', node: 5 });
    selection.go({ snapshots: [1, 2] });
    expect(selection.heap.node).toBe(5);
    selection.goHeap({ tab: 'types' }, { snapshots: [1] });
    expect(selection.current).toMatchObject({ view: 'heap', snapshots: [1], heap: { tab: 'types', node: null } });
  });
});

describe('the snapshot in view', () => {
  test('is the last that is chosen, and none without one or without a project', () => {
    const selection = useSelection();
    expect([selection.snapshot, selection.looked]).toEqual([null, null]);
    selection.go({ project: 'a', session: 1, snapshots: [3, 5] });
    expect([selection.snapshot, selection.looked]).toEqual([5, { project: 'a', snapshot: 5 }]);
    selection.go({ snapshots: [] });
    expect(selection.looked).toBeNull();
    selection.go({ project: null, snapshots: [3] });
    expect(selection.looked).toBeNull();
  });
});
