import { afterEach, describe, expect, it } from 'vitest';
import type { Grouping, Result, SnapshotId } from '../../../src-preload/contract/index.ts';
import { FLAG } from '../heap/graph.ts';
import { censusOf } from '../heap/testing/census-builder.ts';
import { ALL, Laboratory, refTo } from './testing.ts';

const BASES = [
  { module: 'builtins', name: 'object' },
  { module: 'builtins', name: 'dict', base: 0 },
];

function census(users: number, admins: number): Uint8Array {
  const [object, dict] = BASES;
  return censusOf([
    object!,
    { ...dict!, objects: 10, bytes: 640 },
    { module: 'app', name: 'User', base: 0, objects: users, bytes: users * 48 },
    { module: 'app', name: 'Admin', base: 2, objects: admins, bytes: admins * 48 },
  ]);
}

let lab = new Laboratory();
afterEach(async () => {
  await lab.dispose();
  lab = new Laboratory();
});

function groups(snapshot: SnapshotId, by: Grouping, parent: number | null = null): Promise<Result<'heap.groups'>> {
  return lab.query('heap.groups', { ...refTo(snapshot), by, within: { of: 'all' }, parent, ...ALL });
}

function compared(by: Grouping): Promise<Result<'compare.groups'>> {
  return lab.query('compare.groups', { snapshots: [refTo(1), refTo(2)], by, growing: false, changed: false, below: 'all', ...ALL });
}

describe('what a census does not know', () => {
  it('is said, and not shown as nothing', async () => {
    await lab.addDump(1, lab.dump(census(5, 2)));
    const at = refTo(1);
    const asked = [
      lab.query('heap.objects', { ...at, set: { of: 'all' }, ...ALL }),
      lab.query('heap.object', { ...at, node: 1 }),
      lab.query('heap.dominated', { ...at, node: 0, ...ALL }),
      lab.query('heap.paths', { ...at, set: { of: 'all' }, ignore: [], limit: 10 }),
      lab.query('heap.waste', { ...at, ...ALL }),
      lab.query('heap.groups', { ...at, by: 'type', within: { of: 'garbage' }, parent: null, ...ALL }),
      groups(1, 'holder'),
      groups(1, 'site'),
      lab.query('compare.objects', {
        ...at,
        set: { of: 'changed', base: refTo(1), part: 'new', by: null, key: 0 },
        ...ALL,
      }),
    ];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'snapshot.census', facts: { snapshot: 1 } } });
    }
  });
});

describe('a census', () => {
  it('is stored as its tables alone', async () => {
    const imported = await lab.addDump(1, lab.dump(census(5, 2)));
    expect(lab.sources.get(1)!.pieces).toEqual([]);
    expect(imported.facts).toMatchObject({ method: 'census', objects: 17, tracked: 17, references: null, size: 976, garbage: null });
    expect(imported.types[0]).toEqual({ module: '', name: 'dict', count: 10, shallow: 640, retained: 0 });
    expect(await lab.query('heap.summary', refTo(1))).toMatchObject({ objects: 17, types: 3, notes: ['census'] });
  });

  it('shows types, modules and the hierarchy', async () => {
    await lab.addDump(1, lab.dump(census(5, 2)));
    const types = await groups(1, 'type');
    expect(types.rows.map(({ label, count, shallow }) => [label.name, count, shallow])).toEqual([
      ['dict', 10, 640],
      ['User', 5, 240],
      ['Admin', 2, 96],
    ]);
    expect((await groups(1, 'module')).rows.map(({ label, count }) => [label.name, count])).toEqual([
      ['', 10],
      ['app', 7],
    ]);
    const top = (await groups(1, 'hierarchy')).rows;
    expect(top.map(({ label, count, children }) => [label.name, count, children])).toEqual([['object', 17, 2]]);
    const below = (await groups(1, 'hierarchy', top[0]!.key)).rows;
    expect(below.map(({ label, count }) => [label.name, count])).toEqual([
      ['dict', 10],
      ['User', 7],
    ]);
  });

  it('is compared with another by type', async () => {
    await lab.addDump(1, lab.dump(census(5, 2)));
    await lab.addDump(2, lab.dump(census(9, 0)));
    const { rows, matched } = await compared('type');
    expect(matched).toBe(false);
    expect(rows.map(({ label, counts, fresh }) => [label.name, counts, fresh])).toEqual([
      ['User', [5, 9], null],
      ['dict', [10, 10], null],
      ['Admin', [2, 0], null],
    ]);
    await expect(compared('holder')).rejects.toMatchObject({ code: 'snapshot.census' });
  });

  it('is compared with a whole heap by what the collector tracks there', async () => {
    await lab.addDump(1, lab.dump(census(1, 0)));
    const user = { type: 'User', size: 48, flags: FLAG.tracked };
    await lab.add(2, {
      objects: [
        { id: 'a', ...user },
        { id: 'b', ...user },
        { id: 'text', type: 'str', size: 60 },
      ],
      types: [{ name: 'User', module: 'app' }, { name: 'str' }],
    });
    const { rows } = await compared('type');
    expect(rows.map(({ label, counts, retained }) => [label.name, counts, retained])).toEqual([
      ['User', [1, 2], [0, 0]],
      ['dict', [10, 0], [0, 0]],
    ]);
  });

  it('has a history of its own kind', async () => {
    await lab.addDump(1, lab.dump(census(5, 2)));
    await lab.add(2, { objects: [{ id: 'a', type: 'User' }], types: [{ name: 'User', module: 'app' }] });
    await lab.addDump(3, lab.dump(census(9, 0)));
    const user = (await groups(3, 'type')).rows.find(({ label }) => label.name === 'User')!;
    const { snapshots, rows } = await lab.query('heap.history', { ...refTo(3), by: 'type', keys: [user.key] });
    expect([snapshots, rows[0]!.counts]).toEqual([
      [1, 3],
      [5, 9],
    ]);
  });
});
