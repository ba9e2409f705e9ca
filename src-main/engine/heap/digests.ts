/**
 * Equal strings and bytes, found by Python's own hash, type and size. Digests of `"x" "y" "x"`:
 *
 *     content  1 0 1      the group, from 1 in order of its first node; 0: alone
 *     check    7 9 7      16 bits of the hash: tells two snapshots of one process whether a string may be the same
 */
import type { Placing } from './gather.ts';
import { NONE } from './graph.ts';
import { release, scratchU16, scratchU32 } from './memory.ts';
import type { RawHeap } from './raw-heap.ts';

export interface Contents {
  readonly content: Uint32Array | null;
  readonly check: Uint16Array | null;
}

/** For each digest, in the order of the dump, one that is equal to it, the same for all that are equal; and its 16 bits. */
export interface EqualDigests {
  readonly leader: Uint32Array;
  readonly check: Uint16Array;
}

/** Before columns are gathered: in the dump's order the digests and their objects' columns are read from first to last. Consumes the hashes. */
export function equalDigests({ digests: { node, hash }, type, size }: Pick<RawHeap, 'digests' | 'type' | 'size'>): EqualDigests {
  const check = scratchU16(node.length);
  const kind = scratchU32(node.length);
  for (let i = 0; i < check.length; i++) {
    check[i] = checkOf(hash[i * 2]!, hash[i * 2 + 1]!);
    kind[i] = kindOf(type[node[i]!] ?? 0, size[node[i]!] ?? 0);
  }
  const leader = leaders(hash, kind, (a, b) => type[node[a]!] === type[node[b]!] && size[node[a]!] === size[node[b]!]);
  release(hash, kind);
  return { leader, check };
}

/** Type and size in one number; `NONE` if they are too large for that. */
function kindOf(type: number, size: number): number {
  return type < TYPES && size < SIZES ? type * SIZES + size : NONE;
}

const SIZES = 2 ** 20;
const TYPES = 2 ** 12 - 1;

/** By node of the graph. Of several digests of one object the first counts. Consumes the digests. */
export function findEqual({ node: objects }: RawHeap['digests'], { leader, check }: EqualDigests, { nodes, target }: Placing): Contents {
  if (objects.length === 0) return { content: null, check: null };
  const checks = scratchU16(nodes);
  const members = scratchU32(leader.length);
  for (let i = 0; i < leader.length; i++) {
    const node = objects[i] === NONE ? NONE : target[objects[i]!]!;
    if (node === NONE || checks[node] !== 0) {
      objects[i] = NONE;
      continue;
    }
    checks[node] = check[i]!;
    members[leader[i]!]!++;
  }
  const content = scratchU32(nodes);
  for (let i = 0; i < leader.length; i++) {
    if (members[leader[i]!]! > 1 && objects[i] !== NONE) content[target[objects[i]!]!] = leader[i]! + 1;
  }
  numberGroups(content, members);
  release(objects, members, leader, check);
  return { content, check: checks };
}

/** In order of their first nodes, instead of their leaders' numbers from 1. `group`, any numbers, is overwritten. */
function numberGroups(content: Uint32Array, group: Uint32Array): void {
  group.fill(0);
  let groups = 0;
  for (let node = 0; node < content.length; node++) {
    const leader = content[node]!;
    if (leader === 0) continue;
    if (group[leader - 1] === 0) group[leader - 1] = ++groups;
    content[node] = group[leader - 1]!;
  }
}

/** Digests of a part: with its table they fit into the processor's cache, where looking up is many times faster. */
const PART = 32768;
const MOST_PARTS = 1 << 10;

type Alike = (a: number, b: number) => boolean;

/** The digests are dealt out by bits of a mixed hash, and each part goes through an open-addressing table of its own. */
function leaders(hash: Uint32Array, kind: Uint32Array, alike: Alike): Uint32Array {
  const dealt = dealOut(hash, kind);
  const { start } = dealt;
  const leader = scratchU32(kind.length);
  let slots = new Uint32Array(0);
  for (let part = 0; part + 1 < start.length; part++) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, (start[part + 1]! - start[part]!) * 2)));
    if (slots.length < size) slots = new Uint32Array(size);
    else slots.fill(0, 0, size);
    leadersOfPart(dealt, start[part]!, start[part + 1]!, slots, size - 1, leader, alike);
  }
  release(dealt.entry, dealt.low, dealt.high, dealt.its, slots);
  return leader;
}

function leadersOfPart(
  { entry, low, high, its }: Dealt,
  from: number,
  end: number,
  slots: Uint32Array,
  mask: number,
  leader: Uint32Array,
  alike: Alike,
): void {
  for (let i = from; i < end; i++) {
    const a = low[i]!;
    const b = high[i]!;
    const kind = its[i]!;
    let slot = (a ^ (a >>> 16) ^ b) & mask;
    let first = slots[slot]!;
    while (first !== 0) {
      const at = first - 1;
      if (low[at] === a && high[at] === b && its[at] === kind && (kind !== NONE || alike(entry[at]!, entry[i]!))) break;
      slot = (slot + 1) & mask;
      first = slots[slot]!;
    }
    if (first === 0) {
      first = i + 1;
      slots[slot] = first;
    }
    leader[entry[i]!] = entry[first - 1]!;
  }
}

/** Digests by part, each in the order of the dump: part `p` is `[start[p] … start[p + 1])`. `low` and `high` are mixed, each hash to another. */
interface Dealt {
  readonly entry: Uint32Array;
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly its: Uint32Array;
  readonly start: Uint32Array;
}

/** The mixing is random each time: a dump cannot be made so that its digests collide. */
function dealOut(hash: Uint32Array, kind: Uint32Array): Dealt {
  const count = kind.length;
  const seeds = [0, 1].map(() => Math.floor(Math.random() * 2 ** 31) * 2 + 1);
  const [seed, other] = [seeds[0]!, seeds[1]!];
  const parts = 2 ** Math.ceil(Math.log2(Math.min(MOST_PARTS, Math.max(1, count / PART))));
  const partOf = (low: number): number => (low >>> 16) & (parts - 1);
  const mixLow = (a: number, b: number): number => Math.imul(a ^ Math.imul(b ^ (b >>> 15), other), seed) >>> 0;
  const start = new Uint32Array(parts + 1);
  for (let i = 0; i < count; i++) start[partOf(mixLow(hash[i * 2]!, hash[i * 2 + 1]!)) + 1]!++;
  for (let part = 1; part <= parts; part++) start[part]! += start[part - 1]!;
  const next = start.slice();
  const [entry, low, high, its] = [scratchU32(count), scratchU32(count), scratchU32(count), scratchU32(count)];
  for (let i = 0; i < count; i++) {
    const mixed = mixLow(hash[i * 2]!, hash[i * 2 + 1]!);
    const at = next[partOf(mixed)]!++;
    entry[at] = i;
    low[at] = mixed;
    high[at] = hash[i * 2 + 1]!;
    its[at] = kind[i]!;
  }
  return { entry, low, high, its, start };
}

/** Never 0: that means "not in the dump". */
function checkOf(low: number, high: number): number {
  const folded = low ^ (low >>> 16) ^ high ^ (high >>> 16);
  return folded & 0xffff || 1;
}
