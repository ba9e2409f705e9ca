/**
 * The referrers of each node, by counting sort. Edges `0→1 0→2 1→2`:
 *
 *     start  0 0 1 3      to  0 0 1      the referrers of node n, ascending; one for each edge
 */
import { sharedU32 } from './memory.ts';
import type { Edges } from './rooted-edges.ts';

/** Scratch memory, or memory shared between workers. */
export function reverseEdges({ start, to }: Edges, shared = false): Edges {
  const nodes = start.length - 1;
  const make = shared ? sharedU32 : (length: number): Uint32Array => new Uint32Array(length);
  const from = make(nodes + 1);
  const sources = make(to.length);
  for (let i = 0; i < to.length; i++) from[to[i]!]!++;
  let sum = 0;
  for (let node = 0; node < nodes; node++) {
    sum += from[node]!;
    from[node] = sum;
  }
  from[nodes] = sum;
  // Filled from the end; each start moves down to its final position.
  for (let node = nodes - 1; node >= 0; node--) {
    for (let i = start[node + 1]! - 1, first = start[node]!; i >= first; i--) sources[--from[to[i]!]!] = node;
  }
  return { start: from, to: sources };
}
