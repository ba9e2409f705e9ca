import { describe, expect, it } from 'vitest';
import { NONE, ROOT } from './graph.ts';
import type { HeapGraph } from './graph.ts';
import { immediateDominators } from './dominators.ts';
import { depthFirst } from './depth-first.ts';
import { dominatorOrder } from './dominator-order.ts';
import { otherReferrers } from './reverse.ts';
import { drawn } from './testing/drawn.ts';
import { edgesOf, heapOf, type NamedHeap } from './testing/heap-of.ts';
import { dominated, randomBelow, reachable } from './testing/oracle.ts';
import { randomHeap } from './testing/random-heap.ts';

/** Subtree sizes by the numbers of a search, directly from lists of edges. */
function subtreesOf(nodes: number, edges: readonly (readonly [number, number])[]): { subtree: Uint32Array; order: Uint32Array } {
  const start = new Uint32Array(nodes + 1);
  for (const [from] of edges) start[from + 1]!++;
  for (let i = 0; i < nodes; i++) start[i + 1]! += start[i]!;
  const next = start.slice();
  const to = new Uint32Array(edges.length);
  for (const [from, target] of edges) to[next[from]!++] = target;
  const search = depthFirst({ start, to }, 0);
  const idom = immediateDominators(search.visited, search.parent, otherReferrers({ start, to }, search));
  const { origin, subtree } = dominatorOrder(search.order, search.visited, nodes, idom);
  return { subtree, order: origin };
}

function expectDominators(graph: HeapGraph): void {
  expect(reachable(graph).size).toBe(graph.nodes);
  for (let node = 0; node < graph.nodes; node++) {
    const range = Array.from({ length: graph.subtree[node]! }, (_, i) => node + i);
    expect(dominated(graph, node)).toEqual(range);
  }
}

/** Two rings, one of which leads to the other; one more that leads there; one that holds only itself. */
const UNREACHABLE = `
  a > b > a
  b > c > d > c
  e > c
  f > f`;

/** What each object alone keeps alive: "b: b c". Objects that keep only themselves are left out. */
function keptBy({ graph, name }: NamedHeap): string[] {
  const objects = Array.from(graph.subtree, (size, node) => [name(node), Array.from({ length: size }, (_, i) => name(node + i))] as const);
  const keeping = objects.filter(([id, kept]) => kept.length > 1 && !id.startsWith('root'));
  return keeping.map(([id, kept]) => `${id}: ${kept.toSorted().join(' ')}`).toSorted();
}

describe('dominators', () => {
  it.each([
    ['a chain keeps all that follows', 'root > a > b > c', ['a: a b c', 'b: b c']],
    ['what two hold, neither keeps', 'root > a, b > c > d', ['c: c d']],
    ['what two hold, their one holder keeps', 'root > a > b, c > d', ['a: a b c d']],
    ['a second way from a root takes an object from its holder', 'root > a > b > c \n root > c', ['a: a b']],
    ['a reference back changes nothing', 'root > a > b > c > a', ['a: a b c', 'b: b c']],
  ])('%s', (_, text, kept) => expect(keptBy(drawn(text))).toEqual(kept));

  it('agree with taking each node away, on thousands of small heaps', () => {
    for (let seed = 0; seed < 2000; seed++) expectDominators(heapOf(randomHeap(seed)).graph);
  });

  it('agree on denser and larger random graphs', () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = randomBelow(seed);
      const edges: Record<string, string> = { root: 'n0 n1' };
      const nodes = 20 + random(40);
      for (let i = 0; i < nodes; i++) edges[`n${i}`] = Array.from({ length: random(5) }, () => `n${random(nodes)}`).join(' ');
      expectDominators(edgesOf(edges).graph);
    }
  });

  it('hold for self loops, parallel edges and unreachable cycles', () => {
    expectDominators(drawn('root > a, a > b, b, a \n b > b, a').graph);
    expectDominators(drawn(UNREACHABLE).graph);
  });

  it('put unreachable objects under one representative of each source component', () => {
    const heap = drawn(UNREACHABLE);
    const group = heap.root(ROOT.unreachable).node;
    const { edgeStart, edgeTo } = heap.graph;
    const held = [...edgeTo.subarray(edgeStart[group], edgeStart[group + 1])].map(heap.name);
    expect(held.toSorted()).toEqual(['a', 'e', 'f']);
    expect(heap.graph.facts.unreachable).toBe(6);
  });
});

describe('shapes that are hard', () => {
  const BIG = 1_000_000;

  it('a chain of a million', () => {
    const { subtree } = subtreesOf(
      BIG,
      Array.from({ length: BIG - 1 }, (_, i) => [i, i + 1] as const),
    );
    expect([subtree[0], subtree[1], subtree[BIG - 1]]).toEqual([BIG, BIG - 1, 1]);
  });

  it('a doubly linked list whose owner holds head and tail: the owner dominates each element', () => {
    const n = 200_000;
    const edges: (readonly [number, number])[] = [
      [0, 1],
      [0, n],
    ];
    for (let i = 1; i < n; i++) edges.push([i, i + 1], [i + 1, i]);
    const { subtree } = subtreesOf(n + 1, edges);
    expect(subtree[0]).toBe(n + 1);
    expect(subtree.subarray(1).every((size) => size === 1)).toBe(true);
  });

  it('a linked list whose payloads also sit in a registry', () => {
    const n = 300_000; // 0 root, 1 list head, 2 registry; cells 3 …, payloads after them
    const edges: (readonly [number, number])[] = [
      [0, 1],
      [0, 2],
      [1, 3],
    ];
    for (let i = 0; i < n; i++) {
      edges.push([3 + i, 3 + n + i], [2, 3 + n + i]);
      if (i + 1 < n) edges.push([3 + i, 4 + i]);
    }
    const { subtree, order } = subtreesOf(3 + 2 * n, edges);
    const size = new Map(Array.from(order, (node, at) => [node, subtree[at]]));
    expect([size.get(0), size.get(1), size.get(2)]).toEqual([3 + 2 * n, n + 1, 1]);
    expect([size.get(3), size.get(3 + n - 1), size.get(3 + n)]).toEqual([n, 1, 1]);
  });

  it('a star with a million references to its middle', () => {
    const edges: (readonly [number, number])[] = [];
    for (let i = 1; i <= BIG; i++) edges.push([0, i], [i, BIG + 1]);
    const { subtree } = subtreesOf(BIG + 2, edges);
    expect(subtree[0]).toBe(BIG + 2);
    expect(subtree.subarray(1).every((size) => size === 1)).toBe(true);
  });

  it('what the root does not reach has no number', () => {
    const { visited, references, order, parent } = depthFirst({ start: Uint32Array.of(0, 0, 1), to: Uint32Array.of(0) }, 0);
    expect([visited, references[1]]).toEqual([1, 0]);
    expect([...dominatorOrder(order, visited, 2, parent).target]).toEqual([0, NONE]);
  });
});
