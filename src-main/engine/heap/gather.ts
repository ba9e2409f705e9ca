/**
 * Columns of the dump in the order of the graph. With two synthetic nodes and the objects `a b c`, where the dominator
 * tree orders `super modules b a` and `c` was left out:
 *
 *     origin   3 4 1 0        by node of the graph: object of the dump; synthetic nodes come behind the objects
 *     target   3 2 NONE 0 1   the inverse; NONE: not in the graph
 *     size     0 0 64 56
 */
import { FLAG, NONE } from './graph.ts';
import type { ArrayFacts, SparseNumbers, SparseStrings, WeakEdges } from './graph.ts';
import { release, scratchF64, scratchU16, scratchU32, sharedF64, sharedU32, sharedU8 } from './memory.ts';
import type { RawArrays, RawStrings } from './raw-heap.ts';
import { orderBy } from './order.ts';
import type { RawWeakEdges } from './split-edges.ts';
import { pickStrings } from './strings.ts';

export interface Placing {
  readonly nodes: number;
  readonly origin: Uint32Array;
  readonly target: Uint32Array;
}

/** A column of the objects; synthetic nodes get `synthetic`. The dump's column is freed. */
export function gatherU32(column: Uint32Array, { nodes, origin }: Placing, synthetic: number): Uint32Array {
  const gathered = scratchU32(nodes);
  for (let node = 0; node < nodes; node++) gathered[node] = origin[node]! < column.length ? column[origin[node]!]! : synthetic;
  release(column);
  return gathered;
}

/** Pairs of halves to numbers. */
export function gatherAddresses(pairs: Uint32Array, { nodes, origin }: Placing): Float64Array {
  const address = scratchF64(nodes);
  for (let node = 0; node < nodes; node++) {
    const from = origin[node]!;
    if (from * 2 < pairs.length) address[node] = pairs[from * 2]! + pairs[from * 2 + 1]! * 2 ** 32;
  }
  release(pairs);
  return address;
}

/** The dump's flags; of the graph's own, only `synthetic`. */
export function gatherFlags(column: Uint8Array, { nodes, origin }: Placing): Uint16Array {
  const flags = scratchU16(nodes);
  // The dump must not set bit 7.
  for (let node = 0; node < nodes; node++) flags[node] = origin[node]! < column.length ? column[origin[node]!]! & 127 : FLAG.synthetic;
  release(column);
  return flags;
}

/** Entries per node from which on one look at all nodes takes less than sorting the entries. */
const MANY = 1 / 16;

/** By node, its entry in a table that is in any order, plus 1; 0: it has none. Of several for one node, the first. */
function entryOfNode(objects: Uint32Array, { nodes, target }: Placing): Uint32Array {
  const entryOf = scratchU32(nodes);
  for (let i = objects.length - 1; i >= 0; i--) {
    const node = objects[i] === NONE ? NONE : target[objects[i]!]!;
    if (node !== NONE) entryOf[node] = i + 1;
  }
  return entryOf;
}

/** Which entries of a sparse table stay, sorted by their node; of several for one node, the first. */
export function placeEntries(objects: Uint32Array, placing: Placing): { entries: Uint32Array; node: Uint32Array } {
  return objects.length > placing.nodes * MANY ? placeMany(objects, placing) : placeFew(objects, placing);
}

function placeMany(objects: Uint32Array, placing: Placing): { entries: Uint32Array; node: Uint32Array } {
  const entryOf = entryOfNode(objects, placing);
  let kept = 0;
  for (let node = 0; node < entryOf.length; node++) if (entryOf[node] !== 0) kept++;
  const entries = scratchU32(kept);
  const node = sharedU32(kept);
  for (let each = 0, at = 0; each < entryOf.length; each++) {
    if (entryOf[each] === 0) continue;
    entries[at] = entryOf[each]! - 1;
    node[at++] = each;
  }
  release(entryOf);
  return { entries, node };
}

function placeFew(objects: Uint32Array, { target }: Placing): { entries: Uint32Array; node: Uint32Array } {
  const placed = new Uint32Array(objects.length);
  for (let i = 0; i < placed.length; i++) placed[i] = objects[i] === NONE ? NONE : target[objects[i]!]!;
  const order = orderBy({ low: placed.slice(), high: null }, false);
  let kept = 0;
  for (let i = 0; i < order.length; i++) {
    const node = placed[order[i]!]!;
    if (node !== NONE && (kept === 0 || placed[order[kept - 1]!] !== node)) order[kept++] = order[i]!;
  }
  const entries = order.subarray(0, kept);
  const node = sharedU32(kept);
  for (let i = 0; i < kept; i++) node[i] = placed[entries[i]!]!;
  return { entries, node };
}

export function gatherNumbers(raw: { node: Uint32Array; value: Float64Array }, placing: Placing): SparseNumbers {
  const { entries, node } = placeEntries(raw.node, placing);
  return { node, value: pickF64(raw.value, entries) };
}

export function gatherStrings(raw: RawStrings, placing: Placing): SparseStrings {
  const { entries, node } = placeEntries(raw.node, placing);
  return { node, strings: pickStrings(raw.strings, entries) };
}

export function gatherArrays(raw: RawArrays, placing: Placing): ArrayFacts {
  const { entries, node } = placeEntries(raw.node, placing);
  const owns = sharedU8(entries.length);
  for (let i = 0; i < entries.length; i++) owns[i] = raw.owns[entries[i]!]!;
  return { node, bytes: pickF64(raw.bytes, entries), owns, dtype: pickStrings(raw.dtype, entries), shape: pickStrings(raw.shape, entries) };
}

/** `missing` and `agent`: the placeholder nodes for objects that are not in the graph. */
export function gatherWeak(raw: RawWeakEdges, { target }: Placing, missing: number, agent: number): WeakEdges {
  const from = new Uint32Array(raw.node.length);
  for (let i = 0; i < from.length; i++) from[i] = target[raw.node[i]!]!;
  const order = orderBy({ low: from.slice(), high: null }, false);
  let kept = 0;
  while (kept < order.length && from[order[kept]!] !== NONE) kept++;
  const weak = { node: sharedU32(kept), place: sharedU32(kept), to: sharedU32(kept) };
  for (let i = 0; i < kept; i++) {
    const entry = order[i]!;
    const to = raw.to[entry]!;
    weak.node[i] = from[entry]!;
    weak.place[i] = raw.place[entry]!;
    const placed = to === NONE ? missing : target[to]!;
    weak.to[i] = placed === NONE ? agent : placed;
  }
  return weak;
}

function pickF64(values: Float64Array, entries: Uint32Array): Float64Array {
  const picked = sharedF64(entries.length);
  for (let i = 0; i < entries.length; i++) picked[i] = values[entries[i]!]!;
  return picked;
}
