import { describe, expect, test } from 'vitest';
import type { ObjectSet } from '../../src-preload/contract/index.ts';
import { FIRST_PLACE, inOtherSnapshot, readSet, rowSet, whySubject, wholeOf, writeSet } from './heap-place.ts';

const of = (project: string, snapshot: number) => ({ project, snapshot });

describe('a set in a link', () => {
  test.each<ObjectSet>([
    { of: 'all' },
    { of: 'tracked' },
    { of: 'garbage' },
    { of: 'nodes', nodes: [0, 7] },
    { of: 'nodes', nodes: [...Array(300).keys()] },
    { of: 'retained', node: 4 },
    { of: 'referents', node: 4 },
    { of: 'referrers', node: 4 },
    { of: 'cycle', cycle: 2 },
    { of: 'duplicates', group: 3 },
    { of: 'changed', base: of('p', 3), part: 'survived', by: null, key: 0 },
    { of: 'changed', base: of('p', 3), part: 'gone', by: 'holder', key: 5 },
    { of: 'between', first: of('p', 3), second: of('p', 4), by: 'site', key: 5 },
  ])('is written and read: %j', (set) => expect(readSet(writeSet(set, 'p') ?? '', 'p')).toEqual(set));

  test.each<[string, ObjectSet]>([
    ['more than three hundred objects', { of: 'nodes', nodes: [...Array(301).keys()] }],
    ['an earlier snapshot of another project', { of: 'between', first: of('q', 3), second: of('p', 4), by: null, key: 0 }],
    ['a later snapshot of another project', { of: 'between', first: of('p', 3), second: of('q', 4), by: null, key: 0 }],
    [
      'what is inside of another project’s change',
      { of: 'inside', by: 'type', key: 1, set: { of: 'changed', base: of('q', 3), part: 'new', by: null, key: 0 } },
    ],
  ])('is not written: %s', (_, set) => expect(writeSet(set, 'p')).toBeNull());

  test.each([
    ...['', 'all.1', 'tracked.0', 'nodes', 'nodes.1.x', 'odd.1', 'cycle', 'duplicates.x', 'retained.1.2', 'group.type.1.2'],
    ...['changed.x.new.-.0', 'changed.1.new.-.x', 'changed.1.new.odd.0', 'changed.1.new.-', 'changed.1.new.-.0.0', 'changed.1.old.-.0'],
    ...['between.1.2.-', 'between.x.2.-.0', 'between.1.x.-.0', 'between.1.2.odd.0', 'between.1.2.-.x'],
    ...['inside.type.1', 'inside.type.x.all', 'inside.odd.1.all', 'inside.type.1.odd'],
  ])('is none: %j', (text) => expect(readSet(text, 'p')).toBeNull());
});

test.each([
  ['0', 0],
  ['12', 12],
  ['', null],
  [null, null],
  [undefined, null],
  ['-1', null],
  ['1.5', null],
  ['1e400', null],
  [String(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER],
  [String(2 ** 53), null],
])('%j as a number of an object is %j', (text, value) => expect(wholeOf(text)).toBe(value));

test('a row’s objects are those of the group, or of the group in the set that is looked at', () => {
  expect(rowSet('type', 3, { of: 'all' })).toEqual({ of: 'group', by: 'type', key: 3 });
  expect(rowSet('type', 3, { of: 'garbage' })).toEqual({ of: 'inside', by: 'type', key: 3, set: { of: 'garbage' } });
});

test('"Why is it alive?" is asked of what was named, else of the object, else of the set', () => {
  const place = { ...FIRST_PLACE, set: { of: 'garbage' } as const };
  expect(whySubject(place)).toEqual({ of: 'garbage' });
  expect(whySubject({ ...place, node: 0 })).toEqual({ of: 'nodes', nodes: [0] });
  expect(whySubject({ ...place, node: 5, why: { of: 'retained', node: 1 } })).toEqual({ of: 'retained', node: 1 });
});

test('in another snapshot only the page and its grouping are the same', () => {
  const place = { ...FIRST_PLACE, tab: 'why', by: 'site', node: 3, root: 4, filter: 'x', ignored: [1] } as const;
  expect(inOtherSnapshot({ ...place, ignored: [1] })).toEqual({ ...FIRST_PLACE, tab: 'why', by: 'site' });
});
