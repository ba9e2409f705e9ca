import type { AtLeast } from '../../../src-preload/contract/index.ts';
import { TYPE_FLAG, type HeapGraph } from '../heap/graph.ts';
import { lowerBound } from '../heap/strings.ts';
import { U32Stack } from '../heap/memory.ts';
import type { HeapView } from './heap-view.ts';

/** Which types have instances that take more than their size says. */
const boundTypes = ({ types }: Pick<HeapGraph, 'types'>): Uint8Array =>
  Uint8Array.from(types, ({ flags }) => ((flags & TYPE_FLAG.lowerBound) === 0 ? 0 : 1));

/** The instances of those types, ascending. */
export function boundNodes(view: HeapView): Uint32Array {
  return view.once('bound nodes', () => {
    const { type, nodes } = view.graph;
    const bound = boundTypes(view.graph);
    const found = new U32Stack();
    for (let node = 0; node < nodes; node++) if (bound[type[node]!] === 1) found.push(node);
    return found.toArray();
  });
}

/** Which of an object's sizes are lower bounds. */
export function atLeast(view: HeapView, node: number): AtLeast {
  const bound = boundNodes(view);
  const next = bound[lowerBound(bound, node)];
  if (next === undefined || next >= node + view.graph.subtree[node]!) return 'none';
  return next === node ? 'shallow' : 'retained';
}

/** Whether the size of any of these objects, ascending, is a lower bound. */
export function hasBound(view: HeapView, nodes: Uint32Array): boolean {
  return boundNodes(view).some((bound) => nodes[lowerBound(nodes, bound)] === bound);
}
