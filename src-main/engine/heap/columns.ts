/**
 * A column that comes in parts: kept in a few large segments, joined once its length is known. Parts of 2, 1 and 2 numbers,
 * where a segment takes 4:
 *
 *     segments  [7 8 9 4] [5 - - -]
 *     joined    7 8 9 4 5
 *
 * If its length is known before, it has one segment, and nothing is copied.
 *
 * Segments are large enough that the allocator returns each to the system when it is freed: with thousands of small parts a fifth of the
 * peak would be freed memory that is still held.
 */
import { release, scratchU8 } from './memory.ts';

/**
 * Small heaps first. The last size is above glibc's highest threshold for `mmap`, 32 MiB; its pages cost nothing until they are written.
 */
const SEGMENTS = [4096, 128 * 1024, 2 * 1024 * 1024, 48 * 1024 * 1024];

class Segments {
  bytes = 0;
  #full: Uint8Array[] = [];
  #last = new Uint8Array(0);
  #used = 0;

  /** Before the first push: so many bytes will probably come. */
  expect(bytes: number): void {
    this.#last = scratchU8(bytes);
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#used === this.#last.length) this.#next();
      const part = bytes.subarray(at, at + this.#last.length - this.#used);
      this.#last.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
    }
    this.bytes += bytes.length;
  }

  /** One by one; each is freed before the next is allocated. */
  *take(): Generator<Uint8Array> {
    const segments = [...this.#full, this.#last.subarray(0, this.#used)];
    this.#full = [];
    this.#last = new Uint8Array(0);
    this.#used = this.bytes = 0;
    for (const segment of segments) {
      yield segment;
      release(segment);
    }
  }

  join(): Uint8Array<ArrayBuffer> {
    if (this.#full.length === 0) {
      const only = this.#last.subarray(0, this.#used);
      this.#last = new Uint8Array(0);
      this.#used = this.bytes = 0;
      return only;
    }
    const whole = scratchU8(this.bytes);
    let at = 0;
    for (const segment of this.take()) {
      whole.set(segment, at);
      at += segment.length;
    }
    return whole;
  }

  #next(): void {
    if (this.#last.length > 0) this.#full.push(this.#last);
    this.#last = new Uint8Array(SEGMENTS[Math.min(this.#full.length, SEGMENTS.length - 1)]!);
    this.#used = 0;
  }
}

export class U32Column {
  readonly #segments = new Segments();

  get length(): number {
    return this.#segments.bytes / 4;
  }

  /** Before the first push: so many numbers will probably come. */
  expect(length: number): void {
    this.#segments.expect(length * 4);
  }

  /** Numbers as bytes of any alignment; copied. */
  push(bytes: Uint8Array): void {
    this.#segments.push(bytes);
  }

  /** The whole column, as scratch memory; the parts are freed. */
  join(): Uint32Array<ArrayBuffer> {
    const { buffer, length } = this.#segments.join();
    return new Uint32Array(buffer, 0, length / 4);
  }

  /** Parts of even length, each freed when the next one comes. */
  *take(): Generator<Uint32Array> {
    for (const segment of this.#segments.take()) yield new Uint32Array(segment.buffer, segment.byteOffset, segment.length / 4);
  }
}

export class U8Column {
  readonly #segments = new Segments();

  get length(): number {
    return this.#segments.bytes;
  }

  expect(length: number): void {
    this.#segments.expect(length);
  }

  push(bytes: Uint8Array): void {
    this.#segments.push(bytes);
  }

  join(): Uint8Array<ArrayBuffer> {
    return this.#segments.join();
  }
}
