/**
 * A column that comes in parts: kept as it comes, joined once its length is known. Parts of 2, 1 and 2 numbers:
 *
 *     parts   [7 8] [9] [4 5]
 *     joined  7 8 9 4 5
 */
import { release } from './memory.ts';

export class U32Column {
  length = 0;
  #parts: Uint32Array[] = [];

  push(part: Uint32Array): void {
    this.length += part.length;
    this.#parts.push(part);
  }

  /** The whole column, as scratch; the parts are gone. */
  join(): Uint32Array<ArrayBuffer> {
    const whole = new Uint32Array(this.length);
    let at = 0;
    for (const part of this.take()) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  /** The parts one by one; each is given back to memory before the next comes. */
  *take(): Generator<Uint32Array> {
    const parts = this.#parts;
    this.#parts = [];
    this.length = 0;
    for (const part of parts) {
      yield part;
      release(part);
    }
  }
}

export class U8Column {
  length = 0;
  #parts: Uint8Array[] = [];

  push(part: Uint8Array): void {
    this.length += part.length;
    this.#parts.push(part);
  }

  join(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
      release(part);
    }
    this.#parts = [];
    return whole;
  }
}

/** `count` numbers from `offset` of bytes that may lie anywhere, as a copy of their own. */
export function copyU32(body: Uint8Array, offset: number, count: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint8Array(count * 4);
  copy.set(body.subarray(offset, offset + count * 4));
  return new Uint32Array(copy.buffer);
}

export function copyU8(body: Uint8Array, offset: number, count: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(count);
  copy.set(body.subarray(offset, offset + count));
  return copy;
}
