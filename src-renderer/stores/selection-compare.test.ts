import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test } from 'vitest';
import { FIRST_ALLOCATIONS } from './allocations-place.ts';
import { FIRST_COMPARE } from './compare-place.ts';
import type { ComparePlace } from './compare-place.ts';
import { FIRST_PLACE } from './heap-place.ts';
import { parseHash, toHash } from './selection-link.ts';
import { useSelection } from './selection.ts';
import type { Selection } from './selection.ts';

beforeEach(() => setActivePinia(createPinia()));

describe('a comparison', () => {
  const base: Selection = {
    project: 'p',
    session: 1,
    view: 'compare',
    range: null,
    process: null,
    snapshots: [3, 5],
    heap: FIRST_PLACE,
    allocations: FIRST_ALLOCATIONS,
    compare: FIRST_COMPARE,
    runs: null,
  };

  test.each<Partial<ComparePlace>>([
    { by: 'module', growing: true },
    {
      snapshots: [
        { path: null, snapshot: 3 },
        { path: '/ü b/other & co.heapscope', snapshot: 1 },
      ],
    },
    { row: { key: 12, called: 'app.User. x', part: 'gone' }, object: { of: { project: 'p', snapshot: 3 }, session: 1, node: 9 } },
    { row: { key: null, called: '', part: 'between' } },
  ])('is written and read: %j', (place) => {
    const selection: Selection = { ...base, compare: { ...FIRST_COMPARE, ...place } };
    expect(parseHash(toHash(selection, '/a.heapscope'), 'p')?.compare).toEqual(selection.compare);
  });

  test.each([
    ...['compare=x', 'compare=-1%20/a', 'compare=1x', 'compare=x1', 'row=odd.1.x', 'row=new.x.y', 'row=1.new.1.x', 'compareBy=colour'],
    ...['object=1.2', 'object=1.2.3.4', 'object=x.2.3', 'object=1.x.3', 'object=1.2.x', 'object=', 'row='],
  ])('what makes no sense is left out: %s', (text) => expect(parseHash(`#/compare?${text}`)?.compare).toEqual(FIRST_COMPARE));

  test('what is longer than a link should be is cut: names at five hundred characters, snapshots at two hundred', () => {
    const long = 'n'.repeat(501);
    const row = { key: 1, called: long, part: 'new' } as const;
    const written = toHash({ ...base, compare: { ...FIRST_COMPARE, row } }, null);
    expect(written).toContain(`new.1.${'n'.repeat(500)}`);
    expect(written).not.toContain(long);
    expect(parseHash(`#/compare?row=new.1.${long}`)?.compare.row?.called).toHaveLength(500);
    const many = Array.from({ length: 201 }, (_, id) => `compare=${id}`).join('&');
    expect(parseHash(`#/compare?${many}`)?.compare.snapshots.map(({ snapshot }) => snapshot)).toEqual([...Array(200).keys()]);
  });

  test('a name of several lines, and numbers of several digits, are read whole', () => {
    const place: ComparePlace = {
      ...FIRST_COMPARE,
      snapshots: [{ path: '/a\nb', snapshot: 12 }],
      row: { key: 345, called: 'one\ntwo', part: 'survived' },
    };
    const read = parseHash(toHash({ ...base, compare: place }, null), 'p')?.compare;
    expect(read?.row).toEqual(place.row);
    expect(parseHash('#/compare?compare=12')?.compare.snapshots).toEqual([{ path: null, snapshot: 12 }]);
  });

  test('an object of another file is not written: its handle would lie', () => {
    const object = { of: { project: 'q', snapshot: 1 }, session: 1, node: 2 };
    expect(toHash({ ...base, compare: { ...FIRST_COMPARE, object } }, null)).not.toContain('object');
  });

  test('other snapshots that are chosen anywhere are another comparison, looked at the same way', () => {
    const selection = useSelection();
    selection.go({ ...base, compare: { ...FIRST_COMPARE, by: 'module', row: { key: 1, called: 'x', part: 'new' } } });
    selection.go({ snapshots: [3, 7] });
    expect(selection.compare).toEqual({ ...FIRST_COMPARE, by: 'module' });
    selection.back();
    expect(selection.compare.row?.key).toBe(1);
  });

  test('an object of it is looked at in its own snapshot; another object stays beside the table', () => {
    const selection = useSelection();
    selection.go({ ...base, compare: { ...FIRST_COMPARE, object: { of: { project: 'p', snapshot: 3 }, session: 1, node: 9 } } });
    expect(selection.looked).toEqual({ project: 'p', snapshot: 3 });
    selection.goHeap({ node: 10 });
    expect([selection.view, selection.compare.object?.node]).toEqual(['compare', 10]);
    selection.goHeap({ tab: 'why', why: { of: 'nodes', nodes: [10] } });
    expect(selection.current).toMatchObject({ view: 'heap', snapshots: [3], heap: { tab: 'why', node: 10 } });
    selection.back();
    expect(selection.snapshots).toEqual([3, 5]);
    selection.go({ compare: { ...FIRST_COMPARE, object: { of: { project: 'p', snapshot: 5 }, session: 1, node: 4 } } });
    selection.goHeap({ tab: 'dominators', root: 4 });
    expect(selection.current).toMatchObject({ view: 'heap', snapshots: [3, 5], heap: { root: 4, node: 4 } });
  });
});

describe('from the comparison', () => {
  const at = (project: string, snapshot: number, node: number): ComparePlace => ({
    ...FIRST_COMPARE,
    object: { of: { project, snapshot }, session: 1, node },
  });
  const comparing = (compare: ComparePlace): ReturnType<typeof useSelection> => {
    const selection = useSelection();
    selection.go({ project: 'p', session: 1, view: 'compare', snapshots: [3, 4, 5], compare });
    return selection;
  };

  test('objects are those of the object beside the table, or else of the last snapshot; on other pages always of the last', () => {
    const selection = comparing(FIRST_COMPARE);
    expect(selection.looked).toEqual({ project: 'p', snapshot: 5 });
    selection.go({ compare: at('q', 3, 9) });
    expect(selection.looked).toEqual({ project: 'q', snapshot: 3 });
    selection.go({ view: 'heap' });
    expect(selection.looked).toEqual({ project: 'p', snapshot: 5 });
  });

  test('without an object beside the table, an object is looked at in the heap', () => {
    const selection = comparing(FIRST_COMPARE);
    selection.goHeap({ node: 7 });
    expect(selection.current).toMatchObject({ view: 'heap', snapshots: [3, 4, 5], heap: { node: 7 } });
  });

  test('in the heap, an object that was left beside the table has no say', () => {
    const selection = comparing(at('p', 3, 9));
    selection.go({ view: 'heap' });
    selection.goHeap({ node: 7 });
    expect(selection.current).toMatchObject({ view: 'heap', heap: { node: 7 }, compare: { object: { node: 9 } } });
  });

  test('a snapshot that is named is the one that is gone to', () => {
    const selection = comparing(at('p', 3, 9));
    selection.goHeap({ node: 7 }, { snapshots: [4] });
    expect(selection.current).toMatchObject({ view: 'heap', snapshots: [4], heap: { node: 7 } });
  });

  test('an object with a page of its own is left for that page, and no object for the page of the one beside the table', () => {
    const selection = comparing(at('p', 5, 9));
    selection.goHeap({ node: 10, tab: 'why' });
    expect(selection.current).toMatchObject({ view: 'heap', heap: { tab: 'why', node: 10 } });
    selection.back();
    selection.goHeap({});
    expect(selection.current).toMatchObject({ view: 'heap', heap: { node: 9 } });
  });

  test('an object of another file is looked at there, also where the number of its snapshot is chosen here', () => {
    const selection = comparing(at('q', 5, 9));
    selection.goHeap({ tab: 'why' });
    expect(selection.current).toMatchObject({ view: 'heap', project: 'q', snapshots: [5], heap: { tab: 'why', node: 9 } });
  });

  test('of the last of three snapshots the place in its heap is kept', () => {
    const selection = comparing(FIRST_COMPARE);
    selection.goHeap({ tab: 'types', by: 'module', filter: 'size > 1' });
    selection.go({ view: 'compare', compare: at('p', 5, 9) });
    selection.goHeap({ tab: 'objects' });
    expect(selection.current).toMatchObject({ snapshots: [3, 4, 5], heap: { tab: 'objects', filter: 'size > 1' } });
  });

  test('what replaces a step is no step of its own, beside the table as in the heap', () => {
    const selection = comparing(at('p', 5, 9));
    const steps = selection.entries.length;
    selection.goHeap({ node: 10 }, { replace: true });
    expect(selection.entries).toHaveLength(steps);
    selection.goHeap({ tab: 'types' });
    selection.goHeap({ node: 11 }, { replace: true });
    expect(selection.entries).toHaveLength(steps + 1);
  });
});
