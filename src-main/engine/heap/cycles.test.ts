import { describe, expect, it } from 'vitest';
import { findCycles, type CycleGraph } from './cycles.ts';
import { NONE } from './graph.ts';
import { finish } from './in-steps.ts';
import { attribute } from './testing/dump-builder.ts';
import { drawn } from './testing/drawn.ts';
import { edgesOf, heapOf, type NamedHeap } from './testing/heap-of.ts';

function cyclesOf({ graph, name }: NamedHeap): string[] {
  const { start, member } = finish(findCycles(graph));
  return Array.from(start.subarray(1), (end, i) => [...member.subarray(start[i], end)].map(name).sort().join(' ')).sort();
}

describe('reference cycles', () => {
  it('finds none in a tree and in shared objects', () => {
    expect(cyclesOf(drawn('root > a, b > c > d'))).toEqual([]);
  });

  it('finds a ring, a pair, and an object that holds itself', () => {
    const heap = drawn(`
      root > a > b > c > a
      root > x > y > x
      root > s > s`);
    expect(cyclesOf(heap)).toEqual(['a b c', 's', 'x y']);
  });

  it('finds what no root reaches', () => {
    expect(cyclesOf(drawn('root > a \n p > q > p'))).toEqual(['p q']);
  });

  it('is one where rings share an object, and two where only one reference leads from one to the other', () => {
    expect(cyclesOf(drawn('root > a > b, c > a'))).toEqual(['a b c']);
    expect(cyclesOf(drawn('root > a > b > a \n b > c > d > c'))).toEqual(['a b', 'c d']);
  });

  it('goes not through types and the globals of functions', () => {
    const heap = heapOf({
      objects: [
        { id: 'd', type: 'dict', edges: ['f', 'T'] },
        { id: 'f', type: 'function', edges: [attribute('__globals__', 'd')] },
        { id: 'T', type: 'type', flags: 2, edges: ['d'] },
      ],
      roots: [{ kind: 1, refs: ['d'] }],
    });
    expect(cyclesOf(heap)).toEqual([]);
  });

  it('agrees with a naive search on random graphs', () => {
    let state = 7;
    const next = (below: number): number => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) % below;
    for (let round = 0; round < 200; round++) {
      const count = 2 + next(9);
      const edges: Record<string, string> = { root: 'n0' };
      for (let i = 0; i < count; i++) edges[`n${i}`] = Array.from({ length: next(3) }, () => `n${next(count)}`).join(' ');
      expect(cyclesOf(edgesOf(edges))).toEqual(naive(edges, count));
    }
  });

  it('does not recurse: a ring of 300,000', () => {
    const { start } = finish(findCycles(ringOf(300_000)));
    expect([...start]).toEqual([0, 300_000]);
  });
});

function ringOf(nodes: number): CycleGraph {
  const numbers = Uint32Array.from({ length: nodes + 1 }, (_, i) => i);
  return {
    nodes,
    edgeStart: numbers,
    edgeTo: numbers.subarray(0, nodes).map((i) => (i + 1) % nodes),
    flags: new Uint16Array(nodes),
    type: new Uint32Array(nodes),
    types: [{ module: 'app', name: 'Node', base: NONE, flags: 0, node: NONE }],
    shape: new Uint32Array(nodes),
    shapes: { start: new Uint32Array(2), label: new Uint32Array(0), rest: new Uint8Array(1) },
    labels: [],
  };
}

/** Two objects are in one cycle when each reaches the other. */
function naive(edges: Record<string, string>, count: number): string[] {
  const reach = (from: string): Set<string> => {
    const seen = new Set<string>();
    const open = [from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const to of (edges[at] ?? '').split(' ').filter(Boolean)) {
        if (!seen.has(to)) open.push(to);
        seen.add(to);
      }
    }
    return seen;
  };
  const found = new Set<string>();
  const names = new Set(Object.entries(edges).flatMap(([from, to]) => (from === 'root' ? [] : [from, ...to.split(' ').filter(Boolean)])));
  for (let i = 0; i < count; i++) {
    const id = `n${i}`;
    if (!names.has(id) || !reach(id).has(id)) continue;
    found.add(
      [...names]
        .filter((other) => other === id || (reach(id).has(other) && reach(other).has(id)))
        .sort()
        .join(' '),
    );
  }
  return [...found].sort();
}
