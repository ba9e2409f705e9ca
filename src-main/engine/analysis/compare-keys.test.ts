import { expect, it } from 'vitest';
import type { GroupRow } from '../../../src-preload/contract/index.ts';
import { modules, type HeapSpec } from '../heap/testing/dump-builder.ts';
import { compareKey, compareLabel, labelKey } from './compare-keys.ts';
import { groupsOfAll } from './queries/groups.ts';
import { Bench } from './testing.ts';

/** A heap with one object of each of these types. */
function heap(...types: string[]): HeapSpec {
  const objects = types.map((type, i) => ({ id: `o${i}`, type, size: 64 }));
  return { objects, roots: [modules(...objects.map(({ id }) => id))], types: types.map((name) => ({ name, module: 'app' })) };
}

const bench = new Bench(heap('Old', 'Kept'), heap('Middle', 'Kept'), heap('Kept', 'New'));
const views = [bench.view(1), bench.view(2), bench.view(3)];

/** The row of each heap that has the type. */
const rowsOf = (name: string): (GroupRow | undefined)[] =>
  views.map((view) => groupsOfAll(view, 'type').find(({ label }) => label.name === name));

it('a group of a comparison has one key, whichever of the heaps have it, and each key stands for its group', () => {
  const names = ['Old', 'Middle', 'Kept', 'New'];
  const keys = names.map((name) => compareKey(rowsOf(name)));
  expect(new Set(keys).size).toBe(4);
  expect(keys.map((key) => compareLabel(views, 'type', key))).toEqual(names.map((name) => labelKey({ label: { module: 'app', name } })));
  expect([compareKey(rowsOf('Kept')), compareKey(rowsOf('New'))]).toEqual([rowsOf('Kept')[2]?.key, rowsOf('New')[2]?.key]);
});

it('a key that no group of these heaps has stands for none', () => {
  const beyond = compareKey(rowsOf('Old')) + 1000;
  for (const key of [1000, beyond, 9 * 2 ** 32]) expect(compareLabel(views, 'type', key)).toBeNull();
});

it('groups of one name in two modules are two', () => {
  const [one, two] = ['a', 'b'].map((module) => labelKey({ label: { module, name: 'User' } }));
  expect(one).not.toBe(two);
});
