import type { Blocker } from '../../../src-preload/contract/index.ts';
import { FLAG, NONE } from '../heap/graph.ts';
import { staysInCycle } from '../heap/uncollectable.ts';
import type { JobControl } from '../worker/job-control.ts';
import { cyclesOf } from './cycles.ts';
import { select, type HeapView } from './heap-view.ts';
import { typeOf } from './node-rows.ts';

/** Why no collection frees an object: what holds itself, and it. null: it is no such garbage. */
export function blockerOf(view: HeapView, node: number, control: JobControl): Blocker | null {
  if ((view.graph.flags[node]! & FLAG.uncollectable) === 0) return null;
  const nearest = view.once('blockers', () => nearestBlockers(view, control));
  const found = nearest.get(node);
  return found === undefined ? null : { type: typeOf(view, found), frozen: (view.graph.flags[found]! & FLAG.permanent) !== 0 };
}

/** Of all objects that stay: the nearest of those that are the reason, by a search from all of these at once. */
function nearestBlockers(view: HeapView, control: JobControl): ReadonlyMap<number, number> {
  const { graph } = view;
  const cycles = cyclesOf(view, control);
  const stays = (node: number): boolean => (graph.flags[node]! & FLAG.uncollectable) !== 0;
  const starts = select(view.objects, (node) => stays(node) && staysInCycle(graph, node) && cycles.cycleOf(node) !== NONE);
  const nearest = new Map<number, number>([...starts].map((node) => [node, node]));
  // A Map iterates over what is added meanwhile, in that order.
  for (const [node, start] of nearest) {
    for (let e = graph.edgeStart[node]!; e < graph.edgeStart[node + 1]!; e++) {
      const to = graph.edgeTo[e]!;
      if (stays(to) && !nearest.has(to)) nearest.set(to, start);
    }
  }
  return nearest;
}
