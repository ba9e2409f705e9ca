/**
 * The final numbering: preorder of the dominator tree. Of nodes `a b c d e`, searched in the order `a b c d e`, with `idom 0 0 1 0 0`
 * (root 0; 1, 3 and 4 under it, 2 under 1):
 *
 *     subtree  5 2 1 1 1      origin  a b c d e      target  0 1 2 3 4
 *
 * No stack is needed: a dominator's number is below its children's, so sizes add up from the end, and each node gives its children the next
 * free number of its range.
 */
import { NONE } from './graph.ts';
import { release, scratchU32 } from './memory.ts';

export interface DominatorOrder {
  /** By final number, the node. */
  readonly origin: Uint32Array;
  /** By node, the final number; `NONE`: the search has not reached it. */
  readonly target: Uint32Array;
  /** By final number. */
  readonly subtree: Uint32Array;
}

/** `order`: nodes by the number that `idom` has for them; `all`: how many nodes there are, visited or not. */
export function dominatorOrder(order: Uint32Array, visited: number, all: number, idom: Uint32Array): DominatorOrder {
  // A node's size is needed until it has its number; then its place has the next free number of its range.
  const sizeOrFree = scratchU32(visited).fill(1);
  for (let node = visited - 1; node > 0; node--) sizeOrFree[idom[node]!]! += sizeOrFree[node]!;
  const origin = scratchU32(visited);
  const target = scratchU32(all);
  if (visited < all) target.fill(NONE);
  const subtree = scratchU32(visited);
  origin[0] = order[0]!;
  target[order[0]!] = 0;
  subtree[0] = visited;
  sizeOrFree[0] = 1;
  for (let node = 1; node < visited; node++) {
    const above = idom[node]!;
    const number = sizeOrFree[above]!;
    const size = sizeOrFree[node]!;
    sizeOrFree[above] = number + size;
    sizeOrFree[node] = number + 1;
    origin[number] = order[node]!;
    target[order[node]!] = number;
    subtree[number] = size;
  }
  release(sizeOrFree);
  return { origin, target, subtree };
}
