/** The slow and obvious algorithms, as a reference for the passes. */
import type { HeapGraph } from '../graph.ts';

type Graph = Pick<HeapGraph, 'nodes' | 'edgeStart' | 'edgeTo'>;

/** Which nodes the super root reaches if `without` is removed. */
export function reachable({ nodes, edgeStart, edgeTo }: Graph, without = -1, from: readonly number[] = [0]): Set<number> {
  const seen = new Set<number>();
  const open = from.filter((node) => node !== without && node < nodes);
  while (open.length > 0) {
    const node = open.pop()!;
    if (seen.has(node) || node === without) continue;
    seen.add(node);
    open.push(...edgeTo.subarray(edgeStart[node], edgeStart[node + 1]));
  }
  return seen;
}

/** What only `node` keeps alive: everything that cannot be reached once it is removed. */
export function dominated(graph: Graph, node: number): number[] {
  const left = reachable(graph, node);
  return [...Array(graph.nodes).keys()].filter((other) => !left.has(other));
}

/** A reproducible random number below `limit`. */
export function randomBelow(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
