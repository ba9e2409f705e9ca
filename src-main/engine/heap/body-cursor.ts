/** Reads the body of one block; reading past its end means damage. */
import { damaged } from './block-reader.ts';

const decoder = new TextDecoder();

export class BodyCursor {
  readonly #body: Uint8Array;
  readonly #view: DataView;
  /** Position of the body in the file. */
  readonly #offset: number;
  #at = 0;

  constructor(body: Uint8Array, offset: number) {
    this.#body = body;
    this.#view = new DataView(body.buffer, body.byteOffset, body.length);
    this.#offset = offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  /** Above 2^53 the nearest double. */
  u64(): number {
    const at = this.#skip(8);
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32;
  }

  /** A view of the body: the caller must copy it to keep it. */
  bytes(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#body.subarray(at, at + length);
  }

  /** The bytes of a string. */
  stringBytes(): Uint8Array {
    return this.bytes(this.u16());
  }

  string(): string {
    return decoder.decode(this.stringBytes());
  }

  /** Checks that enough bytes exist before anything is allocated for them. */
  need(length: number): void {
    if (length > this.#body.length - this.#at) throw this.fault('a block is shorter than its entries');
  }

  end(): void {
    if (this.#at !== this.#body.length) throw this.fault('a block is longer than its entries');
  }

  fault(detail: string): Error {
    return damaged(detail, this.#offset + this.#at);
  }

  #skip(length: number): number {
    this.need(length);
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
