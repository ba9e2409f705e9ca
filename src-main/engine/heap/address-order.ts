/** The objects of a heap by address, as `match.ts` walks them. Addresses `128 0 64` (0: a root): order `2 0`. */
import type { HeapGraph } from './graph.ts';
import { orderBy, sortKeys } from './order.ts';

export function addressOrder({ address, nodes, roots }: Pick<HeapGraph, 'address' | 'nodes' | 'roots'>): Uint32Array {
  const order = orderBy(
    sortKeys(nodes, (node) => address[node]!),
    false,
  );
  return order.slice(roots.length);
}
