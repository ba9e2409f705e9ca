import { describe, expect, it } from 'vitest';
import { FLAG } from '../heap/graph.ts';
import { drawn } from '../heap/testing/drawn.ts';
import { randomBelow } from '../heap/testing/oracle.ts';
import { randomHeap } from '../heap/testing/random-heap.ts';
import { HeapView } from './heap-view.ts';
import { mergePaths } from './merged-paths.ts';
import { Bench } from './testing.ts';

describe('merged paths', () => {
  it('count what is behind each step, few or many, as following each chain does', () => {
    for (let seed = 1; seed < 200; seed++) {
      const view = new Bench(randomHeap(seed)).view();
      const below = randomBelow(seed);
      const nodes = view.objects.filter(() => below(2) === 0);
      // A set that repeats every node many times forces the other algorithm.
      const many = Uint32Array.from({ length: 300 }, (_, i) => nodes[i % nodes.length] ?? 0).sort();
      const few = mergePaths(view.graph, view.tree, nodes);
      const all = mergePaths(view.graph, view.tree, nodes.length === 0 ? nodes : many);
      for (const node of view.tree.order) {
        expect(few.behind(node)).toBe(
          chainsThrough(
            view.tree.parent,
            nodes.filter((chosen) => few.behind(chosen) > 0),
            node,
          ),
        );
        expect([...few.children(node)].sort()).toEqual([...all.children(node)].sort());
      }
    }
  });
});

it('what no root reaches is behind nothing; the rest is behind its root', () => {
  const { graph } = drawn('root > a > b, c\nx > y > x');
  const view = new HeapView({ key: '', snapshot: 0 }, graph);
  const reached = view.objects.filter((node) => (graph.flags[node]! & FLAG.unreachable) === 0);
  expect([view.objects.length, reached.length]).toEqual([5, 3]);
  for (const times of [1, 300]) {
    const nodes = Uint32Array.from({ length: times * view.objects.length }, (_, i) => view.objects[i % view.objects.length]!);
    const paths = mergePaths(graph, view.tree, times === 1 ? view.objects : nodes);
    const behind = [...view.objects].map((node) => paths.behind(node) > 0);
    expect(behind).toEqual([...view.objects].map((node) => reached.includes(node)));
    expect(paths.reached).toBe(times * reached.length);
    if (times === 1) expect(paths.behind(0)).toBe(reached.length);
  }
});

function chainsThrough(parent: Uint32Array, nodes: Uint32Array, through: number): number {
  let count = 0;
  for (const node of nodes) {
    for (let at: number | undefined = node; at !== undefined && at < parent.length; at = parent[at]) if (at === through) count++;
  }
  return count;
}
