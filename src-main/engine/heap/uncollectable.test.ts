import { describe, expect, it } from 'vitest';
import { NODE_FLAG, TYPE_FLAG } from './dump-numbers.ts';
import { FLAG, ROOT } from './graph.ts';
import type { ObjectSpec } from './testing/dump-builder.ts';
import { modules } from './testing/dump-builder.ts';
import { heapOf, type NamedHeap } from './testing/heap-of.ts';
import { randomBelow } from './testing/oracle.ts';

/** Edges by name; objects with a capital letter are of a type that takes no part in collection. `r` is what a module holds. */
function heapWith(edges: Record<string, string>, more: (id: string) => Partial<ObjectSpec> = () => ({})): NamedHeap {
  const list = (text: string): string[] => text.split(' ').filter(Boolean);
  const ids = new Set(['r', ...Object.entries(edges).flatMap(([from, to]) => [from, ...list(to)])]);
  const isArray = (id: string): boolean => id < 'a';
  const objects = [...ids].map((id) => ({
    id,
    type: isArray(id) ? 'ndarray' : 'Node',
    flags: isArray(id) ? 0 : NODE_FLAG.tracked,
    edges: list(edges[id] ?? ''),
    ...more(id),
  }));
  return heapOf({ objects, roots: [modules('r')], types: [{ name: 'ndarray', module: 'numpy', flags: TYPE_FLAG.uncollected }] });
}

const namesWith = ({ graph, name }: NamedHeap, flag: number): string =>
  [...graph.flags.keys()]
    .filter((node) => (graph.flags[node]! & flag) !== 0)
    .map(name)
    .sort()
    .join(' ');
const staying = (heap: NamedHeap): string => namesWith(heap, FLAG.uncollectable);

describe('garbage that no collection frees', () => {
  it('is a cycle through what takes no part in collection, with all that it reaches', () => {
    const heap = heapWith({ n: 'A pay', A: 'n b', b: 'c' });
    expect(staying(heap)).toBe('A b c n pay');
    expect(namesWith(heap, FLAG.unreachable)).toBe('A b c n pay');
  });

  it('is a cycle of nothing else', () => {
    expect(staying(heapWith({ A: 'B', B: 'A x' }))).toBe('A B x');
  });

  it('is not what such an object holds without being in a cycle: it is freed with its holder', () => {
    expect(staying(heapWith({ x: 'y A', y: 'x', A: 'c d', c: 'd', d: 'c' }))).toBe('');
  });

  it('is not what holds it: that is freed before', () => {
    const heap = heapWith({ x: 'y n', y: 'x', n: 'A', A: 'n' });
    expect(staying(heap)).toBe('A n');
    const roots = heap.graph.roots.filter(({ kind }) => kind === ROOT.unreachable || kind === ROOT.uncollectable);
    expect(roots.map(({ kind, node }) => [kind, heap.name(heap.graph.edgeTo[heap.graph.edgeStart[node]!]!)])).toEqual([
      [ROOT.unreachable, expect.stringMatching(/[xy]/)],
      [ROOT.uncollectable, expect.stringMatching(/[An]/)],
    ]);
  });

  it('is not what a root holds', () => {
    expect(staying(heapWith({ r: 'n', n: 'A', A: 'n' }))).toBe('');
  });

  it('is a frozen cycle, whatever its types', () => {
    const frozen = NODE_FLAG.tracked | NODE_FLAG.permanent;
    expect(staying(heapWith({ n: 'm', m: 'n', x: 'y', y: 'x' }, (id) => (id === 'n' ? { flags: frozen } : {})))).toBe('m n');
  });

  it('is not a cycle of types that take part, tracked or not: dictionaries share their values with instances', () => {
    expect(staying(heapWith({ n: 'd', d: 'n' }, (id) => (id === 'd' ? { flags: NODE_FLAG.embedded } : {})))).toBe('');
  });

  it('has references to what the dump does not contain', () => {
    const heap = heapOf({
      objects: [
        { id: 'n', type: 'Node', flags: 1, edges: ['gone', 'A'] },
        { id: 'A', type: 'ndarray', edges: ['gone', 'n'] },
      ],
      types: [{ name: 'ndarray', flags: TYPE_FLAG.uncollected }],
    });
    expect(staying(heap)).toBe('A n');
  });
});

describe('agrees with a collector that is played step by step', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => [seed]))('seed %i', (seed) => {
    const random = randomBelow(seed);
    const ids = [...'abcdeABC'].slice(0, 4 + random(5));
    const edges = Object.fromEntries(ids.map((id) => [id, ids.filter(() => random(4) === 0).join(' ')]));
    expect(staying(heapWith(edges))).toBe(leftByCollector(edges).sort().join(' '));
  });
});

/**
 * What CPython does: an object whose count drops to zero is freed; a collection frees the tracked objects that no reference from outside
 * of them reaches. Until nothing more is freed.
 */
function leftByCollector(edges: Record<string, string>): string[] {
  const alive = new Map(Object.entries(edges).map(([id, to]) => [id, to.split(' ').filter(Boolean)]));
  const holders = (id: string): string[] => [...alive].flatMap(([from, to]) => (to.includes(id) ? [from] : []));
  for (;;) {
    const uncounted = [...alive.keys()].filter((id) => holders(id).length === 0);
    const freed = uncounted.length > 0 ? uncounted : collected(alive, holders);
    if (freed.length === 0) return [...alive.keys()];
    for (const id of freed) alive.delete(id);
  }
}

function collected(alive: ReadonlyMap<string, string[]>, holders: (id: string) => string[]): string[] {
  const isTracked = (id: string): boolean => id >= 'a';
  const reached = new Set([...alive.keys()].filter((id) => isTracked(id) && holders(id).some((from) => !isTracked(from))));
  for (const id of reached) for (const to of alive.get(id)!) if (isTracked(to)) reached.add(to);
  return [...alive.keys()].filter((id) => isTracked(id) && !reached.has(id));
}
