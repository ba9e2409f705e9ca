import { describe, expect, it } from 'vitest';
import { depthFirst } from './depth-first.ts';
import { otherReferrers } from './reverse.ts';
import { randomBelow } from './testing/oracle.ts';

type Lists = readonly (readonly number[])[];

/** The targets of each node, as columns. */
function columns(edges: Lists): { start: Uint32Array; to: Uint32Array } {
  const start = new Uint32Array(edges.length + 1);
  edges.forEach((targets, node) => (start[node + 1] = start[node]! + targets.length));
  return { start, to: Uint32Array.from(edges.flat()) };
}

/** With recursion: the order, and the number of each node's parent. */
function naive(edges: Lists, root: number): { order: number[]; parent: number[] } {
  const order: number[] = [];
  const parent: number[] = [];
  const visit = (node: number, from: number): void => {
    const number = order.push(node) - 1;
    parent.push(from);
    for (const target of edges[node]!) if (!order.includes(target)) visit(target, number);
  };
  visit(root, 0);
  return { order, parent };
}

/** By number: the numbers of a node's referrers, once for each edge, one edge of its parent left out. */
function naiveOthers(edges: Lists, { order, parent }: { order: number[]; parent: number[] }): number[][] {
  return order.map((node, number) => {
    const from = order.flatMap((holder, by) => edges[holder]!.filter((target) => target === node).map(() => by));
    return number === 0 ? from : from.toSpliced(from.indexOf(parent[number]!), 1);
  });
}

function searched(edges: Lists, root: number): { order: number[]; parent: number[]; others: number[][] } {
  const graph = columns(edges);
  const before = [...graph.to];
  const search = depthFirst(graph, root);
  const { start, to } = otherReferrers(graph, search);
  expect([...graph.to]).toEqual(before);
  const [order, parent] = [search.order, search.parent].map((column) => [...column.subarray(0, search.visited)]) as [number[], number[]];
  return { order, parent, others: order.map((_, i) => [...to.subarray(start[i], start[i + 1])]) };
}

describe('a depth-first search, and what else refers to each node', () => {
  it('go by the order of edges, deep before wide', () => {
    expect(searched([[2, 1], [3], [1], [1]], 0)).toEqual({ order: [0, 2, 1, 3], parent: [0, 0, 1, 2], others: [[], [], [0, 3], []] });
  });

  it('agree with recursion on random graphs, with parallel edges, loops, and nodes that are not reached', () => {
    for (let seed = 0; seed < 500; seed++) {
      const random = randomBelow(seed);
      const nodes = 1 + random(12);
      const edges = Array.from({ length: nodes }, () => Array.from({ length: random(4) }, () => random(nodes)));
      const root = random(nodes);
      const tree = naive(edges, root);
      expect(searched(edges, root)).toEqual({ ...tree, others: naiveOthers(edges, tree) });
    }
  });
});
