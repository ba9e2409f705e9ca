/**
 * A depth-first search from node 0, without recursion: edges `0→2 0→1 2→1 1→3`.
 *
 *     order   0 2 1 3      nodes as they are first visited
 *     number  0 2 1 3      their numbers in that order; NONE: not reached
 *     parent  0 0 1 2      of each, by number: the tree
 *
 * A node is numbered when it is visited, not when an edge to it is seen: otherwise this is not a depth-first tree, and semidominators are
 * wrong.
 */
import { NONE } from './graph.ts';
import { release } from './memory.ts';
import type { Edges } from './rooted-edges.ts';

export interface DepthFirst {
  readonly visited: number;
  readonly order: Uint32Array;
  readonly number: Uint32Array;
  readonly parent: Uint32Array;
}

export function depthFirst({ start, to }: Edges): DepthFirst {
  const nodes = start.length - 1;
  const order = new Uint32Array(nodes);
  const number = new Uint32Array(nodes).fill(NONE);
  const parent = new Uint32Array(nodes);
  // The path from the root: numbers of its nodes, and the next edge of each.
  const path = new Uint32Array(nodes);
  const cursor = new Uint32Array(nodes);
  number[0] = 0;
  cursor[0] = start[0]!;
  let visited = 1;
  let depth = 0;
  let at = start[0]!;
  let end = start[1]!;
  for (;;) {
    if (at === end) {
      if (depth === 0) break;
      depth--;
      at = cursor[depth]!;
      end = start[order[path[depth]!]! + 1]!;
      continue;
    }
    const node = to[at++]!;
    if (number[node] !== NONE) continue;
    cursor[depth] = at;
    number[node] = visited;
    order[visited] = node;
    parent[visited] = path[depth]!;
    path[++depth] = visited++;
    at = start[node]!;
    end = start[node + 1]!;
  }
  release(path, cursor);
  return { visited, order, number, parent };
}

/** The edges between visited nodes, by their numbers. */
export function renumberEdges({ start, to }: Edges, order: Uint32Array, number: Uint32Array, visited: number): Edges {
  let total = 0;
  for (let i = 0; i < visited; i++) total += start[order[i]! + 1]! - start[order[i]!]!;
  const newStart = new Uint32Array(visited + 1);
  const newTo = new Uint32Array(total);
  let at = 0;
  for (let i = 0; i < visited; i++) {
    newStart[i] = at;
    for (let e = start[order[i]!]!, end = start[order[i]! + 1]!; e < end; e++) newTo[at++] = number[to[e]!]!;
  }
  newStart[visited] = at;
  return { start: newStart, to: newTo };
}
