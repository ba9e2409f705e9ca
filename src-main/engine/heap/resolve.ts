/**
 * References of a dump to ordinals of its nodes.
 *
 * If references are node numbers, only their range is checked; 0xFFFFFFFF means "no node". If they are addresses (the pure-Python walk), an
 * open-addressing hash table over the nodes' addresses is used; an address may occur twice, and the first one counts. Five nodes
 * at `a b a c d`:
 *
 *     ordinals   a 0 · b 1 · c 2 · d 3      dropped  node 2
 */
import { NONE } from './graph.ts';
import { damaged } from './block-reader.ts';
import type { U32Column } from './columns.ts';
import { release, scratchU32, scratchU8 } from './memory.ts';

export interface Resolver {
  /** Nodes that are kept. */
  readonly nodes: number;
  /** Marks nodes of the dump that describe an object a second time; null: none does. */
  readonly repeated: Uint8Array | null;
  /** The ordinals of all references in a column, which is consumed; `NONE` if there is no such node. */
  resolve(column: Uint32Array): Resolved;
  resolveParts(column: U32Column): Resolved;
  dispose(): void;
}

interface Resolved {
  readonly to: Uint32Array;
  /** How many are `NONE`. */
  readonly missing: number;
}

export function ordinalResolver(nodes: number): Resolver {
  const resolve = (column: Uint32Array): Resolved => ({ to: column, missing: missingIn(column, nodes) });
  return {
    nodes,
    repeated: null,
    resolve,
    resolveParts: (column) => resolve(column.join()),
    dispose: () => undefined,
  };
}

function missingIn(column: Uint32Array, nodes: number): number {
  let missing = 0;
  for (let i = 0; i < column.length; i++) {
    if (column[i]! < nodes) continue;
    if (column[i] !== NONE) throw damaged(`a reference to node ${column[i]} of ${nodes}`);
    missing++;
  }
  return missing;
}

/** `address`: low and high half of each node's address, side by side. */
export function addressResolver(address: Uint32Array): Resolver {
  const index = new AddressIndex(address);
  return {
    nodes: index.kept,
    repeated: index.kept * 2 === address.length ? null : index.repeated,
    resolve: (column) => {
      const to = scratchU32(column.length / 2);
      const missing = index.findAll(column, to, 0);
      release(column);
      return { to, missing };
    },
    resolveParts: (column) => {
      const to = scratchU32(column.length / 2);
      let missing = 0;
      let at = 0;
      for (const part of column.take()) {
        missing += index.findAll(part, to, at);
        at += part.length / 2;
      }
      return { to, missing };
    },
    dispose: () => index.dispose(),
  };
}

/** Slots hold ordinal + 1; keys are compared in the nodes' own column. */
class AddressIndex {
  kept = 0;
  readonly repeated: Uint8Array;
  readonly #address: Uint32Array;
  readonly #slots: Uint32Array;
  readonly #ordinals: Uint32Array;
  readonly #mask: number;
  /** Random each time: a dump cannot be crafted so that its addresses collide. */
  readonly #seed = Math.floor(Math.random() * 2 ** 31) * 2 + 1;

  constructor(address: Uint32Array) {
    const nodes = address.length / 2;
    this.#address = address;
    const size = 2 ** Math.ceil(Math.log2(Math.max(64, nodes * 2)));
    this.#mask = size - 1;
    this.#slots = scratchU32(size);
    this.#ordinals = scratchU32(nodes);
    this.repeated = scratchU8(nodes);
    for (let node = 0; node < nodes; node++) {
      const slot = this.#slot(address[node * 2]!, address[node * 2 + 1]!);
      if (this.#slots[slot] === 0) {
        this.#slots[slot] = node + 1;
        this.#ordinals[node] = this.kept++;
      } else this.repeated[node] = 1;
    }
  }

  /** From `into[at]` on; returns how many are not found. */
  findAll(column: Uint32Array, into: Uint32Array, at: number): number {
    let missing = 0;
    for (let i = 0; i * 2 < column.length; i++) {
      const found = this.#slots[this.#slot(column[i * 2]!, column[i * 2 + 1]!)]!;
      if (found === 0) missing++;
      into[at + i] = found === 0 ? NONE : this.#ordinals[found - 1]!;
    }
    return missing;
  }

  dispose(): void {
    release(this.#slots, this.#ordinals, this.repeated);
  }

  /** Neighbours in memory stay neighbours in the table: a kilobyte of addresses is one run of slots. */
  #slot(low: number, high: number): number {
    const page = Math.imul((low >>> 10) ^ Math.imul(high, 0x85ebca6b), this.#seed);
    let slot = ((page ^ (page >>> 15)) + (low >>> 4)) & this.#mask;
    for (;;) {
      const found = this.#slots[slot]!;
      if (found === 0) return slot;
      if (this.#address[found * 2 - 2] === low && this.#address[found * 2 - 1] === high) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}
