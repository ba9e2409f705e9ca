/**
 * A depth-first search, without recursion. From node 0, edges `0→2 0→1 2→1 1→3 3→1`:
 *
 *     order       0 2 1 3      nodes as they are first visited: a node's number is its place here
 *     parent      0 0 1 2      by number: the tree
 *     references  1 3 1 1      by node: edges that lead to it, for the first node one more; 0: not reached
 *     to          2' 1 1' 3' 1    the edges of the tree are marked, in their highest bit
 *
 * A node is numbered when it is visited, not when an edge to it is seen: otherwise this is not a depth-first tree, and semidominators are
 * wrong.
 */
import { release, scratchU32 } from './memory.ts';
import type { Edges } from './rooted-edges.ts';

/** Of an edge, as a signed number. Nodes are fewer than 2^31. */
export const TAKEN = 1 << 31;

export interface DepthFirst {
  readonly visited: number;
  readonly order: Uint32Array;
  readonly parent: Uint32Array;
  readonly references: Uint32Array;
}

/** Marks edges in place, until `otherReferrers` has read them. */
export function depthFirst({ start, to }: Edges, root: number): DepthFirst {
  const nodes = start.length - 1;
  const order = scratchU32(nodes);
  const parent = scratchU32(nodes);
  const references = scratchU32(nodes);
  // The path from the root: numbers of its nodes, the next edge of each, and the end of its edges.
  const [path, cursor, ends] = [scratchU32(nodes), scratchU32(nodes), scratchU32(nodes)];
  order[0] = root;
  references[root] = 1;
  let visited = 1;
  let depth = 0;
  let number = 0;
  let at = start[root]!;
  let end = start[root + 1]!;
  for (;;) {
    if (at === end) {
      if (depth === 0) break;
      number = path[--depth]!;
      at = cursor[depth]!;
      end = ends[depth]!;
      continue;
    }
    const node = to[at]!;
    const before = references[node]!;
    references[node] = before + 1;
    if (before === 0) {
      to[at] = node | TAKEN;
      order[visited] = node;
      parent[visited] = number;
      const first = start[node]!;
      const last = start[node + 1]!;
      if (first !== last) {
        path[depth] = number;
        cursor[depth] = at + 1;
        ends[depth++] = end;
        number = visited++;
        at = first;
        end = last;
        continue;
      }
      visited++;
    }
    at++;
  }
  release(path, cursor, ends);
  return { visited, order, parent, references };
}
