import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src-preload/contract/index.ts';
import { encodeHeap, HeapDecoder, type HeapPiece } from './codec.ts';
import { FLAG } from './graph.ts';
import type { HeapGraph } from './graph.ts';
import { sharedU32 } from './memory.ts';
import { randomBelow } from './testing/oracle.ts';
import { randomHeap } from './testing/random-heap.ts';
import { heapOf } from './testing/heap-of.ts';
import { refusalOf } from './testing/refusal.ts';

function decode(pieces: Iterable<HeapPiece>, bytes = Infinity): HeapGraph {
  const decoder = new HeapDecoder({ bytes });
  for (const piece of pieces) decoder.push(piece);
  return decoder.finish();
}

const codeOf = (act: () => unknown): string => refusalOf(act)?.code ?? 'accepted';
const factsOf = (act: () => unknown): Facts => refusalOf(act)?.facts ?? {};

const heap = heapOf(randomHeap(5, 40)).graph;

const stored = [...encodeHeap(heap)];

/** The pieces, with the planes of one changed by hand. */
function altered(name: string, change: (planes: Uint8Array) => Uint8Array): HeapPiece[] {
  return stored.map((piece) =>
    piece.name === name ? { ...piece, data: zstdCompressSync(change(zstdDecompressSync(piece.data))) } : piece,
  );
}

interface Json {
  lengths: Record<string, number>;
}

function withHead(change: (head: Json) => unknown): HeapPiece[] {
  return altered('head', (json) => new TextEncoder().encode(JSON.stringify(change(JSON.parse(new TextDecoder().decode(json)) as Json))));
}

describe('damage', () => {
  it('refuses pieces that are missing, doubled, out of order or of unknown columns', () => {
    const pieces = stored;
    for (let i = 0; i < pieces.length; i++)
      expect(
        codeOf(() => decode(pieces.toSpliced(i, 1))),
        pieces[i]!.name,
      ).toBe('snapshot.damaged');
    expect(codeOf(() => decode([...pieces, pieces[1]!]))).toBe('snapshot.damaged');
    expect(codeOf(() => decode([...pieces, { name: 'constructor', chunk: 0, data: new Uint8Array(3) }]))).toBe('snapshot.damaged');
    expect(codeOf(() => decode([]))).toBe('snapshot.damaged');
  });

  it('refuses any bit of any piece that is altered, or is not misled by it', () => {
    const random = randomBelow(3);
    for (let round = 0; round < 600; round++) {
      const at = random(stored.length);
      const data = stored[at]!.data.slice();
      data[random(data.length)]! ^= 1 << random(8);
      const code = codeOf(() => expect(decode(stored.with(at, { ...stored[at]!, data }))).toEqual(heap));
      expect(['accepted', 'snapshot.damaged'], stored[at]!.name).toContain(code);
    }
  });

  it('refuses any number that is changed into one outside its table', () => {
    const random = randomBelow(9);
    let refused = 0;
    for (const { name } of stored) {
      if (name === 'head') continue;
      for (let round = 0; round < 15; round++) {
        const pieces = altered(name, (planes) => {
          const changed = Uint8Array.from(planes);
          changed[1 + random(planes.length - 1)] = random(256);
          return changed;
        });
        if (codeOf(() => expectSound(decode(pieces))) === 'snapshot.damaged') refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  it('refuses a newer format politely, and a head that is none', () => {
    expect(codeOf(() => decode(withHead((head) => ({ ...head, version: 2 }))))).toBe('snapshot.newer');
    for (const bad of [null, 7, [], { version: 1 }]) expect(codeOf(() => decode(withHead(() => bad)))).toBe('snapshot.damaged');
  });

  it('does not allocate more than it may, whatever the head says', () => {
    const huge = withHead((head) => ({ ...head, lengths: { ...head.lengths, type: 2 ** 31 } }));
    expect(codeOf(() => decode(huge, 2 ** 30))).toBe('snapshot.too-large');
    expect(codeOf(() => decode(encodeHeap(heap), 10))).toBe('snapshot.too-large');
    const needed = Number(factsOf(() => decode(stored, 0))['needed']);
    expect(factsOf(() => decode(stored, needed - 1))).toEqual({
      objects: heap.nodes,
      references: heap.edges,
      needed,
      available: needed - 1,
    });
    expect(decode(stored, needed)).toEqual(heap);
  });

  it('says what is wrong with the pieces', () => {
    const [head, first] = [stored[0]!, stored.find(({ name }) => name === 'type')!];
    const detail = (...pieces: HeapPiece[]): unknown => factsOf(() => decode(pieces))['detail'];
    expect(detail()).toBe('no head');
    expect(detail(head, head)).toBe('two heads');
    expect(detail(head, { ...first, name: 'toString' })).toBe('a column of an unknown name');
    expect(detail(head, { ...first, chunk: 1 })).toBe('piece 1 of type where 0 comes next');
    expect(detail({ ...first, chunk: 1 }, head)).toBe('piece 1 of type where 0 comes next');
    expect(detail(head, first, { ...first, chunk: 1 })).toBe('piece 1 of type');
    expect(detail(...stored.filter((piece) => piece !== first))).toBe('no pieces of type');
    const without = withHead(({ lengths: { type: _, ...lengths }, ...json }) => ({ ...json, lengths }));
    expect(detail(...without)).toBe('a column type that the head does not have');
  });

  it('a column without numbers needs no pieces, and can have none', () => {
    const { graph } = heapOf({ objects: [] });
    const pieces = [...encodeHeap(graph)];
    const lengths = (JSON.parse(new TextDecoder().decode(zstdDecompressSync(pieces[0]!.data))) as Json).lengths;
    const [empty] = Object.entries(lengths).find(([, length]) => length === 0) ?? ['none'];
    expect(pieces.map(({ name }) => name)).not.toContain(empty);
    expect(decode(pieces)).toEqual(graph);
    expect(factsOf(() => decode([...pieces, { name: empty, chunk: 0, data: new Uint8Array(0) }]))['detail']).toBe(`piece 0 of ${empty}`);
  });
});

describe('round trip', () => {
  it('gives the same heap, for hundreds of small ones, in any order of columns', () => {
    for (let seed = 0; seed < 100; seed++) {
      const graph = heapOf(randomHeap(seed, 30)).graph;
      const pieces = [...encodeHeap(graph)];
      expect(decode(seed % 2 === 0 ? pieces : pieces.toReversed())).toEqual(graph);
    }
  });

  it('cuts long columns into pieces', () => {
    const nodes = 1_500_000;
    const graph = longChain(nodes);
    const pieces = [...encodeHeap(graph)];
    expect(pieces.filter(({ name }) => name === 'subtree').length).toBe(Math.ceil((nodes * 4) / 2 ** 22));
    const again = decode(pieces);
    expect(again.subtree[nodes - 2]).toBe(2);
    expect(Buffer.compare(Buffer.from(again.edgeTo), Buffer.from(graph.edgeTo))).toBe(0);
  });
});

/** A heap without tables, except for those that every heap has. */
function longChain(nodes: number): HeapGraph {
  const column = (value: (node: number) => number, length = nodes): Uint32Array => {
    const numbers = sharedU32(length);
    for (let i = 0; i < length; i++) numbers[i] = value(i);
    return numbers;
  };
  const flags = new Uint16Array(new SharedArrayBuffer(nodes * 2));
  flags[0] = FLAG.synthetic;
  const empty = heapOf({ objects: [] }).graph;
  return {
    ...empty,
    nodes,
    edges: nodes - 1,
    type: column(() => 0),
    size: column(() => 64),
    address: new Float64Array(new SharedArrayBuffer(nodes * 8)),
    subtree: column((node) => nodes - node),
    edgeStart: column((node) => Math.min(node, nodes - 1), nodes + 1),
    edgeTo: column((edge) => edge + 1, nodes - 1),
    shape: column(() => 0),
    flags,
  };
}

/** Visits everything that has an index. */
function expectSound(graph: HeapGraph): void {
  const { nodes, edgeStart, edgeTo, type, types, shape, shapes, labels, roots, subtree } = graph;
  const sound: boolean[] = [];
  for (let node = 0; node < nodes; node++) {
    sound.push(types[type[node]!] !== undefined, node + subtree[node]! <= nodes, shapes.rest[shape[node]!] !== undefined);
    for (let e = edgeStart[node]!; e < edgeStart[node + 1]!; e++) sound.push(edgeTo[e]! < nodes);
  }
  for (const label of shapes.label) sound.push(labels[label] !== undefined);
  for (const root of roots) sound.push(root.node < nodes);
  expect(sound).not.toContain(false);
}
