/**
 * What refers to each node, by counting sort, besides the edges of the search's tree. Edges `0→1 0→2 1→2`, of which `0→1 1→2` are the tree:
 *
 *     start  0 0 0 1      to  0      the other referrers of node n, ascending; one for each edge
 */
import { TAKEN, type DepthFirst } from './depth-first.ts';
import { scratchU32 } from './memory.ts';
import type { Edges } from './rooted-edges.ts';

/** By numbers of the search, of which `references` is consumed. The marks of its tree are taken off. */
export function otherReferrers({ start, to }: Edges, { visited, order, references }: DepthFirst): Edges {
  const from = scratchU32(visited + 1);
  let sum = 0;
  for (let i = 0; i < visited; i++) {
    const others = references[order[i]!]! - 1;
    from[i] = references[order[i]!] = sum;
    sum += others;
  }
  from[visited] = sum;
  const sources = scratchU32(sum);
  for (let i = 0; i < visited; i++) {
    for (let e = start[order[i]!]!, end = start[order[i]! + 1]!; e < end; e++) {
      const node = to[e]! | 0;
      if (node < 0) to[e] = node & ~TAKEN;
      else sources[references[node]!++] = i;
    }
  }
  return { start: from, to: sources };
}
