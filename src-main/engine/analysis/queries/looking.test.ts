import { describe, expect, it } from 'vitest';
import type { FilterNode, Grouping, ObjectSet, RowRequest } from '../../../../src-preload/contract/index.ts';
import { NONE, REST } from '../../heap/graph.ts';
import { attribute, field, local, modules, weak, type HeapSpec } from '../../heap/testing/dump-builder.ts';
import { ALL, Bench, refTo } from '../testing.ts';
import { cycles } from './cycles.ts';
import { dominated, icicle } from './dominated.ts';
import { duplicates } from './duplicates.ts';
import { edges } from './edges.ts';
import { groups } from './groups.ts';
import { measure, object } from './object.ts';
import { objects } from './objects.ts';
import { paths } from './paths.ts';
import { waste } from './waste.ts';

const REF = refTo(1);
const INSTANCE_DICT = 16;

/**
 * A module with a registry of two sessions, which share a user; a frame that looks at one of them; a weak reference; a ring
 * that nothing holds.
 */
const APP: HeapSpec = {
  objects: [
    { id: 'sys', type: 'dict', rest: REST.pairs, edges: ['k-app', 'app'], size: 232 },
    { id: 'k-app', type: 'str', text: 'app', size: 52 },
    { id: 'app', type: 'module', edges: [field('__dict__', 'ns')], size: 72 },
    { id: 'ns', type: 'dict', rest: REST.pairs, flags: INSTANCE_DICT, edges: ['k-reg', 'reg', 'k-items', 'items'], size: 232 },
    { id: 'k-reg', type: 'str', text: 'registry', size: 57 },
    { id: 'k-items', type: 'str', text: 'items', size: 53, hash: 9n },
    { id: 'reg', type: 'dict', rest: REST.pairs, edges: ['k-17', 's1', "k-it's", 's2', 'k-tuple', 'none'], size: 232 },
    { id: 'k-17', type: 'int', text: '17', size: 28 },
    { id: "k-it's", type: 'str', text: "it's", size: 53, hash: 9n },
    { id: 'k-tuple', type: 'tuple', size: 56 },
    { id: 'none', type: 'NoneType', size: 16 },
    { id: 's1', type: 'Session', edges: [attribute('user', 'u'), attribute('log', 'log')], size: 48 },
    { id: 's2', type: 'AdminSession', edges: [attribute('user', 'u')], size: 48 },
    { id: 'u', type: 'User', size: 1000, preview: "'Ann'" },
    { id: 'log', type: 'list', rest: REST.items, edges: ['k-items', 'k-items'], size: 88 },
    { id: 'items', type: 'list', rest: REST.items, edges: [], size: 56 },
    { id: 'set', type: 'set', rest: REST.members, edges: ['s1'], size: 216 },
    { id: 'ref', type: 'weakref', edges: [weak('__callback__', 's1')], size: 72 },
    { id: 'ring', type: 'Node', edges: [attribute('next', 'ring2')], size: 48 },
    { id: 'ring2', type: 'Node', edges: [attribute('next', 'ring')], size: 48 },
  ],
  roots: [
    modules('sys'),
    { kind: 2, name: 'MainThread', ident: 7 },
    { kind: 3, name: 'main', parent: 1, file: 'app.py', line: 12, refs: [local('seen', 'set'), local('r', 'ref')] },
  ],
  types: [
    { name: 'dict' },
    { name: 'str' },
    { name: 'Session', module: 'app' },
    { name: 'AdminSession', module: 'app', base: 'Session' },
    { name: 'User', module: 'models' },
    { name: 'Node', module: 'app', flags: 4 },
  ],
};

const bench = new Bench(APP);
const node = (id: string): number => bench.node(id);
const filter = (condition: FilterNode): RowRequest => ({ ...ALL, filter: condition });
const rowsBy = (by: Grouping, parent: number | null = null, within: ObjectSet = { of: 'all' }) =>
  groups(bench.scope, { ...REF, by, within, parent, ...ALL }).rows;

describe('groups', () => {
  it('counts by type, each byte of retained size once', () => {
    const rows = rowsBy('type');
    const of = (name: string) => rows.find(({ label }) => label.name === name);
    expect(of('Node')).toMatchObject({ count: 2, shallow: 96, retained: 96, label: { module: 'app', name: 'Node' } });
    expect(of('dict')!.count).toBe(3);
    expect(of('dict')!.retained).toBe(bench.view().retained(node('sys')));
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(APP.objects.length);
  });

  it('puts subclasses below their class, whose figures include them', () => {
    const session = rowsBy('hierarchy').find(({ label }) => label.name === 'Session')!;
    expect(session).toMatchObject({ count: 2, shallow: 96, children: 1 });
    expect(rowsBy('hierarchy', session.key).map(({ label, count }) => [label.name, count])).toEqual([['AdminSession', 1]]);
    const members = objects(bench.scope, { ...REF, set: { of: 'group', by: 'hierarchy', key: session.key }, ...ALL });
    expect(members.rows.map((row) => bench.name(row.node)).sort()).toEqual(['s1', 's2']);
  });

  it('groups by module and by what holds', () => {
    expect(rowsBy('module').map(({ label, count }) => [label.name, count])).toContainEqual(['app', 4]);
    const holders = Object.fromEntries(rowsBy('holder').map(({ label, count }) => [[label.module, label.name].join(' ').trim(), count]));
    expect(holders).toMatchObject({
      ...{ 'app Session.log': 1, 'main() seen': 1, 'app Node.next': 1 },
      ...{ 'app registry[…]': 3, 'app registry{…:}': 3, 'app Session.user': 1 },
    });
  });

  it('looks within a set, and filters by column', () => {
    expect(
      rowsBy('type', null, { of: 'referents', node: node('s1') })
        .map(({ label }) => label.name)
        .sort(),
    ).toEqual(['User', 'list']);
    const big = groups(bench.scope, {
      ...REF,
      by: 'type',
      within: { of: 'all' },
      parent: null,
      ...filter({ kind: 'number', column: 'shallow', operator: '>', value: 500 }),
    });
    expect(big.rows.map(({ label }) => label.name).sort()).toEqual(['User', 'dict']);
    expect(big.sums).toEqual({ count: 4, shallow: 1696, atLeast: 'none' });
  });

  it('refuses a column that is not there', () => {
    const ask = (column: string) => () =>
      groups(bench.scope, { ...REF, by: 'type', within: { of: 'all' }, parent: null, ...ALL, sort: { column, descending: true } });
    expect(ask('colour')).toThrow(expect.objectContaining({ code: 'filter.unknown-column', facts: { column: 'colour' } }));
    expect(ask('constructor')).toThrow(expect.objectContaining({ code: 'filter.unknown-column' }));
  });
});

describe('objects', () => {
  const all = (request: RowRequest, set: ObjectSet = { of: 'all' }) => objects(bench.scope, { ...REF, set, ...request });
  const named = (request: RowRequest, set?: ObjectSet) => bench.names(all(request, set).rows.map((row) => row.node));

  it('sorts by every column', () => {
    for (const column of ['type', 'preview', 'holder', 'shallow', 'retained', 'referrers', 'referents', 'length', 'address', 'module']) {
      expect(all({ ...ALL, sort: { column, descending: true } }).rows).toHaveLength(APP.objects.length);
    }
    expect(named({ ...ALL, sort: { column: 'shallow', descending: true }, count: 1 })).toEqual(['u']);
    expect(named({ ...ALL, sort: { column: 'length', descending: true }, count: 2 })).toEqual(['reg', 'ns']);
  });

  it('filters by numbers, texts and words', () => {
    expect(named(filter({ kind: 'number', column: 'retained', operator: '>=', value: 1000 })).sort()).toContain('u');
    expect(named(filter({ kind: 'text', column: 'type', operator: '=', value: 'app.node' })).sort()).toEqual(['ring', 'ring2']);
    expect(named(filter({ kind: 'word', text: 'ann' }))).toEqual(['u']);
    expect(named(filter({ kind: 'word', text: 'registry' })).sort()).toEqual([
      ...['k-17', "k-it's", 'k-reg', 'k-tuple', 'log', 'none', 'reg', 's1', 's2', 'u'],
    ]);
    expect(all(filter({ kind: 'word', text: 'ann' })).sums).toEqual({ shallow: 1000, atLeast: 'none' });
  });

  it('says whether an object of the set has a text, whatever is filtered', () => {
    const none = filter({ kind: 'word', text: 'no such word' });
    const ofNodes = (...ids: string[]): ObjectSet => ({ of: 'nodes', nodes: ids.map(node) });
    expect([all(none).total, all(none).texts]).toEqual([0, true]);
    expect(all(ALL, ofNodes('s1', 'u')).texts).toBe(true);
    expect(all(ALL, ofNodes('s1', 's2', 'k-app')).texts).toBe(false);
  });

  it('refuses a column that is not there', () => {
    expect(() => all(filter({ kind: 'number', column: 'weight', operator: '>', value: 1 }))).toThrow(
      expect.objectContaining({ code: 'filter.unknown-column' }),
    );
  });

  it('finds sets by what they are', () => {
    expect(named(ALL, { of: 'garbage' }).sort()).toEqual(['ring', 'ring2']);
    expect(named(ALL, { of: 'referrers', node: node('u') }).sort()).toEqual(['s1', 's2']);
    expect(named(ALL, { of: 'retained', node: node('log') })).toEqual(['log']);
    expect(named(ALL, { of: 'nodes', nodes: [node('u'), node('u')] })).toEqual(['u']);
    expect(() => all(ALL, { of: 'nodes', nodes: [1e6] })).toThrow(
      expect.objectContaining({ code: 'snapshot.object-missing', facts: { snapshot: 1, node: 1e6 } }),
    );
  });

  it.each(['type', 'module', 'holder', 'site', 'hierarchy'] as const)(
    'finds what of a row by %s lies inside a set, and nothing else',
    (by) => {
      const set = { of: 'referents', node: node('s1') } as const;
      const inside = rowsBy(by, null, set).map(({ key, count }) => {
        const found = named(ALL, { of: 'inside', by, key, set }).sort();
        expect(found).toHaveLength(count);
        expect(found.every((name) => named(ALL, { of: 'group', by, key }).includes(name))).toBe(true);
        return found;
      });
      expect([...new Set(inside.flat())].sort()).toEqual(named(ALL, set).sort());
      expect(named(ALL, { of: 'inside', by, key: 1_000_000, set })).toEqual([]);
    },
  );

  it('tells the way from the nearest root', () => {
    const holder = (id: string): string => all(ALL, { of: 'nodes', nodes: [node(id)] }).rows[0]!.holder;
    expect(holder('items')).toBe('modules › app › items');
    expect(holder('s2')).toBe(`modules › app › registry › ["it's"]`);
    expect(holder('s1')).toBe('modules › app › registry › [17]');
    expect(holder('u')).toBe('modules › app › registry › [17] › user');
  });
});

describe('an object and its references', () => {
  const names = (id: string, direction: 'referents' | 'referrers') =>
    edges(bench.scope, { ...REF, node: node(id), direction, ...ALL }).rows.map(({ name, object: to }) => [
      name.kind,
      name.text,
      bench.name(to.node),
      name.weak,
    ]);

  it('names references as Python would', () => {
    expect(names('reg', 'referents')).toEqual([
      ['dict-key', '17', 'k-17', false],
      ['key', '17', 's1', false],
      ['dict-key', `"it's"`, "k-it's", false],
      ['key', `"it's"`, 's2', false],
      ['dict-key', '()', 'k-tuple', false],
      ['key', '()', 'none', false],
    ]);
    expect(names('ns', 'referents')[1]).toEqual(['attribute', 'registry', 'reg', false]);
    expect(names('log', 'referents')).toEqual([
      ['index', '0', 'k-items', false],
      ['index', '1', 'k-items', false],
    ]);
    expect(names('set', 'referents')).toEqual([['member', '', 's1', false]]);
  });

  it('tells who refers to it, weak ones last', () => {
    expect(
      names('s1', 'referrers')
        .map(([kind, text, from, isWeak]) => [kind, text, from, isWeak])
        .sort(),
    ).toEqual(
      [
        ['key', '17', 'reg', false],
        ['member', '', 'set', false],
        ['field', '__callback__', 'ref', true],
      ].sort(),
    );
    expect(names('s1', 'referrers').at(-1)![3]).toBe(true);
  });

  it('filters and sorts references', () => {
    const found = edges(bench.scope, {
      ...REF,
      node: node('reg'),
      direction: 'referents',
      ...filter({ kind: 'text', column: 'name', operator: '~', value: 'it' }),
    });
    expect(found.rows.map(({ index }) => index)).toEqual([2, 3]);
    const sorted = edges(bench.scope, {
      ...REF,
      node: node('reg'),
      direction: 'referents',
      ...ALL,
      sort: { column: 'shallow', descending: true },
    });
    expect(sorted.rows[0]!.object.shallow).toBe(56);
  });

  it('tells everything about one', () => {
    expect(object(bench.scope, { ...REF, node: node('s2') })).toMatchObject({
      bases: [{ module: 'app', name: 'Session' }],
      deepSize: 1048,
      cycle: null,
      site: null,
      dominator: node('reg'),
    });
    expect(object(bench.scope, { ...REF, node: node('ring') })).toMatchObject({ flags: { hasDel: true }, cycle: 0, kind: 'object' });
    expect(object(bench.scope, { ...REF, node: 0 })).toMatchObject({ kind: 'super-root', dominator: null });
    const frame = bench.graph().roots.find(({ kind }) => kind === 3)!;
    expect(object(bench.scope, { ...REF, node: frame.node })).toMatchObject({ kind: 'frame', line: { file: 'app.py', line: 12 } });
  });
});

describe('paths', () => {
  it('merges the shortest ways to a set, and looks for others without a holder', () => {
    const found = paths(bench.scope, { ...REF, set: { of: 'nodes', nodes: [node('s1'), node('u')] }, ignore: [], limit: 100 });
    expect(found).toMatchObject({ asked: 2, reached: 2, cut: false });
    const chain: string[] = [];
    for (let step = found.roots[0]; step; step = step.next[0])
      chain.push(`${step.kind === 'object' ? bench.name(step.node) : step.kind} ${step.count}`);
    expect(chain).toEqual(['modules 2', 'sys 2', 'app 2', 'ns 2', 'reg 2', 's1 2', 'u 1']);

    const without = paths(bench.scope, {
      ...REF,
      set: { of: 'nodes', nodes: [node('s1')] },
      ignore: [node('set'), node('reg')],
      limit: 100,
    });
    expect(without).toMatchObject({ asked: 1, reached: 0, roots: [] });
  });

  it('has none for garbage, and is cut at the limit', () => {
    expect(paths(bench.scope, { ...REF, set: { of: 'garbage' }, ignore: [], limit: 10 })).toMatchObject({
      asked: 2,
      reached: 0,
      roots: [],
      cut: false,
    });
    expect(paths(bench.scope, { ...REF, set: { of: 'all' }, ignore: [], limit: 3 }).cut).toBe(true);
  });
});

describe('dominators', () => {
  it('gives children by retained size, with how they are held', () => {
    const rows = dominated(bench.scope, { ...REF, node: node('ns'), ...ALL }).rows;
    expect(rows.map((row) => bench.name(row.node))).toEqual(['reg', 'k-reg', 'items']);
    expect(rows[0]!.name).toMatchObject({ kind: 'attribute', text: 'registry' });
    const under = rows[0]!;
    expect(dominated(bench.scope, { ...REF, node: under.node, ...ALL }).total).toBe(under.children);
  });

  it('lays rectangles side by side, none wider than its parent', () => {
    const cells = icicle(bench.scope, { ...REF, node: 0, depth: 20, smallest: 0 });
    const byNode = new Map(cells.map((cell) => [cell.node, cell]));
    for (const cell of cells.slice(1)) {
      const parent = byNode.get(bench.view().dominators[cell.node]!)!;
      expect(cell.depth).toBe(parent.depth + 1);
      expect(cell.offset).toBeGreaterThanOrEqual(parent.offset);
      expect(cell.offset + cell.retained).toBeLessThanOrEqual(parent.offset + parent.retained);
    }
    expect(bench.view().dominators[0]).toBe(NONE);
    expect(byNode.get(node('reg'))!.label).toMatch(/ registry$/);
  });
});

describe('cycles, duplicates, waste, measures', () => {
  it('lists cycles', () => {
    expect(cycles(bench.scope, { ...REF, only: 'unreachable', ...ALL }).rows).toEqual([
      {
        cycle: 0,
        objects: 2,
        shallow: 96,
        retained: 96,
        types: [{ type: { module: 'app', name: 'Node' }, count: 2 }],
        hasDel: true,
        unreachable: true,
        uncollectable: false,
        blocker: null,
        sample: expect.any(Number),
      },
    ]);
  });

  it('lists equal strings', () => {
    const { rows } = duplicates(bench.scope, { ...REF, ...ALL });
    expect(rows).toMatchObject([{ type: { name: 'str' }, count: 2 }]);
    const members = objects(bench.scope, { ...REF, set: { of: 'duplicates', group: rows[0]!.group }, ...ALL });
    expect(members.rows.map((row) => bench.name(row.node)).sort()).toEqual(["k-it's", 'k-items']);
  });

  it('lists empty and roomy containers', () => {
    const { rows } = waste(bench.scope, { ...REF, ...ALL });
    expect(rows.filter(({ type }) => type.name === 'list')).toMatchObject([
      { kind: 'empty', count: 1, wasted: 56 },
      { kind: 'slack', count: 1, wasted: 16 },
    ]);
  });

  it('measures what a set frees together, more than its parts alone', () => {
    const both = measure(bench.scope, { ...REF, set: { of: 'nodes', nodes: [node('s1'), node('s2')] } });
    expect(both).toMatchObject({ count: 2, shallow: 96, retained: 96 + 1000 + 88, deep: 96 + 1000 + 88 + 56 });
  });
});

describe('length, dtype and shape', () => {
  const array = (dtype: string, shape: string) => ({ bytes: 80, owns: true, dtype, shape });
  const HELD: HeapSpec = {
    objects: [
      { id: 'ascii', type: 'str', size: 41 + 12 },
      { id: 'wide', type: 'str', size: 90, array: array('', '(7,)') },
      { id: 'bytes', type: 'bytes', size: 33 + 5 },
      { id: 'table', type: 'ndarray', size: 128, array: array('float64', '(10, 1)') },
      { id: 'flat', type: 'ndarray', size: 128, array: array('int8', '(9,)') },
      { id: 'scalar', type: 'ndarray', size: 128, array: array('float64', '()') },
      { id: 'list', type: 'list', rest: REST.items, edges: ['ascii', 'ascii'] },
      { id: 'other', type: 'Session', size: 48 },
    ],
    roots: [modules('ascii', 'wide', 'bytes', 'table', 'flat', 'scalar', 'list', 'other')],
    meta: { str_empty: 41, bytes_empty: 33 },
  };
  const bench = new Bench(HELD);
  const rows = (request: Partial<RowRequest>) => objects(bench.scope, { ...REF, set: { of: 'all' }, ...ALL, ...request }).rows;
  const named = (request: Partial<RowRequest>): string[] => bench.names(rows(request).map(({ node }) => node));

  it('is told by the size, by a record, by items, or is not', () => {
    const lengths = Object.fromEntries(rows({}).map((row) => [bench.name(row.node), row.length]));
    expect(lengths).toEqual({ ascii: 12, wide: 7, bytes: 5, table: 10, flat: 9, scalar: null, list: 2, other: null });
  });

  it('is not known of texts where the dump does not say how large an empty one is', () => {
    const older = new Bench({ ...HELD, meta: {} });
    const row = (id: string) => objects(older.scope, { ...REF, set: { of: 'nodes', nodes: [older.node(id)] }, ...ALL }).rows[0]!;
    expect([row('ascii').length, row('bytes').length, row('list').length]).toEqual([null, null, 2]);
  });

  it('sorts and filters: a shape by its items', () => {
    expect(named({ sort: { column: 'length', descending: true }, count: 3 })).toEqual(['ascii', 'table', 'flat']);
    expect(named({ sort: { column: 'shape', descending: true }, count: 3 })).toEqual(['table', 'flat', 'scalar']);
    expect(named({ sort: { column: 'dtype', descending: true }, count: 3 })[0]).toBe('flat');
    const is = (column: string, value: string): FilterNode => ({ kind: 'text', column, operator: '=', value });
    expect(named({ filter: is('dtype', 'float64') })).toEqual(['table', 'scalar']);
    expect(named({ filter: is('shape', '(9,)') })).toEqual(['flat']);
  });

  it('an array has both in its row, what only has a length has neither', () => {
    const of = (id: string) => object(bench.scope, { ...REF, node: bench.node(id) }).array;
    expect(of('table')).toEqual({ ...array('float64', '(10, 1)'), owned: true, owns: undefined });
    expect(of('wide')).toBeNull();
  });
});
