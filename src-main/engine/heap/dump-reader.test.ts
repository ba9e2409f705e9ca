import { describe, expect, it } from 'vitest';
import type { HeapscopeError } from '../base/errors.ts';
import { buildHeap } from './build.ts';
import { DumpReader } from './dump-reader.ts';
import { BIG, FLAG, LABEL, NONE, REST, ROOT } from './graph.ts';
import type { HeapGraph } from './graph.ts';
import { DUMP_ROOT } from './dump-numbers.ts';
import { stringAt, stringOf } from './strings.ts';
import { ByteWriter } from './testing/byte-writer.ts';
import { attribute, dumpOf, local, modules, weak, type HeapSpec } from './testing/dump-builder.ts';
import { DumpFile } from './testing/dump-file.ts';
import { heapOf, readHeap } from './testing/heap-of.ts';
import { randomHeap } from './testing/random-heap.ts';
import { refusalOf } from './testing/refusal.ts';

/** A little of everything that a dump can contain. */
const SMALL: HeapSpec = {
  objects: [
    { id: 'app', type: 'module', edges: [attribute('cache', 'd'), weak('__weakref__', 'v')], size: 72 },
    { id: 'd', type: 'dict', rest: REST.pairs, edges: ['k', 'v', 'k', 'nowhere'], size: 232, flags: FLAG.tracked },
    { id: 'k', type: 'str', text: 'user', preview: "'user'", hash: 7n, size: 53 },
    { id: 'v', type: 'ndarray', size: 5e9, external: 2, array: { bytes: 8e9, owns: true, dtype: 'float64', shape: '(1000, 1000)' } },
    { id: 'z', type: 'str', hash: 7n, size: 53, site: ['app.py:3', 'main.py:9'] },
  ],
  roots: [
    modules('app'),
    { kind: DUMP_ROOT.thread, name: 'MainThread', ident: 2 ** 40 },
    { kind: DUMP_ROOT.frame, name: 'main', parent: 1, ident: 0, line: 12, file: 'main.py', refs: [local('z', 'z')] },
  ],
  meta: { notes: ['one', 2], frames: 5 },
};

const refusal = (act: () => unknown): HeapscopeError => refusalOf(act) ?? expect.fail('was not refused');

/** Everything in a graph that can be compared. */
function contents(graph: HeapGraph): unknown {
  return JSON.parse(JSON.stringify(graph, (_, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value)));
}

describe('damage', () => {
  const dump = dumpOf(SMALL);

  it('refuses a dump with any byte altered, whatever the byte', () => {
    for (let at = 0; at < dump.length; at++) {
      for (const flip of [0xff, 0x01]) {
        const altered = dump.slice();
        altered[at]! ^= flip;
        expect(refusal(() => readHeap(altered)).code, `byte ${at}`).toMatch(/^snapshot\.(damaged|cut|newer)$/);
      }
    }
  });

  it('refuses a dump that was cut at any byte', () => {
    for (let length = 0; length < dump.length; length++) {
      expect(refusal(() => readHeap(dump.subarray(0, length))).code, `${length} bytes`).toBe('snapshot.cut');
    }
  });

  it('refuses bytes after the footer', () => {
    expect(refusal(() => readHeap(Uint8Array.of(...dump, 0))).facts).toMatchObject({
      detail: 'bytes after the footer',
      offset: dump.length,
    });
  });

  it('never takes a random change inside a block for the truth, even with its checksums made right', () => {
    let refused = 0;
    for (let seed = 0; seed < 800; seed++) {
      const bodies = blocksOf(dump);
      const at = seed % bodies.length;
      const body = bodies[at]!.body.slice();
      if (body.length === 0) continue;
      body[(seed * 7919) % body.length]! ^= 1 << (seed % 8);
      const again = rewritten(bodies.with(at, { ...bodies[at]!, body }));
      try {
        const graph = readHeap(again);
        expect(graph.nodes).toBeLessThan(40);
      } catch (thrown) {
        expect((thrown as HeapscopeError).code).toMatch(/^snapshot\./);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});

describe('limits', () => {
  it('refuses more objects or references than it may take, before they have come', () => {
    const reader = new DumpReader({ nodes: 4, edges: 100 });
    expect(refusal(() => reader.push(dumpOf(SMALL)))).toMatchObject({ code: 'snapshot.limit', facts: { objects: 5 } });
    const few = new DumpReader({ nodes: 100, edges: 5 });
    expect(refusal(() => few.push(dumpOf(SMALL))).code).toBe('snapshot.limit');
  });

  it('refuses 2^32 references politely', () => {
    const n = 3;
    const out = new ByteWriter();
    for (let i = 0; i < n; i++) out.u64(64 * i);
    for (const value of [64, 0, 1, 0xfffffff0, 0]) for (let i = 0; i < n; i++) out.u32(value);
    for (let i = 0; i < n; i++) out.u8(0);
    const file = new DumpFile().block('NODE', n, out.finish()).finish(n, 0);
    expect(refusal(() => readHeap(file))).toMatchObject({ code: 'snapshot.limit', facts: { objects: 3 } });
  });

  it('does not allocate what a length claims', () => {
    const shapes = new ByteWriter().u8(0).u8(0).u16(65535).finish();
    expect(refusal(() => readHeap(new DumpFile().block('SHAP', 1, shapes).finish(0, 0))).facts['detail']).toMatch('shorter');
    const roots = new ByteWriter().u8(1).u8(0).u16(0).u32(NONE).u64(0).u32(0).string('').string('').u32(0xffffffff).finish();
    expect(refusal(() => readHeap(new DumpFile().block('ROOT', 1, roots).finish(0, 0))).facts['detail']).toMatch('shorter');
    expect(refusal(() => readHeap(new DumpFile().block('HASH', 0xffffffff, new Uint8Array(0)).finish(0, 0))).facts['detail']).toMatch(
      'shorter',
    );
  });

  it('says when the capture itself had stopped', () => {
    const file = new DumpFile().block('META', 1, new TextEncoder().encode('{"method":"fork"}')).finish(0, 0, 1);
    expect(refusal(() => readHeap(file)).code).toBe('snapshot.limit');
  });

  it('refuses a newer dump by its version', () => {
    expect(refusal(() => readHeap(new DumpFile({ version: 2 }).finish(0, 0)))).toMatchObject({
      code: 'snapshot.newer',
      facts: { version: 2, supported: 1 },
    });
  });

  it('refuses a class that is its own base, and a shape with more labels than edges', () => {
    const ring: HeapSpec = {
      objects: [],
      types: [
        { name: 'A', base: 'B' },
        { name: 'B', base: 'A' },
      ],
    };
    expect(refusal(() => heapOf(ring)).facts['detail']).toMatch('own base');
    const out = new ByteWriter().u64(64);
    for (const value of [64, 0, 1, 0, 0]) out.u32(value);
    const file = new DumpFile()
      .block('META', 1, new TextEncoder().encode('{"method":"fork"}'))
      .block('NODE', 1, out.u8(0).finish())
      .block('TYPE', 1, new ByteWriter().u32(0).u32(0).u32(NONE).string('').string('object').finish())
      .block('LABL', 1, new ByteWriter().u8(0).string('').finish())
      .block('SHAP', 1, new ByteWriter().u8(0).u8(0).u16(1).u32(0).finish());
    expect(refusal(() => readHeap(file.finish(1, 0))).facts['detail']).toMatch('shape of object 0');
  });
});

describe('reading', () => {
  it('does not care where pieces are cut', () => {
    const dump = dumpOf(SMALL);
    const whole = contents(readHeap(dump));
    for (const piece of [1, 2, 3, 7, 16, 31, 32, 33, 100]) expect(contents(readHeap(dump, piece))).toEqual(whole);
  });

  it('gives the same heap for numbers and for addresses, however blocks are cut', () => {
    for (let seed = 0; seed < 200; seed++) {
      const spec = randomHeap(seed);
      const numbers = contents(heapOf({ ...spec, addresses: false }).graph);
      expect(contents(heapOf({ ...spec, addresses: true }).graph)).toEqual(numbers);
      expect(contents(heapOf({ ...spec, nodesPerBlock: 3, edgesPerBlock: 2 }).graph)).toEqual(numbers);
    }
  });

  it('keeps the first description of an object that comes twice', () => {
    const heap = heapOf({
      addresses: true,
      objects: [
        { id: 'a', size: 100, edges: ['b', 'c'], address: 64 },
        { id: 'a2', size: 200, edges: ['c', 'c', 'c'], address: 64 },
        { id: 'b', size: 300, address: 128 },
        { id: 'c', size: 400, address: 192 },
      ],
      roots: [modules('a')],
    });
    expect(heap.graph.facts).toMatchObject({ objects: 3, bytes: 800, missing: 0 });
    expect(heap.graph.size[heap.node('a')]).toBe(100);
    expect(heap.graph.edgeStart[heap.node('a') + 1]! - heap.graph.edgeStart[heap.node('a')]!).toBe(2);
  });

  it('keeps what the dump says of objects, strings, arrays, sites and roots', () => {
    const heap = heapOf(SMALL);
    const { graph, node } = heap;
    expect(graph.facts).toMatchObject({ python: '3.12.1', pid: 4242, frames: 5, notes: ['one'], previews: true, missing: 1, objects: 5 });
    expect(graph.types[graph.type[node('d')]!]).toMatchObject({ module: 'builtins', name: 'dict' });
    expect([stringOf(graph.texts, node('k')), stringOf(graph.previews, node('k'))]).toEqual(['user', "'user'"]);
    expect([graph.size[node('v')], Array.from(graph.big.node), Array.from(graph.big.value)]).toEqual([BIG, [node('v')], [5e9]]);
    expect([graph.arrays.node[0], graph.arrays.bytes[0], stringAt(graph.arrays.shape, 0)]).toEqual([node('v'), 8e9, '(1000, 1000)']);
    const site = graph.site![node('z')]!;
    expect([graph.sites.files[graph.sites.file[graph.sites.start[site]!]!], graph.sites.line[graph.sites.start[site]!]]).toEqual([
      'app.py',
      3,
    ]);
    expect(graph.site![node('k')]).toBe(NONE);
    expect(heap.root(ROOT.frame)).toMatchObject({ name: 'main', line: 12, file: 'main.py', depth: 0 });
    expect(graph.roots[heap.root(ROOT.frame).parent]).toMatchObject({ kind: ROOT.thread, ident: 2 ** 40 });
    const content = graph.content ?? new Uint32Array(0);
    expect([content[node('k')], content[node('z')], content[node('d')]]).toEqual([1, 1, 0]);
  });

  it('keeps the places of edges: a missing target has a stand-in, a weak one stands apart', () => {
    const { graph, node, name } = heapOf(SMALL);
    const targets = (id: string): string[] =>
      [...graph.edgeTo.subarray(graph.edgeStart[node(id)], graph.edgeStart[node(id) + 1])].map(name);
    expect(targets('d')).toEqual(['k', 'v', 'k', `root ${ROOT.missing}`]);
    expect(targets('app')).toEqual(['d']);
    expect([graph.weak.node[0], graph.weak.place[0], graph.weak.to[0]]).toEqual([node('app'), 1, node('v')]);
    expect(graph.labels[graph.shapes.label[graph.shapes.start[graph.shape[node('app')]!]!]!]).toEqual({
      kind: LABEL.attribute,
      name: 'cache',
    });
  });
});

describe('holders', () => {
  it('counts references from where nobody can look, and lets them hold', () => {
    const { graph, node, root } = heapOf(SMALL);
    expect([Array.from(graph.external.node), Array.from(graph.external.value)]).toEqual([[node('v')], [2]]);
    expect(graph.flags[node('v')]! & FLAG.heldByC).toBe(FLAG.heldByC);
    expect(graph.subtree[node('d')]).toBe(2);
    expect(graph.edgeTo[graph.edgeStart[root(ROOT.heldByC).node]!]).toBe(node('v'));
  });

  it('takes a count that no object can have for immortality', () => {
    const { graph, node } = heapOf({ objects: [{ id: 'frozen', refs: 999_999_999 }], roots: [modules('frozen')] });
    expect(graph.external.node.length).toBe(0);
    expect(graph.flags[node('frozen')]! & FLAG.immortal).toBe(FLAG.immortal);
  });

  it('leaves out what only Heapscope keeps alive, and what it refers to stays', () => {
    const heap = heapOf({
      objects: [
        { id: 'mods', edges: ['app', 'agent'] },
        { id: 'app', edges: ['shared'] },
        { id: 'agent', edges: ['own', 'shared', 'loose', 'app'], size: 1000 },
        { id: 'own', edges: ['own2'], size: 500 },
        { id: 'own2', edges: ['agent'], size: 50 },
        { id: 'shared' },
        { id: 'cobj', external: 1, edges: ['loose'] },
        { id: 'loose' },
      ],
      roots: [modules('mods'), { kind: DUMP_ROOT.agent, name: 'agent', refs: ['agent'] }],
    });
    expect(['mods', 'app', 'shared', 'cobj', 'loose', 'agent', 'own', 'own2'].map(heap.has)).toEqual([
      ...Array<boolean>(5).fill(true),
      false,
      false,
      false,
    ]);
    expect(heap.graph.facts).toMatchObject({ objects: 5, agentObjects: 3, agentBytes: 1550, unreachable: 0 });
    const mods = heap.node('mods');
    expect(heap.name(heap.graph.edgeTo[heap.graph.edgeStart[mods]! + 1]!)).toBe(`root ${ROOT.agent}`);
    expect(heap.graph.external.node).toEqual(Uint32Array.of(heap.node('cobj')));
  });

  it("does not take CPython's table of interned strings for their holder", () => {
    const heap = heapOf({
      objects: [
        { id: 'table', edges: ['mortal', 'mortal', 'immortal', 'immortal'], rest: REST.pairs },
        { id: 'mortal', refs: 1 },
        { id: 'immortal', flags: FLAG.immortal, refs: 0xffffffff },
        { id: 'user', edges: ['mortal', 'immortal'] },
      ],
      roots: [modules('user'), { kind: DUMP_ROOT.interned, name: 'interned', refs: ['table'] }],
    });
    expect(heap.graph.subtree[heap.node('user')]).toBe(2);
    expect(heap.graph.external.node.length).toBe(0);
    expect(heap.graph.weak.node.length).toBe(2);
  });

  it('marks garbage, and what only garbage holds', () => {
    const { graph, node } = heapOf({
      objects: [{ id: 'a', edges: ['b'] }, { id: 'b', edges: ['a', 'c'] }, { id: 'c' }, { id: 'd' }],
      roots: [modules('d')],
    });
    expect(['a', 'b', 'c', 'd'].map((id) => (graph.flags[node(id)]! & FLAG.unreachable) !== 0)).toEqual([true, true, true, false]);
    expect(graph.facts.unreachable).toBe(3);
  });

  it('an empty dump is a heap of nothing', () => {
    const { graph } = heapOf({ objects: [] });
    expect([graph.nodes, graph.edges, graph.facts.objects]).toEqual([1, 0, 0]);
  });
});

interface Block {
  tag: string;
  count: number;
  body: Uint8Array;
}

function blocksOf(dump: Uint8Array): Block[] {
  const view = new DataView(dump.buffer);
  const blocks: Block[] = [];
  for (let at = 32; ;) {
    const tag = String.fromCharCode(...dump.subarray(at, at + 4));
    const length = view.getUint32(at + 8, true);
    if (tag === 'END!') return blocks;
    blocks.push({ tag, count: view.getUint32(at + 4, true), body: dump.subarray(at + 16, at + 16 + length) });
    at += 16 + length;
  }
}

function rewritten(blocks: readonly Block[]): Uint8Array {
  const file = new DumpFile({ flags: 6 });
  for (const { tag, count, body } of blocks) file.block(tag, count, body);
  const total = (tag: string): number => blocks.filter((block) => block.tag === tag).reduce((sum, { count }) => sum + count, 0);
  return file.finish(total('NODE'), total('EDGE'));
}

describe('the passes', () => {
  it('use up the raw heap and tell their stages', () => {
    const reader = new DumpReader();
    reader.push(dumpOf(SMALL));
    expect(reader.objects).toBe(5);
    const stages: string[] = [];
    buildHeap(reader.finish(), (stage) => stages.push(stage));
    expect(stages).toEqual(['holders', 'search', 'dominators', 'columns']);
  });
});
