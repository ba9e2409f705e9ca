/**
 * One set of columns for synthetic nodes and objects. Two synthetic nodes, `0 → 1` and `1 → a`; objects `a → b → ?`:
 *
 *     nodes  0 1 | a=2 b=3      start  0 1 2 3 4      to  1 2 3 (missing)
 *
 * The columns of the raw heap are freed on the way.
 */
import { NONE } from './graph.ts';
import { release } from './memory.ts';
import type { RawHeap } from './raw-heap.ts';
import { BELONGS, type Reach } from './reach.ts';
import type { RootPlan } from './root-plan.ts';

/** The edges of node `n` are `to[start[n] … start[n + 1])`. */
export interface Edges {
  readonly start: Uint32Array;
  readonly to: Uint32Array;
}

export function rootedEdges(raw: RawHeap, strong: number, { belongs }: Reach, plan: RootPlan): Edges {
  const first = plan.roots.length;
  const synthetic = plan.roots.reduce((sum, { refs, children }) => sum + refs.length + children.length, 0);
  const start = new Uint32Array(first + raw.nodes + 1);
  const to = new Uint32Array(synthetic + strong);
  const target = (object: number): number => {
    if (object === NONE) return plan.missing;
    return belongs[object] === BELONGS.agent ? plan.agent : object + first;
  };
  let at = 0;
  for (const [node, { refs, children }] of plan.roots.entries()) {
    start[node] = at;
    for (const object of refs) to[at++] = target(object);
    for (const child of children) to[at++] = child;
  }
  for (let node = 0; node <= raw.nodes; node++) start[first + node] = raw.edgeStart[node]! + at;
  for (let i = 0; i < strong; i++) to[at++] = target(raw.edgeTo[i]!);
  release(raw.edgeStart, raw.edgeTo);
  return { start, to };
}
