import type { GarbageState, HeapSummary } from '../../../src-preload/contract/index.ts';
import { FLAG, NONE, type HeapGraph } from '../heap/graph.ts';
import { release, scratchU32 } from '../heap/memory.ts';
import type { HeapView } from './heap-view.ts';
import { garbageState, kindOf } from './node-rows.ts';

const GARBAGE = FLAG.unreachable | FLAG.uncollectable;

/** Totals of a heap. An object counts for its nearest root: most are kept alive by several. */
export function summarize(view: HeapView): HeapSummary {
  const { graph } = view;
  const { facts } = graph;
  return {
    objects: facts.objects,
    references: graph.edges + graph.weak.node.length,
    shallow: facts.bytes,
    types: usedTypes(view),
    roots: rootsOf(view),
    garbage: garbageOf(view, 'waits'),
    uncollectable: garbageOf(view, 'uncollectable'),
    external: { objects: graph.external.node.length, references: graph.external.value.reduce((sum, count) => sum + count, 0) },
    own: facts.agentObjects,
    arrays: arraysIn(graph),
    sites: graph.site !== null,
    previews: facts.previews,
    notes: [...facts.notes],
  };
}

function usedTypes({ graph }: HeapView): number {
  const { nodes, type, types, flags } = graph;
  const used = new Uint8Array(types.length);
  for (let node = 0; node < nodes; node++) if ((flags[node]! & FLAG.synthetic) === 0) used[type[node]!] = 1;
  return used.reduce((sum, one) => sum + one, 0);
}

function arraysIn({ arrays: { dtype } }: HeapGraph): number {
  let count = 0;
  for (let i = 1; i < dtype.start.length; i++) if (dtype.start[i]! > dtype.start[i - 1]!) count++;
  return count;
}

/** Groups under the super root, by the size below each in the tree of shortest chains. */
function rootsOf(view: HeapView): HeapSummary['roots'] {
  const { order, parent } = view.tree;
  const { nodes, edgeStart, edgeTo } = view.graph;
  /** The groups' nodes, and by node the index of its own, plus 1. */
  const tops = edgeTo.subarray(edgeStart[0], edgeStart[1]);
  const group = scratchU32(nodes);
  for (const [i, top] of tops.entries()) group[top] = i + 1;
  const sums = Array.from(tops, (node) => ({ kind: kindOf(view, node), node, objects: 0, retained: 0 }));
  const found: typeof sums = [];
  for (let i = 0; i < order.length; i++) {
    const node = order[i]!;
    const above = parent[node]!;
    if (above === NONE) continue;
    if (above !== 0) group[node] = group[above]!;
    if (view.isSynthetic(node)) continue;
    const sum = sums[group[node]! - 1]!;
    if (sum.objects++ === 0) found.push(sum);
    sum.retained += view.shallow(node);
  }
  release(group);
  return found.sort((a, b) => b.retained - a.retained);
}

function garbageOf(view: HeapView, state: GarbageState): HeapSummary['garbage'] {
  let objects = 0;
  let shallow = 0;
  const { nodes, flags } = view.graph;
  for (let node = 0; node < nodes; node++) {
    if ((flags[node]! & GARBAGE) === 0 || view.isSynthetic(node) || garbageState(view, node) !== state) continue;
    objects++;
    shallow += view.shallow(node);
  }
  return { objects, shallow };
}
