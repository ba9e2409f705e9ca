import { describe, expect, it } from 'vitest';
import { buildHeap } from './build.ts';
import { checkGraph } from './check-graph.ts';
import { DUMP_ROOT } from './dump-numbers.ts';
import { DumpReader } from './dump-reader.ts';
import { BIG, NONE, ROOT } from './graph.ts';
import type { HeapGraph } from './graph.ts';
import type { RawHeap } from './raw-heap.ts';
import { dumpOf, local, modules, type HeapSpec } from './testing/dump-builder.ts';
import { heapOf, readHeap } from './testing/heap-of.ts';
import { randomHeap } from './testing/random-heap.ts';

function rawOf(spec: HeapSpec): RawHeap {
  const reader = new DumpReader();
  reader.push(dumpOf(spec));
  return reader.finish();
}

/** All that a graph says, as plain numbers and texts. */
function contents(graph: HeapGraph): unknown {
  return JSON.parse(JSON.stringify(graph, (_, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value)));
}

const refuse = (detail: string): never => {
  throw new RangeError(detail);
};

describe('a heap from a dump', () => {
  it('passes the checks that a stored one has to pass', () => {
    for (let seed = 0; seed < 50; seed++) checkGraph(heapOf(randomHeap(seed)).graph, refuse);
  });

  it('has its roots in the order of their nodes, each below its own parent, in whatever order the dump has them', () => {
    const frame = (name: string, parent: number, ref: string) => ({ kind: DUMP_ROOT.frame, name, parent, refs: [local(ref, ref)] });
    const heap = heapOf({
      objects: [{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd', edges: ['a'] }],
      roots: [
        { kind: DUMP_ROOT.thread, name: 'second', ident: 2 },
        { kind: DUMP_ROOT.thread, name: 'first', ident: 1 },
        frame('f', 1, 'a'),
        modules('d'),
        frame('g', 0, 'b'),
        frame('h', 1, 'c'),
      ],
    });
    checkGraph(heap.graph, refuse);
    const { roots } = heap.graph;
    const parentOf = (name: string): string | undefined => roots[roots.find((root) => root.name === name)!.parent]?.name;
    expect(['f', 'g', 'h'].map(parentOf)).toEqual(['first', 'second', 'first']);
  });

  it('has each type where its object is, or nowhere', () => {
    const { graph, node } = heapOf({
      objects: [{ id: 'x' }, { id: 'one', type: 'One', edges: ['cls'] }, { id: 'cls', type: 'type' }, { id: 'two', type: 'Two' }],
      types: [{ name: 'One', object: 'cls' }, { name: 'Two' }],
      roots: [modules('x', 'one', 'two')],
    });
    const placeOf = (name: string): number | undefined => graph.types.find((type) => type.name === name)?.node;
    expect([placeOf('One'), placeOf('Two'), placeOf('type')]).toEqual([node('cls'), NONE, NONE]);
  });

  it('counts what is missing at roots and at objects', () => {
    const { graph } = heapOf({ objects: [{ id: 'a', edges: ['nowhere', 'a'] }], roots: [modules('a', 'nobody', 'nothing')] });
    expect(graph.facts).toMatchObject({ objects: 1, missing: 3 });
    expect(graph.roots.map(({ kind }) => kind)).toContain(ROOT.missing);
  });
});

describe('sizes of 4 GiB and more', () => {
  const objects = [
    { id: 'a', size: 5e9 },
    { id: 'b', size: 64 },
    { id: 'c', size: BIG },
    { id: 'd', size: BIG - 1 },
  ];
  const spec: HeapSpec = { objects, roots: [modules('a', 'b', 'c', 'd')] };

  it('are listed, and counted', () => {
    const { graph, node } = heapOf(spec);
    expect([...graph.big.node].toSorted((a, b) => a - b)).toEqual([node('a'), node('c')].toSorted((a, b) => a - b));
    expect(graph.facts.bytes).toBe(5e9 + 64 + BIG + BIG - 1);
  });

  it('are the first that the dump says of an object, and none where the size itself is said', () => {
    const { graph: plain, node } = heapOf(spec);
    const raw = rawOf(spec);
    const graph = buildHeap({ ...raw, big: { node: Uint32Array.of(0, 1, 0, 2), value: Float64Array.of(6e9, 7e9, 8e9, 9e9) } });
    const sizeOf = (id: string): number => graph.big.value[graph.big.node.indexOf(node(id))]!;
    expect([sizeOf('a'), sizeOf('c'), graph.big.node.includes(node('b'))]).toEqual([6e9, 9e9, false]);
    expect([graph.facts.bytes, graph.size[node('b')]]).toEqual([6e9 + 64 + 9e9 + BIG - 1, 64]);
    expect([...graph.size]).toEqual([...plain.size]);
    checkGraph(graph, refuse);
  });

  it('that the dump does not say are 4 GiB', () => {
    const raw = rawOf(spec);
    expect(buildHeap({ ...raw, big: { node: Uint32Array.of(), value: Float64Array.of() } }).facts.bytes).toBe(3 * BIG + 64 - 1);
  });
});

describe('a heap whose size is known before', () => {
  const expectSame = (spec: HeapSpec): void => {
    const dump = dumpOf(spec);
    const footer = new DataView(dump.buffer, dump.byteOffset + dump.length - 32, 16);
    const [nodes, edges] = [0, 8].map((at) => Number(footer.getBigUint64(at, true))) as [number, number];
    const plain = contents(readHeap(dump));
    for (const more of [0, 1, 1000]) expect(contents(readHeap(dump, 100, { nodes: nodes + more, edges: edges + more }))).toEqual(plain);
    const less = { nodes: Math.max(0, nodes - 2), edges: Math.max(0, edges - 2) };
    expect(contents(readHeap(dump, dump.length, less))).toEqual(plain);
  };

  it('is the same, also if that was wrong', () => {
    for (let seed = 0; seed < 100; seed++) expectSame({ ...randomHeap(seed), addresses: seed % 3 === 0 });
    expectSame({ objects: [] });
  });

  it('has room for what roots hold, or is copied', () => {
    const objects = Array.from({ length: 700_000 }, (_, i) => ({ id: `${i}` }));
    const dump = dumpOf({ objects, roots: [{ kind: DUMP_ROOT.modules, refs: objects.map(({ id }) => id) }] });
    const graph = readHeap(dump, dump.length, { nodes: objects.length, edges: 0 });
    expect([graph.nodes, graph.edges, graph.subtree[1]]).toEqual([700_002, 700_001, 700_001]);
  });
});

describe('references that are addresses', () => {
  it('mean the same as numbers, over more of them than one part of a column takes', () => {
    const objects = Array.from({ length: 300 }, (_, i) => ({
      id: `${i}`,
      edges: Array.from({ length: 11 }, (_, k) => (k === 3 ? 'nowhere' : `${(i * 7 + k * k) % 300}`)),
    }));
    const spec: HeapSpec = { objects, roots: [modules('0', '5')] };
    expect(contents(heapOf({ ...spec, addresses: true }).graph)).toEqual(contents(heapOf(spec).graph));
  });

  it('are told apart by both halves', () => {
    const low = [64, 2 ** 32 + 64, 2 ** 33 + 64, 128, 2 ** 32 + 128];
    const objects = low.map((address, i) => ({ id: `${i}`, address, size: 100 + i, edges: [`${(i + 1) % 5}`] }));
    const { graph, node } = heapOf({ objects, addresses: true, roots: [modules('2')] });
    expect(low.map((_, i) => graph.size[graph.edgeTo[graph.edgeStart[node(`${i}`)]!]!])).toEqual([101, 102, 103, 104, 100]);
    expect(graph.facts.objects).toBe(5);
  });

  it('of an object that comes twice, its later descriptions change nothing', () => {
    const objects = [
      { id: 'a', address: 64, size: 100, refs: 1, edges: ['b', 'c'], type: 'A' },
      { id: 'b', address: 128, size: 300, refs: 1, edges: ['c'], type: 'B' },
      { id: 'c', address: 192, size: 400, refs: 2, edges: ['b', 'a', 'nowhere'], type: 'C' },
    ];
    const again = { id: 'again', address: 64, size: 200, refs: 7, edges: ['c', 'nowhere', 'c'], type: 'B' };
    const others = { addresses: true, types: ['A', 'B', 'C'].map((name) => ({ name })), roots: [modules('a')] };
    const once = contents(heapOf({ objects, ...others }).graph);
    for (const place of [1, 2, 3]) {
      expect(contents(heapOf({ objects: objects.toSpliced(place, 0, again), ...others }).graph), `at ${place}`).toEqual(once);
    }
  });
});

it('the columns of the dump are freed, so that the peak stays low', () => {
  const raw = rawOf(randomHeap(3));
  buildHeap(raw);
  const columns = Object.entries(raw).filter(([, column]) => column instanceof Uint32Array || column instanceof Uint8Array);
  const left = columns.filter(([, column]) => (column as Uint32Array).length > 0).map(([name]) => name);
  expect(left).toEqual([]);
});
