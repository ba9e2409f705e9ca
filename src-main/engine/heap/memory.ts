/** Typed arrays by purpose: shared ones live as long as the graph, scratch ones are freed explicitly. */

export function sharedU32(length: number): Uint32Array<SharedArrayBuffer> {
  return new Uint32Array(new SharedArrayBuffer(length * 4));
}

export function sharedU16(length: number): Uint16Array<SharedArrayBuffer> {
  return new Uint16Array(new SharedArrayBuffer(length * 2));
}

export function sharedU8(length: number): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(new SharedArrayBuffer(length));
}

export function sharedF64(length: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(length * 8));
}

/**
 * Frees the memory of a scratch array at once. The collector would free it too, but only when it next runs: with a gigabyte of them the
 * peak decides whether a snapshot fits. The array is empty afterwards; shared memory stays.
 */
export function release(...arrays: readonly (ArrayBufferView | null)[]): void {
  for (const array of arrays) {
    if (array !== null && array.buffer instanceof ArrayBuffer && !array.buffer.detached) array.buffer.transfer(0);
  }
}

/** A growing stack of numbers, for searches as deep as the heap: the call stack would overflow. */
export class U32Stack {
  length = 0;
  #items = new Uint32Array(1024);

  push(value: number): void {
    if (this.length === this.#items.length) this.#grow();
    this.#items[this.length++] = value;
  }

  /** The stack must not be empty. */
  pop(): number {
    return this.#items[--this.length]!;
  }

  /** A copy of the stack's content. */
  toArray(): Uint32Array<ArrayBuffer> {
    return this.#items.slice(0, this.length);
  }

  toShared(): Uint32Array<SharedArrayBuffer> {
    const shared = sharedU32(this.length);
    shared.set(this.#items.subarray(0, this.length));
    return shared;
  }

  #grow(): void {
    const wider = new Uint32Array(this.#items.length * 2);
    wider.set(this.#items);
    release(this.#items);
    this.#items = wider;
  }
}
