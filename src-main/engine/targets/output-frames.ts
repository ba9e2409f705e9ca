const HEAD = 6;

/** Messages of the output keeper; kinds and layout are in `output_keeper.py`. */
export interface Frame {
  kind: string;
  /** 1: output, 2: errors. */
  stream: number;
  data: Buffer;
}

/** Splits a byte stream into frames. */
export class FrameReader {
  onFrame: (frame: Frame) => void = () => undefined;
  #held: Buffer[] = [];
  #bytes = 0;

  push(piece: Buffer): void {
    this.#held.push(piece);
    this.#bytes += piece.length;
    while (this.#bytes >= HEAD) {
      // Joined only when a frame is complete: one of 64 KiB arrives in several pieces.
      const head = this.#peek(HEAD);
      const length = HEAD + head.readUInt32LE(2);
      if (this.#bytes < length) return;
      const frame = this.#read(length);
      this.onFrame({ kind: String.fromCharCode(frame[0] ?? 0), stream: frame[1] ?? 0, data: frame.subarray(HEAD) });
    }
  }

  #peek(count: number): Buffer {
    const [first] = this.#held;
    if (first === undefined || first.length >= count) return first ?? Buffer.alloc(0);
    this.#held = [Buffer.concat(this.#held, this.#bytes)];
    return this.#held[0]!;
  }

  #read(count: number): Buffer {
    const all = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held, this.#bytes);
    this.#held = all.length > count ? [all.subarray(count)] : [];
    this.#bytes -= count;
    return all.subarray(0, count);
  }
}
