/**
 * The immediate dominator of every node: semi-NCA with jump pointers, over nodes numbered in depth-first order.
 * Edges `0→1 1→2 2→3 0→4 4→3`: the two paths to 3 part at 0.
 *
 *     node   0 1 2 3 4
 *     idom   0 0 1 0 0
 *
 * Semidominators are found by path compression, each stored as a number; then each node's dominator is the nearest ancestor, in the
 * tree of dominators built so far, that is not above its semidominator. Walking there step by step is quadratic on a list
 * whose items also sit in a registry: every node has a second pointer far up (skew-binary, after Myers), which makes each
 * walk logarithmic.
 */
import { release, scratchU32 } from './memory.ts';
import type { Edges } from './rooted-edges.ts';

/** `parent` of the search is consumed: it becomes the result. `others`, the referrers besides the parents, are consumed too. */
export function immediateDominators(nodes: number, parent: Uint32Array, others: Edges): Uint32Array {
  const { semi, spare } = semidominators(nodes, parent, others);
  const [jump, depth] = spare;
  const idom = parent;
  jump[0] = depth[0] = 0;
  for (let node = 1; node < nodes; node++) {
    const limit = semi[node]!;
    let up = idom[node]!;
    while (up > limit) up = jump[up]! >= limit ? jump[up]! : idom[up]!;
    idom[node] = up;
    depth[node] = depth[up]! + 1;
    const far = jump[up]!;
    jump[node] = depth[up]! - depth[far]! === depth[far]! - depth[jump[far]!]! ? jump[far]! : up;
  }
  release(semi, jump, depth);
  return idom;
}

/** By node; and two columns as long that are not needed any more. */
interface Semidominators {
  readonly semi: Uint32Array;
  readonly spare: readonly [Uint32Array, Uint32Array];
}

function semidominators(nodes: number, parent: Uint32Array, { start, to }: Edges): Semidominators {
  const ancestor = scratchU32(nodes);
  ancestor.set(parent.subarray(0, nodes));
  /** The smallest semidominator on the compressed path upwards. */
  const label = scratchU32(nodes);
  for (let node = 0; node < nodes; node++) label[node] = node;
  const path = scratchU32(nodes);
  for (let node = nodes - 1; node > 0; node--) {
    let best = parent[node]!;
    for (let i = start[node]!, end = start[node + 1]!; i < end; i++) {
      const from = to[i]!;
      if (ancestor[from]! > node) compress(from, node, ancestor, label, path);
      if (label[from]! < best) best = label[from]!;
    }
    label[node] = best;
    // Nobody asks for this end again.
    start[node + 1] = best;
  }
  release(path, to);
  return { semi: start.subarray(1), spare: [ancestor, label] };
}

/** Redirects the whole path from `from` up to the last linked ancestor to that one's ancestor; nodes above `last` are linked. */
function compress(from: number, last: number, ancestor: Uint32Array, label: Uint32Array, path: Uint32Array): void {
  let length = 0;
  let top = from;
  while (ancestor[top]! > last) {
    path[length++] = top;
    top = ancestor[top]!;
  }
  const root = ancestor[top]!;
  let best = label[top]!;
  while (length > 0) {
    const node = path[--length]!;
    ancestor[node] = root;
    if (label[node]! < best) best = label[node]!;
    else label[node] = best;
  }
}
