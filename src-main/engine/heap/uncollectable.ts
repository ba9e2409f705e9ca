/**
 * What keeps garbage from ever being freed. A collection subtracts from reference counts what its own objects refer to; what is left
 * counts as held from outside, with all that it reaches. References of an object whose type takes no part in collection are never
 * subtracted, so in a cycle it keeps itself. Frozen objects (`gc.freeze`) are not collected either. With `A` of such a type:
 *
 *     n → A → n → b     A is in a cycle: n, A and b stay
 *     x → A → c, x → x  A is in none: a collection frees x, then A and c follow
 *
 * An untracked object of another type is no reason: it was untracked since it can be in no cycle, or its references are not its own.
 */
import { findCycles } from './cycles.ts';
import { FLAG, TYPE_FLAG } from './graph.ts';
import { finish } from './in-steps.ts';
import { release, scratchU16, scratchU8 } from './memory.ts';
import type { RawHeap } from './raw-heap.ts';

/** Of the unreachable objects, those that hold themselves and that no collection frees. `raw` with strong edges only. */
export function blockers(raw: RawHeap, isUnreachable: (node: number) => boolean): Uint32Array {
  const cannotBe = scratchU8(raw.nodes);
  let any = false;
  for (let node = 0; node < raw.nodes; node++) {
    if (!isUnreachable(node) || raw.edgeStart[node] === raw.edgeStart[node + 1] || !staysInCycle(raw, node)) continue;
    cannotBe[node] = 1;
    any = true;
  }
  const found = any ? inCycles(raw, isUnreachable).filter((node) => cannotBe[node] === 1) : new Uint32Array(0);
  release(cannotBe);
  return found;
}

/** Whether an object survives collections if it is in a cycle. */
export function staysInCycle(
  { flags, type, types }: Pick<RawHeap, 'type' | 'types'> & { flags: ArrayLike<number> },
  node: number,
): boolean {
  return (flags[node]! & FLAG.permanent) !== 0 || (types[type[node]!]!.flags & TYPE_FLAG.uncollected) !== 0;
}

function inCycles(raw: RawHeap, isUnreachable: (node: number) => boolean): Uint32Array {
  const flags = scratchU16(raw.nodes);
  for (let node = 0; node < raw.nodes; node++) flags[node] = isUnreachable(node) ? FLAG.unreachable : FLAG.synthetic;
  const { member } = finish(findCycles({ ...raw, flags }));
  release(flags);
  return member;
}
