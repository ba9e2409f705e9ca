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
import { U32Stack, release } from './memory.ts';
import type { Edges } from './rooted-edges.ts';

/** `parent` of the search is consumed: it becomes the result. */
export function immediateDominators(nodes: number, parent: Uint32Array, referrers: Edges): Uint32Array {
  const semi = semidominators(nodes, parent, referrers);
  const jump = new Uint32Array(nodes);
  const depth = new Uint32Array(nodes);
  const idom = parent;
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

function semidominators(nodes: number, parent: Uint32Array, { start, to }: Edges): Uint32Array {
  const semi = new Uint32Array(nodes);
  const ancestor = parent.slice(0, nodes);
  /** The smallest semidominator on the compressed path upwards. */
  const label = new Uint32Array(nodes);
  for (let node = 0; node < nodes; node++) label[node] = node;
  const path = new U32Stack();
  for (let node = nodes - 1; node > 0; node--) {
    let best = parent[node]!;
    for (let i = start[node]!, end = start[node + 1]!; i < end; i++) {
      const from = to[i]!;
      if (ancestor[from]! > node) compress(from, node, ancestor, label, path);
      if (label[from]! < best) best = label[from]!;
    }
    semi[node] = best;
    label[node] = best;
  }
  release(ancestor, label);
  return semi;
}

/** Redirects the whole path from `from` up to the last linked ancestor to that one's ancestor; nodes above `last` are linked. */
function compress(from: number, last: number, ancestor: Uint32Array, label: Uint32Array, path: U32Stack): void {
  let top = from;
  while (ancestor[top]! > last) {
    path.push(top);
    top = ancestor[top]!;
  }
  const root = ancestor[top]!;
  let best = label[top]!;
  while (path.length > 0) {
    const node = path.pop();
    ancestor[node] = root;
    if (label[node]! < best) best = label[node]!;
    else label[node] = best;
  }
}
