/**
 * Typed arrays by purpose: shared ones live as long as a stored graph, scratch ones can be freed explicitly. V8 does not count shared memory
 * when it decides whether to collect: what lives shorter is not shared.
 */

/**
 * glibc gives freed memory back to the system at once if it was more than its highest threshold for `mmap`, 32 MiB; smaller blocks leave
 * holes, which were a fifth of an import's peak. Pages that are never written cost nothing.
 */
const RETURNED = 33 * 1024 * 1024;
const LARGE = 8 * 1024 * 1024;

/** Bytes to allocate for so many, so that they return to the system once they are freed. */
function roomFor(bytes: number): number {
  return bytes < LARGE || process.platform !== 'linux' ? bytes : Math.max(bytes, RETURNED);
}

function scratch(bytes: number): ArrayBuffer {
  return new ArrayBuffer(roomFor(bytes));
}

function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(roomFor(bytes));
}

export function scratchU32(length: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(scratch(length * 4), 0, length);
}

export function scratchU16(length: number): Uint16Array<ArrayBuffer> {
  return new Uint16Array(scratch(length * 2), 0, length);
}

export function scratchU8(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(scratch(length), 0, length);
}

export function scratchF64(length: number): Float64Array<ArrayBuffer> {
  return new Float64Array(scratch(length * 8), 0, length);
}

export function sharedU32(length: number): Uint32Array<SharedArrayBuffer> {
  return new Uint32Array(shared(length * 4), 0, length);
}

export function sharedU16(length: number): Uint16Array<SharedArrayBuffer> {
  return new Uint16Array(shared(length * 2), 0, length);
}

export function sharedU8(length: number): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(shared(length), 0, length);
}

export function sharedF64(length: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(shared(length * 8), 0, length);
}

/** The column with `length` numbers, in its own memory where its buffer has room; the new ones have any value. The column is consumed. */
export function widened(column: Uint32Array, length: number): Uint32Array {
  if (column.byteOffset + length * 4 <= column.buffer.byteLength) return new Uint32Array(column.buffer, column.byteOffset, length);
  const wider = scratchU32(length);
  wider.set(column);
  release(column);
  return wider;
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
