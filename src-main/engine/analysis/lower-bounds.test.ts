import { expect, it } from 'vitest';
import type { AtLeast } from '../../../src-preload/contract/index.ts';
import { TYPE_FLAG } from '../heap/dump-numbers.ts';
import { modules, type HeapSpec } from '../heap/testing/dump-builder.ts';
import { compareGroups } from './queries/compare-groups.ts';
import { groups } from './queries/groups.ts';
import { objects } from './queries/objects.ts';
import { measure, object } from './queries/object.ts';
import { ALL, Bench, refTo } from './testing.ts';

/** The holder alone keeps a text whose buffer nobody sees; a second text is held twice. */
const TEXTS: HeapSpec = {
  objects: [
    { id: 'top', type: 'dict', edges: ['holder', 'one', 'two'] },
    { id: 'holder', type: 'Holder', edges: ['text'] },
    { id: 'text', type: 'StringIO' },
    { id: 'one', type: 'Other', edges: ['shared'] },
    { id: 'two', type: 'Other', edges: ['shared'] },
    { id: 'shared', type: 'StringIO' },
  ],
  roots: [modules('top')],
  types: [{ name: 'StringIO', module: '_io', flags: TYPE_FLAG.lowerBound }],
};

it('marks sizes that are lower bounds, and those that contain one', () => {
  const bench = new Bench(TEXTS);
  const of = (id: string): AtLeast => object(bench.scope, { ...refTo(1), node: bench.node(id) }).atLeast;
  expect(['text', 'shared', 'holder', 'top', 'one'].map(of)).toEqual(['shallow', 'shallow', 'retained', 'retained', 'none']);
});

it('marks groups of them, however they are grouped', () => {
  const { scope } = new Bench(TEXTS);
  const marks = (by: 'type' | 'module'): Record<string, AtLeast> => {
    const { rows } = groups(scope, { ...refTo(1), by, within: { of: 'all' }, parent: null, ...ALL });
    return Object.fromEntries(rows.map(({ label, atLeast }) => [label.name, atLeast]));
  };
  expect(marks('type')).toEqual({ StringIO: 'shallow', Holder: 'retained', Other: 'none', dict: 'retained' });
  expect(marks('module')).toEqual({ _io: 'shallow', '': 'retained' });
});

it('marks them in a comparison, each in its own snapshot', () => {
  const { scope } = new Bench({ ...TEXTS, types: [] }, TEXTS);
  const { rows } = compareGroups(scope, {
    snapshots: [refTo(1), refTo(2)],
    by: 'type',
    growing: false,
    changed: false,
    below: 'all',
    ...ALL,
  });
  const marks = Object.fromEntries(rows.map(({ label, atLeast }) => [label.name, atLeast]));
  expect(marks).toMatchObject({ Holder: ['none', 'retained'], Other: ['none', 'none'] });
});

it('marks sums that contain one, and none that do not', () => {
  const bench = new Bench(TEXTS);
  const of = (...ids: string[]) => ({ ...refTo(1), set: { of: 'nodes' as const, nodes: ids.map((id) => bench.node(id)) } });
  const listed = (...ids: string[]): AtLeast => objects(bench.scope, { ...of(...ids), ...ALL }).sums.atLeast;
  expect([listed('holder', 'text'), listed('holder', 'one')]).toEqual(['shallow', 'none']);
  const sums = (filter: string): AtLeast => {
    const only = { kind: 'text', column: 'name', operator: '=', value: filter } as const;
    return groups(bench.scope, { ...refTo(1), by: 'type', within: { of: 'all' }, parent: null, ...ALL, filter: only }).sums.atLeast;
  };
  expect([sums('stringio'), sums('holder')]).toEqual(['shallow', 'none']);
  const measured = (...ids: string[]): [AtLeast, boolean] => {
    const { atLeast, deepAtLeast } = measure(bench.scope, of(...ids));
    return [atLeast, deepAtLeast];
  };
  expect(measured('holder', 'one')).toEqual(['retained', true]);
  expect(measured('text', 'one')).toEqual(['shallow', true]);
  expect(measured('one', 'two')).toEqual(['retained', true]);
  // Only together they keep what they share; one alone reaches it.
  expect(measured('one')).toEqual(['none', true]);
  expect(object(bench.scope, { ...refTo(1), node: bench.node('one') }).deepAtLeast).toBe(true);
});

it('marks sums of a comparison', () => {
  const { scope } = new Bench({ ...TEXTS, types: [] }, TEXTS);
  const { sums } = compareGroups(scope, {
    snapshots: [refTo(1), refTo(2)],
    by: 'type',
    growing: false,
    changed: false,
    below: 'all',
    ...ALL,
  });
  expect(sums.atLeast).toEqual(['none', 'shallow']);
});
