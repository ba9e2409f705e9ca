/** Little-endian bytes, growing. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  u8(value: number): this {
    return this.#number(1, (view, at) => view.setUint8(at, value));
  }

  u16(value: number): this {
    return this.#number(2, (view, at) => view.setUint16(at, value, true));
  }

  u32(value: number): this {
    return this.#number(4, (view, at) => view.setUint32(at, value, true));
  }

  u64(value: number | bigint): this {
    return this.#number(8, (view, at) => view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true));
  }

  raw(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  string(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.u16(bytes.length).raw(bytes);
  }

  get length(): number {
    return this.#length;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #number(size: number, write: (view: DataView, at: number) => void): this {
    this.#room(size);
    write(new DataView(this.#bytes.buffer), this.#length);
    this.#length += size;
    return this;
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const wider = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + size));
    wider.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = wider;
  }
}
