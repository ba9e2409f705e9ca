import type { AtLeast } from '../../../src-preload/contract/index.ts';
import { TYPE_FLAG, type HeapGraph } from '../heap/graph.ts';
import { lowerBound } from '../heap/strings.ts';
import { sharedU32 } from '../heap/memory.ts';
import type { HeapView } from './heap-view.ts';

/** Which types have instances that take more than their size says. */
const boundTypes = ({ types }: Pick<HeapGraph, 'types'>): Uint8Array =>
  Uint8Array.from(types, ({ flags }) => ((flags & TYPE_FLAG.lowerBound) === 0 ? 0 : 1));

/** The instances of those types, ascending. */
export function boundNodes(view: HeapView): Uint32Array {
  return view.once('bound nodes', () => {
    const { start, nodes } = view.byType;
    const parts = [...boundTypes(view.graph).entries()]
      .filter(([, bound]) => bound === 1)
      .map(([type]) => nodes.subarray(start[type], start[type + 1]));
    const all = sharedU32(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all.sort();
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
