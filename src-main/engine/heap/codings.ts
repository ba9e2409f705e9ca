/**
 * Transforms a column before it is packed, so that its numbers become small or similar; and the inverse.
 *
 *     plain     3 3 9         3 3 9
 *     delta     4 7 9         4 3 2          starts of lists, sorted nodes
 *     address   a of 4096 4160 4112   512 8 -6 → 1025 17 12     steps of 8 bytes, odd where they lead up; 0 stays 0
 *     edges     of node 10: 11 99000 → 2 198001    near ones ahead by their distance, even; the others by number, odd
 */
import { scratchU32, sharedF64 } from './memory.ts';

export type Coding = 'plain' | 'delta' | 'address' | 'edges';

/** Distances below this are near. */
const NEAR = 2 ** 15;

/** Differences; they overwrite the copy of the column that is being packed. */
export function differences(column: Uint32Array): Uint32Array {
  const coded = scratchU32(column.length);
  for (let i = 0, before = 0; i < column.length; i++) {
    coded[i] = column[i]! - before;
    before = column[i]!;
  }
  return coded;
}

/** In place. Sums wrap at 2^32: callers that need an order check it. */
export function sums(column: Uint32Array): void {
  for (let i = 1; i < column.length; i++) column[i] = column[i]! + column[i - 1]!;
}

/** What all addresses are multiples of. */
export function addressUnit(address: Float64Array): number {
  for (let i = 0; i < address.length; i++) if (address[i]! % 8 !== 0) return 1;
  return 8;
}

/** Addresses as steps from the previous one, interleaved low and high half. */
export function addressSteps(address: Float64Array, unit: number): Uint32Array {
  const steps = scratchU32(address.length * 2);
  for (let i = 0, before = 0; i < address.length; i++) {
    if (address[i] === 0) continue;
    const step = (address[i]! - before) / unit;
    // 0 means "no address": steps are coded from 1 on.
    const code = step < 0 ? -step * 2 : step * 2 + 1;
    steps[i * 2] = code >>> 0;
    steps[i * 2 + 1] = Math.floor(code / 2 ** 32);
    before = address[i]!;
  }
  return steps;
}

export function addressesFrom(steps: Uint32Array, unit: number): Float64Array {
  const address = sharedF64(steps.length / 2);
  const half = unit / 2;
  for (let i = 0, before = 0; i < address.length; i++) {
    const low = steps[i * 2]!;
    const code = low + steps[i * 2 + 1]! * 2 ** 32;
    if (code === 0) continue;
    before += ((low & 1) === 0 ? -code : code - 1) * half;
    address[i] = before;
  }
  return address;
}

/** Targets of each node's edges. Nodes are fewer than 2^31: the lowest bit is free. */
export function codeEdges(edgeStart: Uint32Array, edgeTo: Uint32Array): Uint32Array {
  const coded = scratchU32(edgeTo.length);
  for (let node = 0; node + 1 < edgeStart.length; node++) {
    for (let i = edgeStart[node]!, end = edgeStart[node + 1]!; i < end; i++) {
      const distance = edgeTo[i]! - node;
      coded[i] = distance > 0 && distance < NEAR ? distance * 2 : edgeTo[i]! * 2 + 1;
    }
  }
  return coded;
}

/** In place; the starts are already checked. */
export function decodeEdges(edgeStart: Uint32Array, edges: Uint32Array): void {
  for (let node = 0; node + 1 < edgeStart.length; node++) {
    for (let i = edgeStart[node]!, end = edgeStart[node + 1]!; i < end; i++) {
      const code = edges[i]!;
      edges[i] = (code & 1) === 0 ? node + (code >>> 1) : code >>> 1;
    }
  }
}
