import { describe, expect, it } from 'vitest';
import type { RowRequest } from '../../../../src-preload/contract/index.ts';
import { REST } from '../../heap/graph.ts';
import { modules, type HeapSpec, type ObjectSpec } from '../../heap/testing/dump-builder.ts';
import { ALL, Bench, refTo } from '../testing.ts';
import { compareGroups } from './compare-groups.ts';
import { compareObjects } from './compare-objects.ts';

/** A list with these sessions, identified by number: an object's number is its address. */
function sessions(numbers: readonly number[], others: ObjectSpec[] = []): HeapSpec {
  const items = numbers.map((number): ObjectSpec => ({ id: `s${number}`, type: 'Session', size: 100, address: 65536 + 512 * number }));
  const all = [...items, ...others];
  return {
    objects: [
      { id: 'list', type: 'list', rest: REST.items, edges: all.map(({ id }) => id), address: 1024, size: 56 + 8 * all.length },
      ...all,
    ],
    roots: [modules('list')],
    types: [{ name: 'list' }, { name: 'Session', module: 'app' }],
  };
}

const OLD: ObjectSpec = { id: 'old', type: 'Old', size: 10, address: 2048 };
const BORN: ObjectSpec = { id: 'born', type: 'Born', size: 20, address: 4096 };

describe('a tree of classes', () => {
  const classes = [
    { name: 'Base', module: 'app' },
    { name: 'Session', module: 'app', base: 'Base' },
    { name: 'Admin', module: 'app', base: 'Session' },
  ];
  const admin = (id: string, address: number): ObjectSpec => ({ id, type: 'Admin', size: 30, address });
  const heap = (numbers: number[], others: ObjectSpec[]): HeapSpec => ({
    ...sessions(numbers, others),
    types: [{ name: 'list' }, ...classes],
  });
  const bench = new Bench(heap([1, 2], [admin('a1', 2048)]), heap([2, 3, 4], [admin('a1', 2048), admin('a2', 4096)]));
  const below = (parent: number | null | 'all', request: Partial<RowRequest> = {}) =>
    compareGroups(bench.scope, {
      snapshots: [refTo(1), refTo(2)],
      by: 'hierarchy',
      growing: false,
      changed: false,
      below: parent,
      ...ALL,
      ...request,
    }).rows;
  const named = (name: string) => below('all').find(({ label }) => label.name === name)!;

  it('has each class below its base, with the figures of its subclasses', () => {
    const top = below(null);
    expect(top.map(({ label, children }) => [label.name, children]).sort()).toEqual([
      ['Base', 1],
      ['list', 0],
    ]);
    const base = top.find(({ label }) => label.name === 'Base')!;
    expect(base).toMatchObject({ counts: [3, 5], fresh: 3, gone: 1, survived: 2 });
    expect(below(base.key).map(({ label, counts, children }) => [label.name, counts, children])).toEqual([['Session', [3, 5], 1]]);
    expect(below(named('Session').key).map(({ label, counts }) => [label.name, counts])).toEqual([['Admin', [1, 2]]]);
    expect(below(named('Admin').key)).toEqual([]);
  });

  it('is looked through as a whole by a filter', () => {
    const filter = { kind: 'text', column: 'name', operator: '=', value: 'admin' } as const;
    expect(below(null, { filter }).map(({ label }) => label.name)).toEqual(['Admin']);
  });

  it('puts a class that is gone below the base it had', () => {
    const gone = new Bench(heap([1], [admin('a1', 2048)]), sessions([1]));
    const rows = compareGroups(gone.scope, {
      snapshots: [refTo(1), refTo(2)],
      by: 'hierarchy',
      growing: false,
      changed: false,
      below: 'all',
      ...ALL,
    }).rows;
    const parent = rows.find(({ label }) => label.name === 'Admin')?.parent;
    expect(rows.find(({ key }) => key === parent)?.label.name).toBe('Session');
  });
});

describe('two snapshots of one process', () => {
  const bench = new Bench(sessions([1, 2, 3], [OLD]), sessions([2, 3, 4, 5, 6], [BORN]));
  const snapshots = [refTo(1), refTo(2)];
  const groups = () => compareGroups(bench.scope, { snapshots, by: 'type', growing: false, changed: false, below: 'all', ...ALL });
  const row = (name: string) => groups().rows.find(({ label }) => label.name === name)!;

  it('counts what is new, gone and survived', () => {
    expect(row('Session')).toMatchObject({
      counts: [3, 5],
      shallow: [300, 500],
      fresh: 3,
      freshBytes: 300,
      gone: 1,
      survived: 2,
      growsEachTime: true,
    });
    expect(row('Old')).toMatchObject({ counts: [1, 0], fresh: 0, gone: 1, survived: 0 });
    expect(row('Born')).toMatchObject({ counts: [0, 1], fresh: 1, gone: 0 });
    expect(groups()).toMatchObject({ matched: true, sums: { counts: [5, 7], fresh: 4, gone: 2, survived: 3 } });
  });

  it('lists the objects behind each figure', () => {
    const listed = (part: 'new' | 'gone' | 'survived', name: string) => {
      const set = { of: 'changed', base: refTo(1), part, by: 'type', key: row(name).key } as const;
      const { rows } = compareObjects(bench.scope, { ...refTo(2), set, ...ALL });
      return rows.map(({ node }) => bench.name(node, part === 'gone' ? 1 : 2)).sort();
    };
    expect(listed('new', 'Session')).toEqual(['s4', 's5', 's6']);
    expect(listed('gone', 'Session')).toEqual(['s1']);
    expect(listed('survived', 'Session')).toEqual(['s2', 's3']);
    expect(listed('gone', 'Old')).toEqual(['old']);
    expect(listed('new', 'Old')).toEqual([]);
  });

  it('says how sure each match is', () => {
    const { rows } = compareObjects(bench.scope, {
      ...refTo(2),
      set: { of: 'changed', base: refTo(1), part: 'survived', by: null, key: 0 },
      ...ALL,
    });
    expect(rows.every(({ confidence }) => confidence !== null)).toBe(true);
    expect(groups().confidence.reduce((sum, { objects }) => sum + objects, 0)).toBe(3);
  });

  it('shows only what grows, sorts and filters by difference', () => {
    expect(
      compareGroups(bench.scope, { snapshots, by: 'type', growing: true, changed: false, below: 'all', ...ALL })
        .rows.map(({ label }) => label.name)
        .sort(),
    ).toEqual(['Born', 'Session', 'list']);
    const most = compareGroups(bench.scope, {
      snapshots,
      by: 'type',
      growing: false,
      changed: false,
      below: 'all',
      ...ALL,
      sort: { column: 'shallowDiff', descending: true },
      count: 1,
    });
    expect(most.rows[0]!.label.name).toBe('Session');
    const big = { kind: 'number', column: 'countDiff', operator: '>', value: 1 } as const;
    expect(
      compareGroups(bench.scope, { snapshots, by: 'type', growing: false, changed: false, below: 'all', ...ALL, filter: big }).total,
    ).toBe(1);
  });

  it('begins with what grew most and ends with what shrank; what became less is below zero', () => {
    const { rows } = compareGroups(bench.scope, { snapshots, by: 'type', growing: false, changed: false, below: 'all', ...ALL });
    const named = rows.map(({ label, shallow }) => [label.name, shallow[1]! - shallow[0]!]);
    expect(named[0]).toEqual(['Session', 200]);
    expect(named.at(-1)).toEqual(['Old', -10]);
    const less = { kind: 'number', column: 'countDiff', operator: '<', value: 0 } as const;
    const gone = compareGroups(bench.scope, { snapshots, by: 'type', growing: false, changed: false, below: 'all', ...ALL, filter: less });
    expect(gone.rows.map(({ label, counts }) => [label.name, counts])).toEqual([['Old', [1, 0]]]);
  });

  it('compares by module and by holder too', () => {
    const module = compareGroups(bench.scope, { snapshots, by: 'module', growing: false, changed: false, below: 'all', ...ALL }).rows.find(
      ({ label }) => label.name === 'app',
    );
    expect(module).toMatchObject({ counts: [3, 5], fresh: 3 });
    const holder = compareGroups(bench.scope, { snapshots, by: 'holder', growing: false, changed: false, below: 'all', ...ALL }).rows.find(
      ({ label }) => label.name === 'sys.modules',
    );
    expect(holder).toMatchObject({ counts: [4, 6] });
  });
});

describe('three snapshots', () => {
  const bench = new Bench(sessions([1]), sessions([1, 2, 3]), sessions([1, 3, 4]));

  it('finds what was made between the first two and is still there', () => {
    const set = { of: 'between', first: refTo(1), second: refTo(2), by: null, key: 0 } as const;
    const { rows } = compareObjects(bench.scope, { ...refTo(3), set, ...ALL });
    expect(rows.map(({ node }) => bench.name(node, 3))).toEqual(['s3']);
  });

  it('grows each time only where each has more than the one before', () => {
    const { rows } = compareGroups(bench.scope, {
      snapshots: [refTo(1), refTo(2), refTo(3)],
      by: 'type',
      growing: false,
      changed: false,
      below: 'all',
      ...ALL,
    });
    expect(rows.find(({ label }) => label.name === 'Session')).toMatchObject({ counts: [1, 3, 3], growsEachTime: false });
  });
});

describe('snapshots of different processes', () => {
  it('compares by name and matches no object', () => {
    const bench = new Bench(sessions([1]), sessions([1, 2]));
    const scope = { ...bench.scope, sameProcess: () => false };
    const found = compareGroups(scope, {
      snapshots: [refTo(1), refTo(2)],
      by: 'type',
      growing: false,
      changed: false,
      below: 'all',
      ...ALL,
    });
    expect(found).toMatchObject({ matched: false, confidence: [], sums: { fresh: null, gone: null, survived: null } });
    expect(found.rows.find(({ label }) => label.name === 'Session')).toMatchObject({ counts: [1, 2], fresh: null, freshBytes: null });
    const set = { of: 'changed', base: refTo(1), part: 'new', by: null, key: 0 } as const;
    expect(compareObjects(scope, { ...refTo(2), set, ...ALL }).total).toBe(0);
  });
});

describe('a container that keeps what is new', () => {
  const snapshots = [refTo(1), refTo(2), refTo(3)];
  /** Its bytes are the same in all: it has room for more. */
  const keeping = (numbers: number[]): HeapSpec => {
    const spec = sessions(numbers);
    return { ...spec, objects: spec.objects.map((one) => (one.id === 'list' ? { ...one, size: 200 } : one)) };
  };
  const bench = new Bench(keeping([1]), keeping([1, 2, 3]), keeping([1, 2, 3, 4]));
  const groups = (request: { growing?: boolean; changed?: boolean }) =>
    compareGroups(bench.scope, { snapshots, by: 'type', growing: false, changed: false, below: 'all', ...ALL, ...request });

  it('grows each time by its length, though there is one of it, of one size', () => {
    const list = groups({ growing: true }).rows.find(({ label }) => label.name === 'list');
    expect(list).toMatchObject({ counts: [1, 1, 1], shallow: [200, 200, 200], lengths: [1, 3, 4], growsEachTime: true, grown: 1 });
  });

  it('is among the survivors that grew, with what it had before', () => {
    const set = { of: 'changed', base: refTo(1), part: 'grown', by: null, key: 0 } as const;
    const { rows } = compareObjects(bench.scope, { ...refTo(3), set, ...ALL, sort: { column: 'lengthDiff', descending: true } });
    expect(rows.map(({ node, length, lengthBefore }) => [bench.name(node, 3), length, lengthBefore])).toEqual([['list', 4, 1]]);
    const some = compareObjects(bench.scope, {
      ...refTo(3),
      set,
      ...ALL,
      filter: { kind: 'number', column: 'lengthDiff', operator: '>', value: 3 },
    });
    expect(some.total).toBe(0);
  });

  it('is the only row that is left if only it changed', () => {
    const still = new Bench(keeping([1]), keeping([1]));
    const both = { snapshots: [refTo(1), refTo(2)], by: 'type' as const, growing: false, below: 'all' as const, ...ALL };
    expect(compareGroups(still.scope, { ...both, changed: true }).rows).toEqual([]);
    expect(compareGroups(still.scope, { ...both, changed: false }).rows).toHaveLength(2);
    expect(
      groups({ changed: true })
        .rows.map(({ label }) => label.name)
        .sort(),
    ).toEqual(['Session', 'list']);
  });
});

describe('as many objects as before, but others', () => {
  it('are told from those that survived', () => {
    const bench = new Bench(sessions([1, 2, 3]), sessions([3, 4, 5]));
    const both = { snapshots: [refTo(1), refTo(2)], by: 'type' as const, growing: false, changed: true, below: 'all' as const, ...ALL };
    const found = compareGroups(bench.scope, both);
    expect(found.rows[0]).toMatchObject({ counts: [3, 3], survived: 1, fresh: 2, gone: 2, replaced: 2 });
    expect(found.sums).toMatchObject({ replaced: 2 });
  });
});

describe('what waits for a collection', () => {
  const ring = (name: string, address: number): ObjectSpec[] => [
    { id: `${name}1`, type: 'Session', size: 100, address, edges: [`${name}2`] },
    { id: `${name}2`, type: 'Session', size: 100, address: address + 256, edges: [`${name}1`] },
  ];
  const heap = (numbers: number[], loose: ObjectSpec[]): HeapSpec => {
    const spec = sessions(numbers);
    return { ...spec, objects: [...spec.objects, ...loose] };
  };
  /** Session 1 was held, and then waits beside what is new. */
  const dropped: ObjectSpec = { id: 's1', type: 'Session', size: 100, address: 65536 + 512 };
  const bench = new Bench(heap([1, 2], ring('a', 2048)), heap([2, 3], [...ring('b', 8192), ...ring('c', 16384), dropped]));
  const snapshots = [refTo(1), refTo(2)];
  const compared = (by: 'type' | 'hierarchy' | 'holder') =>
    compareGroups(bench.scope, { snapshots, by, growing: false, changed: false, below: 'all', ...ALL });
  const listed = (part: 'new' | 'gone' | 'survived', key: number | null) => {
    const set = { of: 'changed', base: refTo(1), part, by: key === null ? null : 'type', key: key ?? 0 } as const;
    const { rows } = compareObjects(bench.scope, { ...refTo(2), set, ...ALL });
    return rows.map(({ node }) => bench.name(node, part === 'gone' ? 1 : 2)).sort();
  };

  it('is in no group', () => {
    const row = compared('type').rows.find(({ label }) => label.name === 'Session');
    expect(row).toMatchObject({ counts: [2, 2], shallow: [200, 200], fresh: 1, gone: 1, survived: 1 });
    expect(listed('new', row!.key)).toEqual(['s3']);
    expect(listed('gone', row!.key)).toEqual(['s1']);
    expect(listed('survived', null)).toEqual(['list', 's2']);
  });

  it.each(['type', 'hierarchy', 'holder'] as const)('has a row of its own by %s, and its objects can be listed', (by) => {
    const { waits } = compared(by);
    expect(waits).toMatchObject({ counts: [2, 5], shallow: [200, 500], fresh: 5, gone: 2, survived: 0 });
    expect(listed('new', waits!.key)).toEqual(['b1', 'b2', 'c1', 'c2', 's1']);
    expect(listed('gone', waits!.key)).toEqual(['a1', 'a2']);
  });

  it('has no row where nothing waits', () => {
    const none = new Bench(sessions([1]), sessions([1, 2]));
    expect(compareGroups(none.scope, { snapshots, by: 'type', growing: false, changed: false, below: 'all', ...ALL }).waits).toBeNull();
  });
});
