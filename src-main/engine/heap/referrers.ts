/**
 * What refers to an object: the edges again, sorted by target. Three nodes, `0 → 1`, `0 → 2`, `1 → 2`:
 *
 *     edge   0   1   2            into.start  0 0 1 3
 *     from   0   0   1            into.edge   0 1 2      edges, not nodes: their place names them
 *     to     1   2   2
 *
 * Which node an edge comes from is found in `edgeStart` (`sourceOf`): that costs a few steps, a second array would cost 4 bytes per edge.
 * Parallel edges are kept.
 */
import type { HeapGraph } from './graph.ts';
import { STEP, type Steps } from './in-steps.ts';
import { scratchU32 } from './memory.ts';

export interface Referrers {
  /** `nodes + 1` numbers: the edges to `n` are `edge[start[n] … start[n + 1])`, by ascending source. */
  readonly start: Uint32Array;
  readonly edge: Uint32Array;
}

type Edges = Pick<HeapGraph, 'nodes' | 'edges' | 'edgeStart' | 'edgeTo'>;

/** `start` of `Referrers`: how many strong references each node has, as a running sum. */
export function referrerStarts(graph: Edges): Uint32Array {
  const start = scratchU32(graph.nodes + 1);
  const { edgeTo } = graph;
  for (let e = 0; e < graph.edges; e++) start[edgeTo[e]! + 1]!++;
  for (let n = 0; n < graph.nodes; n++) start[n + 1]! += start[n]!;
  return start;
}

export function* referrers(graph: Edges, start = referrerStarts(graph)): Steps<Referrers> {
  const edge = scratchU32(graph.edges);
  const next = start.slice(0, graph.nodes);
  const { edgeTo } = graph;
  for (let from = 0; from < graph.edges; from += STEP) {
    const to = Math.min(graph.edges, from + STEP);
    for (let e = from; e < to; e++) edge[next[edgeTo[e]!]!++] = e;
    yield;
  }
  return { start, edge };
}

/** The node that an edge comes from. */
export function sourceOf(graph: Pick<HeapGraph, 'nodes' | 'edgeStart'>, edge: number): number {
  let low = 0;
  let high = graph.nodes;
  // The last node whose edges begin at or before it, and do not end there.
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (graph.edgeStart[middle + 1]! <= edge) low = middle + 1;
    else high = middle;
  }
  return low;
}
