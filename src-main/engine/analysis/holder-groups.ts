import { NONE } from '../heap/graph.ts';
import { scratchU32 } from '../heap/memory.ts';
import type { Groups } from './groups.ts';
import type { HeapView } from './heap-view.ts';
import { Places } from './places.ts';

/**
 * Objects by the nearest named place on the shortest chain to them: an attribute, `Session.user`, a name in a module, `app.sessions`, a
 * local variable, `main() seen`. What a container holds is told by the container's place: `app.sessions[…]`. Places are numbered in order of
 * first appearance.
 */
export function holderGroups(view: HeapView): Groups {
  const { graph, tree } = view;
  const places = new Places(view);
  const place = scratchU32(graph.nodes);
  for (const node of tree.order) {
    const holder = tree.parent[node]!;
    place[node] = holder === NONE ? places.ofRoot(node) : places.of({ node, holder, edge: tree.edge[node]!, at: place[holder]! });
  }
  const { key, labels } = places.joined();
  return { by: 'holder', keys: labels.length, keyOf: (node) => key[place[node]!]!, label: (i) => labels[i]!, parent: null };
}
