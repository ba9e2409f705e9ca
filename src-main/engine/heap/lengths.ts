/**
 * Items of each container: its references after those that its shape names, weak ones too; a dictionary's pairs count once.
 *
 *     node      a list of 3 · an instance · a dict of 2 · a set of 1, with a weak reference
 *     lengths   3           · NONE        · 2           · 2
 */
import { FLAG, NONE, REST, type HeapGraph } from './graph.ts';
import { sharedU32 } from './memory.ts';

export function containerLengths({ nodes, edgeStart, shape, shapes, flags, weak }: HeapGraph): Uint32Array {
  const lengths = sharedU32(nodes);
  let next = 0;
  for (let node = 0; node < nodes; node++) {
    let degree = edgeStart[node + 1]! - edgeStart[node]!;
    for (; weak.node[next] === node; next++) degree++;
    const kind = shape[node]!;
    const rest = shapes.rest[kind];
    if (rest === REST.unnamed || (flags[node]! & FLAG.synthetic) !== 0) {
      lengths[node] = NONE;
      continue;
    }
    const items = degree - (shapes.start[kind + 1]! - shapes.start[kind]!);
    lengths[node] = rest === REST.pairs ? items / 2 : items;
  }
  return lengths;
}
