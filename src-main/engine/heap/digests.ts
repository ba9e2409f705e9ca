/**
 * Equal strings and bytes, found by Python's own hash, type and size. Digests of `"x" "y" "x"`:
 *
 *     content  1 0 1      the group, from 1 in order of its first node; 0: alone
 *     check    7 9 7      16 bits of the hash: tells two snapshots of one process whether a string may be the same
 */
import type { Placing } from './gather.ts';
import { placeEntries } from './gather.ts';
import { release, sharedU16, sharedU32 } from './memory.ts';
import type { RawHeap } from './raw-heap.ts';

export interface Contents {
  readonly content: Uint32Array | null;
  readonly check: Uint16Array | null;
}

/** `type` and `size` by node of the graph. */
export function findEqual(digests: RawHeap['digests'], placing: Placing, type: Uint32Array, size: Uint32Array): Contents {
  if (digests.node.length === 0) return { content: null, check: null };
  const { entries, node } = placeEntries(digests.node, placing);
  const first = firstOfEach(digests, entries, (a, b) => type[node[a]!] === type[node[b]!] && size[node[a]!] === size[node[b]!]);
  const content = sharedU32(placing.nodes);
  const check = sharedU16(placing.nodes);
  let groups = 0;
  for (let i = 0; i < node.length; i++) {
    const leader = node[first[i]!]!;
    if (first[i] !== i) {
      if (content[leader] === 0) content[leader] = ++groups;
      content[node[i]!] = content[leader]!;
    }
    check[node[i]!] = checkOf(digests.hash[entries[i]! * 2]!, digests.hash[entries[i]! * 2 + 1]!);
  }
  release(first, digests.hash);
  return { content, check };
}

/**
 * For each entry the first one that is equal to it. An open-addressing table of pairs: a mixed hash and an index. The entries themselves,
 * which are scattered in memory, are compared only if the hash matches.
 */
function firstOfEach({ hash }: RawHeap['digests'], entries: Uint32Array, alike: (a: number, b: number) => boolean): Uint32Array {
  const mask = 2 ** Math.ceil(Math.log2(Math.max(16, entries.length * 2))) - 1;
  const slots = new Uint32Array((mask + 1) * 2);
  const first = new Uint32Array(entries.length);
  const seed = Math.floor(Math.random() * 2 ** 31) * 2 + 1;
  for (let i = 0; i < entries.length; i++) {
    const a = hash[entries[i]! * 2]!;
    const b = hash[entries[i]! * 2 + 1]!;
    const product = Math.imul(a ^ Math.imul(b, 0x85ebca6b), seed);
    const mixed = (product ^ (product >>> 15)) >>> 0;
    let slot = mixed & mask;
    for (;;) {
      const other = slots[slot * 2 + 1]! - 1;
      if (other < 0) break;
      if (slots[slot * 2] === mixed && hash[entries[other]! * 2] === a && hash[entries[other]! * 2 + 1] === b && alike(i, other)) break;
      slot = (slot + 1) & mask;
    }
    if (slots[slot * 2 + 1] === 0) {
      slots[slot * 2] = mixed;
      slots[slot * 2 + 1] = i + 1;
    }
    first[i] = slots[slot * 2 + 1]! - 1;
  }
  release(slots);
  return first;
}

/** Never 0: that means "not in the dump". */
function checkOf(low: number, high: number): number {
  const folded = low ^ (low >>> 16) ^ high ^ (high >>> 16);
  return folded & 0xffff || 1;
}
