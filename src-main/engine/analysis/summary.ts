import type { HeapSummary } from '../../../src-preload/contract/index.ts';
import { FLAG, NONE, ROOT } from '../heap/graph.ts';
import type { HeapView } from './heap-view.ts';
import { kindOf } from './node-rows.ts';
import { lowerBound } from '../heap/strings.ts';

/** Totals of a heap. Bytes of a root are those that it alone keeps; what several keep is the super root's. */
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
    garbage: garbageOf(view),
    external: { objects: graph.external.node.length, references: graph.external.value.reduce((sum, count) => sum + count, 0) },
    own: facts.agentObjects,
    sites: graph.site !== null,
    previews: facts.previews,
    notes: [...facts.notes],
  };
}

/** Groups under the super root, and what none of them keeps alone. Stand-ins for what was left out are no holders. */
function rootsOf(view: HeapView): HeapSummary['roots'] {
  const { graph } = view;
  const groups = graph.roots.filter(({ kind, parent }) => parent !== NONE && graph.roots[parent]?.kind === ROOT.super && !isStandIn(kind));
  const rows = groups.map(({ node }) => {
    const from = lowerBound(view.objects, node);
    return {
      kind: kindOf(view, node),
      node,
      objects: lowerBound(view.objects, node + graph.subtree[node]!) - from,
      retained: view.retained(node),
    };
  });
  const shared = {
    kind: kindOf(view, 0),
    node: 0,
    objects: view.objects.length - rows.reduce((sum, { objects }) => sum + objects, 0),
    retained: view.retained(0) - rows.reduce((sum, { retained }) => sum + retained, 0),
  };
  return [...rows, shared].sort((a, b) => b.retained - a.retained);
}

function isStandIn(kind: number): boolean {
  return kind === ROOT.missing || kind === ROOT.agent;
}

function garbageOf(view: HeapView): HeapSummary['garbage'] {
  const { flags } = view.graph;
  let objects = 0;
  let shallow = 0;
  for (const node of view.objects) {
    if ((flags[node]! & FLAG.unreachable) === 0) continue;
    objects++;
    shallow += view.shallow(node);
  }
  return { objects, shallow };
}
