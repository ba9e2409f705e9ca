import { describe, expect, it } from 'vitest';
import { checkGraph } from './check-graph.ts';
import { DUMP_ROOT } from './dump-numbers.ts';
import { FLAG, NONE, REST } from './graph.ts';
import type { HeapGraph, HeapRoot, HeapType, Strings } from './graph.ts';
import { attribute, local, modules, weak } from './testing/dump-builder.ts';
import { heapOf } from './testing/heap-of.ts';
import { faultBy } from './testing/refusal.ts';

/** Two of everything that has an order. */
const { graph, node } = heapOf({
  objects: [
    { id: 'app', type: 'module', edges: [attribute('cache', 'd'), weak('a', 'v'), weak('b', 'k')], size: 72 },
    { id: 'd', type: 'dict', rest: REST.pairs, edges: ['k', 'v', 'k', 'w'], size: 6e9 },
    { id: 'k', type: 'str', text: 'user', preview: "'user'", hash: 7n, site: ['app.py:3', 'main.py:9'] },
    { id: 'v', type: 'ndarray', size: 5e9, external: 2, array: { bytes: 8e9, owns: true, dtype: 'float64', shape: '(1000,)' } },
    { id: 'w', type: 'ndarray', external: 1, array: { bytes: 8, owns: false, dtype: 'int8', shape: '(8,)' }, site: ['lib.py:1'] },
    { id: 'z', type: 'str', text: 'name', preview: "'name'", hash: 7n },
  ],
  types: [{ name: 'object' }, { name: 'dict', base: 'object', object: 'd' }],
  roots: [
    modules('app'),
    { kind: DUMP_ROOT.thread, name: 'MainThread', ident: 2 ** 40 },
    { kind: DUMP_ROOT.frame, name: 'main', parent: 1, ident: 0, line: 12, file: 'main.py', refs: [local('z', 'z')] },
  ],
});
const { nodes } = graph;
/** Nodes without an order or a table of their own: a number of them can be changed alone. */
const leaf = node('w');

/** What is wrong with the graph that is changed so; null: nothing. */
const fault = (change: Partial<HeapGraph>): string | null => faultBy((refuse) => checkGraph({ ...graph, ...change }, refuse));

function put<T extends Uint32Array | Uint16Array | Uint8Array | Float64Array>(column: T | null, at: number, value: number): T {
  const changed = column!.slice() as T;
  changed[at] = value;
  return changed;
}
const shorter = <T extends Uint32Array | Uint16Array | Uint8Array | Float64Array>(column: T): T => column.slice(0, -1) as T;
const swapped = (column: Uint32Array): Uint32Array => put(put(column, 0, column[1]!), 1, column[0]!);

it('a graph as it comes from a dump is right', () => expect(fault({})).toBeNull());

describe('columns', () => {
  const perNode = ['type', 'size', 'address', 'subtree', 'shape', 'flags', 'site', 'content', 'check'] as const;
  it.each(perNode)('%s has a number for each node', (name) => expect(fault({ [name]: shorter(graph[name]!) })).toBe(`length of ${name}`));

  it('are for one node at least, and for fewer than 2^31', () => {
    expect(fault({ nodes: 0 })).toBe('0 nodes');
    expect(fault({ nodes: 2 ** 31 })).toBe('2147483648 nodes');
    expect(fault({ nodes: 2 ** 31 - 1 })).toBe('length of type');
  });

  it('of digests are both there, or neither', () => {
    expect(fault({ content: null })).toBe('digests');
    expect(fault({ check: null })).toBe('digests');
    expect(fault({ content: null, check: null })).toBeNull();
    expect(fault({ site: null })).toBeNull();
  });

  const sites = graph.sites.start.length - 1;
  it.each<[string, Partial<HeapGraph>, Partial<HeapGraph>]>([
    [`reference to node ${nodes} of ${nodes}`, { edgeTo: put(graph.edgeTo, 0, nodes) }, { edgeTo: put(graph.edgeTo, 0, nodes - 1) }],
    [
      `type ${graph.types.length} of ${graph.types.length}`,
      { type: put(graph.type, leaf, graph.types.length) },
      { type: put(graph.type, leaf, graph.types.length - 1) },
    ],
    [
      `shape ${graph.shapes.rest.length} of ${graph.shapes.rest.length}`,
      { shape: put(graph.shape, leaf, graph.shapes.rest.length) },
      { shape: put(graph.shape, leaf, graph.shapes.rest.length - 1) },
    ],
    [`traceback ${sites} of ${sites}`, { site: put(graph.site, leaf, sites) }, { site: put(graph.site, leaf, sites - 1) }],
    [`traceback ${NONE - 1} of ${sites}`, { site: put(graph.site, leaf, NONE - 1) }, { site: put(graph.site, leaf, NONE) }],
    [
      `group of equal content ${nodes} of ${nodes}`,
      { content: put(graph.content, leaf, nodes) },
      { content: put(graph.content, leaf, nodes - 1) },
    ],
  ])('an index is within its table, and the last one is: %s', (detail, wrong, right) => {
    expect(fault(wrong)).toBe(detail);
    expect(fault(right)).toBeNull();
  });

  it.each([-1, 2 ** 53, NaN])('an address is no %d', (value) => {
    expect(fault({ address: put(graph.address, leaf, value) })).toBe(`address of node ${leaf}`);
  });
  it.each([0, 2 ** 53 - 1])('an address may be %d', (value) => expect(fault({ address: put(graph.address, leaf, value) })).toBeNull());
});

describe('subtrees', () => {
  const withSubtree = (at: number, value: number): string | null => fault({ subtree: put(graph.subtree, at, value) });
  const nested = (...subtree: number[]): string | null => {
    const length = subtree.length;
    const none = new Uint32Array(length);
    return fault({
      nodes: length,
      subtree: Uint32Array.from(subtree),
      edgeTo: none,
      type: none,
      size: none,
      shape: none,
      address: new Float64Array(length),
      flags: new Uint16Array(length),
      site: null,
      content: null,
      check: null,
    });
  };

  it('contain the node itself, and end where the one around them ends', () => {
    expect(withSubtree(0, nodes - 1)).toBe('subtree of the super root');
    expect(withSubtree(leaf, 0)).toBe(`subtree of node ${leaf}`);
    expect(withSubtree(nodes - 1, 2)).toBe(`subtree of node ${nodes - 1}`);
  });

  // Where the subtrees are right, what is refused is the large object of the other heap.
  it.each([
    ['one inside the other', [5, 3, 2, 1, 1], 'sizes of node'],
    ['one after the other', [5, 2, 1, 2, 1], 'sizes of node'],
    ['past the one around it', [5, 2, 2, 1, 1], 'subtree of node 2'],
    ['past one that ends with its parent', [6, 4, 3, 1, 2, 1], 'subtree of node 4'],
    ['past the last node', [3, 3, 1], 'subtree of node 1'],
  ])('%s', (_, subtree, detail) => expect(nested(...subtree)).toMatch(detail));
});

describe('numbers of sparse tables', () => {
  const tables = {
    big: (value: number) => ({ big: { ...graph.big, value: put(graph.big.value, 1, value) } }),
    external: (value: number) => ({ external: { ...graph.external, value: put(graph.external.value, 1, value) } }),
    arrays: (value: number) => ({ arrays: { ...graph.arrays, bytes: put(graph.arrays.bytes, 1, value) } }),
  };
  it.each(Object.keys(tables) as (keyof typeof tables)[])('%s: from 0 below 2^64', (table) => {
    for (const value of [-1, 2 ** 64, NaN]) expect(fault(tables[table](value)), `${value}`).toBe('a number of a sparse table');
    for (const value of [0, 2 ** 63]) expect(fault(tables[table](value)), `${value}`).toBeNull();
  });
});

describe('sparse tables', () => {
  const { big, external, weak: loose, texts, previews, arrays } = graph;
  const tables: [string, number, (of: Uint32Array) => Partial<HeapGraph>, Uint32Array][] = [
    ['sizes', 0, (of) => ({ big: { ...big, node: of } }), big.node],
    ['external references', 0, (of) => ({ external: { ...external, node: of } }), external.node],
    ['weak references', 1, (of) => ({ weak: { ...loose, node: of } }), loose.node],
    ['texts', 0, (of) => ({ texts: { ...texts, node: of } }), texts.node],
    ['previews', 0, (of) => ({ previews: { ...previews, node: of } }), previews.node],
    ['arrays', 0, (of) => ({ arrays: { ...arrays, node: of } }), arrays.node],
  ];

  it.each(tables)('%s: as many nodes as rows, in order, in the heap; twice where there may be more than one', (what, repeats, of, rows) => {
    expect(rows.length).toBe(2);
    expect(fault(of(shorter(rows)))).toBe(`lengths of ${what}`);
    expect(fault(of(put(rows, 1, nodes)))).toBe(`${what} of node ${nodes} of ${nodes}`);
    expect(fault(of(put(rows, 1, nodes - 1)))).toBeNull();
    expect(fault(of(Uint32Array.of(2, 1)))).toBe(`order of ${what}`);
    expect(fault(of(Uint32Array.of(2, 2)))).toBe(repeats ? null : `order of ${what}`);
  });

  it('every column of a row is there', () => {
    expect(fault({ weak: { ...loose, place: shorter(loose.place) } })).toBe('lengths of weak references');
    expect(fault({ weak: { ...loose, to: shorter(loose.to) } })).toBe('lengths of weak references');
    expect(fault({ arrays: { ...arrays, bytes: shorter(arrays.bytes) } })).toBe('lengths of arrays');
    expect(fault({ arrays: { ...arrays, owns: shorter(arrays.owns) } })).toBe('lengths of arrays');
    expect(fault({ arrays: { ...arrays, dtype: texts.strings, shape: ofOne } })).toBe('lengths of arrays');
    expect(fault({ arrays: { ...arrays, dtype: ofOne, shape: texts.strings } })).toBe('lengths of arrays');
  });

  it('a weak reference leads into the heap', () => {
    expect(fault({ weak: { ...loose, to: put(loose.to, 0, nodes) } })).toBe(`weak reference to node ${nodes} of ${nodes}`);
    expect(fault({ weak: { ...loose, to: put(loose.to, 0, nodes - 1) } })).toBeNull();
  });

  const ofOne: Strings = { start: Uint32Array.of(0, 3), bytes: Uint8Array.of(97, 98, 99) };
  const inTables: [string, (strings: Strings) => Partial<HeapGraph>][] = [
    ['texts', (strings) => ({ texts: { ...texts, strings } })],
    ['previews', (strings) => ({ previews: { ...previews, strings } })],
    ['dtypes', (dtype) => ({ arrays: { ...arrays, dtype } })],
    ['shapes of arrays', (shape) => ({ arrays: { ...arrays, shape } })],
  ];
  it.each(inTables)('strings of %s: from the first byte to the last, in order', (what, of) => {
    const strings = (...start: number[]): string | null => fault(of({ ...ofOne, start: Uint32Array.from(start) }));
    expect(strings(0, 1, 3)).toBeNull();
    expect(strings(0, 3, 3)).toBeNull();
    expect(strings()).toBe(`ends of ${what}`);
    expect(strings(1, 1, 3)).toBe(`ends of ${what}`);
    expect(strings(0, 1, 2)).toBe(`ends of ${what}`);
    expect(strings(0, 4, 3)).toBe(`order of ${what}`);
  });
});

describe('tables', () => {
  const { types, shapes, sites, labels } = graph;
  const withType = (change: Partial<HeapType>, at = 0): string | null => fault({ types: types.with(at, { ...types[at]!, ...change }) });

  it('a class has a base of the table, and is not among its own', () => {
    expect(withType({ base: types.length })).toBe(`base class ${types.length} of ${types.length}`);
    expect(withType({ base: types.length - 1 })).toBeNull();
    expect(withType({ base: 0 })).toBe('a class that is its own base');
    expect(withType({ base: 1 })).toBe('a class that is its own base');
  });

  it('a class is an object of the heap, or none', () => {
    expect(withType({ node: nodes })).toBe('object of a type');
    expect(withType({ node: nodes - 1 })).toBeNull();
    expect(withType({ node: NONE })).toBeNull();
  });

  it('a shape has its labels, each of the table', () => {
    expect(fault({ shapes: { ...shapes, start: Uint32Array.of(0, shapes.label.length) } })).toBe('number of shapes');
    expect(fault({ shapes: { ...shapes, start: swapped(shapes.start) } })).toBe('ends of labels of shapes');
    expect(fault({ shapes: { ...shapes, label: put(shapes.label, 0, labels.length) } })).toBe(`label ${labels.length} of ${labels.length}`);
    expect(fault({ shapes: { ...shapes, label: put(shapes.label, 0, labels.length - 1) } })).toBeNull();
  });

  it('an entry of a traceback has a line and a file', () => {
    const files = sites.files.length;
    expect(fault({ sites: { ...sites, line: shorter(sites.line) } })).toBe('lines of tracebacks');
    expect(fault({ sites: { ...sites, start: swapped(sites.start) } })).toBe('ends of tracebacks');
    expect(fault({ sites: { ...sites, file: put(sites.file, 0, files) } })).toBe(`file ${files} of ${files}`);
    expect(fault({ sites: { ...sites, file: put(sites.file, 0, files - 1) } })).toBeNull();
  });
});

describe('roots', () => {
  const { roots, flags } = graph;
  const withRoot = (at: number, change: Partial<HeapRoot>): string | null => fault({ roots: roots.with(at, { ...roots[at]!, ...change }) });
  const last = roots.length - 1;

  it('are as many as there are synthetic nodes, the super root first', () => {
    expect(fault({ roots: roots.slice(0, -1) })).toBe('number of roots');
    expect(fault({ flags: put(flags, leaf, flags[leaf]! | FLAG.synthetic) })).toBe('number of roots');
    expect(withRoot(0, { node: 1 })).toBe('number of roots');
    expect(fault({ roots: [], flags: new Uint16Array(nodes) })).toBe('number of roots');
  });

  it('are synthetic nodes of the heap, in order', () => {
    expect(withRoot(last, { node: nodes })).toBe('node of a root');
    expect(withRoot(last, { node: leaf })).toBe('node of a root');
    expect(withRoot(last, { node: roots[last - 1]!.node })).toBe('order of roots');
    expect(fault({ roots: [roots[0]!, roots[2]!, roots[1]!, ...roots.slice(3)] })).toBe('order of roots');
  });

  it('come after their parents; only the super root has none', () => {
    expect(withRoot(0, { parent: 0 })).toBe('parent of a root');
    expect(withRoot(last, { parent: NONE })).toBe('parent of a root');
    expect(withRoot(last, { parent: last })).toBe('parent of a root');
    expect(withRoot(last, { parent: last - 1 })).toBeNull();
  });

  it('have an ident that is a number', () => {
    for (const ident of [Infinity, NaN]) expect(withRoot(last, { ident })).toBe('ident of a thread');
    expect(withRoot(last, { ident: -1 })).toBeNull();
  });
});
