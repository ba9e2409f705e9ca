/**
 * Many strings in one buffer, so that workers share them. "ab", "", "c":
 *
 *     start  0 2 2 3
 *     bytes  a b c
 */
import { HeapscopeError } from '../base/errors.ts';
import type { SparseStrings, Strings } from './graph.ts';
import { sharedU32, sharedU8, U32Stack } from './memory.ts';

const LONGEST = 2 ** 31;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** String `index`; invalid UTF-8 becomes U+FFFD. */
export function stringAt(strings: Strings, index: number): string {
  // A decoder refuses shared memory, so one short string is copied.
  return decoder.decode(strings.bytes.slice(strings.start[index], strings.start[index + 1]));
}

/** The string of a node, or null. */
export function stringOf(strings: SparseStrings, node: number): string | null {
  const index = indexOf(strings.node, node);
  return index < 0 ? null : stringAt(strings.strings, index);
}

/** Index of `value` in an ascending array, or -1. */
export function indexOf(sorted: Uint32Array, value: number): number {
  const index = lowerBound(sorted, value);
  return index < sorted.length && sorted[index] === value ? index : -1;
}

/** The first index whose number is not below `value`. */
export function lowerBound(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Collects strings as bytes, in order. */
export class StringSink {
  readonly #start = new U32Stack();
  #bytes = new Uint8Array(4096);
  #used = 0;

  get count(): number {
    return this.#start.length;
  }

  push(bytes: Uint8Array): void {
    const end = this.#used + bytes.length;
    if (end > LONGEST) throw new HeapscopeError('snapshot.limit', { detail: 'strings of more than 2 GiB' });
    this.#start.push(this.#used);
    if (end > this.#bytes.length) this.#grow(end);
    this.#bytes.set(bytes, this.#used);
    this.#used = end;
  }

  pushText(text: string): void {
    this.push(encoder.encode(text));
  }

  finish(): Strings {
    this.#start.push(this.#used);
    const bytes = sharedU8(this.#used);
    bytes.set(this.#bytes.subarray(0, this.#used));
    return { start: this.#start.toShared(), bytes };
  }

  #grow(needed: number): void {
    const wider = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    wider.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = wider;
  }
}

/** The strings in another order: string `i` of the result is `order[i]` of the given ones. */
export function pickStrings(strings: Strings, order: Uint32Array): Strings {
  const start = sharedU32(order.length + 1);
  let used = 0;
  for (let i = 0; i < order.length; i++) {
    start[i] = used;
    used += strings.start[order[i]! + 1]! - strings.start[order[i]!]!;
  }
  start[order.length] = used;
  const bytes = sharedU8(used);
  for (let i = 0; i < order.length; i++) {
    bytes.set(strings.bytes.subarray(strings.start[order[i]!], strings.start[order[i]! + 1]), start[i]);
  }
  return { start, bytes };
}
