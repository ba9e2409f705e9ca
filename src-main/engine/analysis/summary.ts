import type { GarbageState, HeapSummary } from '../../../src-preload/contract/index.ts';
import { NONE, type HeapGraph } from '../heap/graph.ts';
import type { HeapView } from './heap-view.ts';
import { garbageState, kindOf } from './node-rows.ts';

/** Totals of a heap. An object counts for its nearest root: most are kept alive by several. */
export function summarize(view: HeapView): HeapSummary {
  const { graph } = view;
  const { facts } = graph;
  const used = new Set<number>();
  for (const node of view.objects) used.add(graph.type[node]!);
  return {
    objects: facts.objects,
    references: graph.edges + graph.weak.node.length,
    shallow: facts.bytes,
    types: used.size,
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

function arraysIn({ arrays: { dtype } }: HeapGraph): number {
  let count = 0;
  for (let i = 1; i < dtype.start.length; i++) if (dtype.start[i]! > dtype.start[i - 1]!) count++;
  return count;
}

/** Groups under the super root, by the size below each in the tree of shortest chains. */
function rootsOf(view: HeapView): HeapSummary['roots'] {
  const { order, parent } = view.tree;
  const group = new Uint32Array(view.graph.nodes);
  const sums = new Map<number, { objects: number; retained: number }>();
  for (const node of order) {
    if (parent[node] === NONE) continue;
    const root = parent[node] === 0 ? node : group[parent[node]!]!;
    group[node] = root;
    if (view.isSynthetic(node)) continue;
    const sum = sums.get(root) ?? { objects: 0, retained: 0 };
    sum.objects++;
    sum.retained += view.shallow(node);
    sums.set(root, sum);
  }
  return [...sums].map(([node, sum]) => ({ kind: kindOf(view, node), node, ...sum })).sort((a, b) => b.retained - a.retained);
}

function garbageOf(view: HeapView, state: GarbageState): HeapSummary['garbage'] {
  let objects = 0;
  let shallow = 0;
  for (const node of view.objects) {
    if (garbageState(view, node) !== state) continue;
    objects++;
    shallow += view.shallow(node);
  }
  return { objects, shallow };
}
