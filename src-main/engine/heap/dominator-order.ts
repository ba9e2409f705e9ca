/**
 * The final numbering: preorder of the dominator tree. Of `idom 0 0 1 0 0` (root 0; 1, 3 and 4 under it, 2 under 1):
 *
 *     subtree  5 2 1 1 1      final  0 1 2 3 4      origin  0 1 2 3 4
 *
 * No stack is needed: a dominator's number is below its children's, so sizes add up from the end, and each node gives its children the next
 * free number of its range.
 */
import { sharedU32, release } from './memory.ts';

export interface DominatorOrder {
  /** By old number, the final one. */
  readonly final: Uint32Array;
  /** By final number, the old one. */
  readonly origin: Uint32Array;
  /** By final number. */
  readonly subtree: Uint32Array;
}

export function dominatorOrder(nodes: number, idom: Uint32Array): DominatorOrder {
  const size = new Uint32Array(nodes).fill(1);
  for (let node = nodes - 1; node > 0; node--) size[idom[node]!]! += size[node]!;
  const final = new Uint32Array(nodes);
  const free = new Uint32Array(nodes);
  const origin = new Uint32Array(nodes);
  const subtree = sharedU32(nodes);
  free[0] = 1;
  subtree[0] = nodes;
  for (let node = 1; node < nodes; node++) {
    const above = idom[node]!;
    const number = free[above]!;
    free[above] = number + size[node]!;
    free[node] = number + 1;
    final[node] = number;
    origin[number] = node;
    subtree[number] = size[node]!;
  }
  release(size, free);
  return { final, origin, subtree };
}
