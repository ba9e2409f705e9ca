/**
 * One set of columns for objects and synthetic nodes, which come behind them. Objects `a → b → ?`; two synthetic nodes, `2 → 3` and `3 → a`:
 *
 *     nodes  a=0 b=1 | 2 3      start  0 1 2 3 4      to  1 (missing) 3 0
 *
 * The columns of the raw heap become these, in place if they have `ROOM`: copies of all edges would decide an import's peak.
 */
import { NONE } from './graph.ts';
import { widened } from './memory.ts';
import type { RawHeap } from './raw-heap.ts';
import { BELONGS, type Reach } from './reach.ts';
import type { RootPlan } from './root-plan.ts';

/** The edges of node `n` are `to[start[n] … start[n + 1])`. */
export interface Edges {
  readonly start: Uint32Array;
  readonly to: Uint32Array;
}

/** For the synthetic nodes of nearly every program, and for what they hold. */
export const ROOM: { readonly nodes: number; readonly edges: number } = { nodes: 2 ** 14, edges: 2 ** 19 };

/** `strong`: how many edges the raw heap has without weak ones. The placeholders stand for objects that are missing, and for the agent's. */
export function rootedEdges(raw: RawHeap, strong: number, { belongs }: Reach, plan: RootPlan): Edges {
  const { nodes: objects } = raw;
  const [missing, agent] = [objects + plan.missing, objects + plan.agent];
  const synthetic = plan.roots.reduce((sum, { refs, children }) => sum + refs.length + children.length, 0);
  const start = widened(raw.edgeStart, objects + plan.roots.length + 1);
  const to = widened(raw.edgeTo, strong + synthetic);
  if (plan.missing !== NONE || plan.agent !== NONE) {
    for (let i = 0; i < strong; i++) {
      if (to[i] === NONE) to[i] = missing;
      else if (belongs[to[i]!] === BELONGS.agent) to[i] = agent;
    }
  }
  let at = strong;
  for (const [node, { refs, children }] of plan.roots.entries()) {
    start[objects + node] = at;
    for (const object of refs) to[at++] = object === NONE ? missing : belongs[object] === BELONGS.agent ? agent : object;
    for (const child of children) to[at++] = objects + child;
  }
  start[objects + plan.roots.length] = at;
  return { start, to };
}
