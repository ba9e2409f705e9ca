import type { Samples } from './sample-tables.ts';

/** Decoded chunks, bounded in bytes: of more, the least recently used go. A map keeps the order in which its keys were set. */
export class ChunkCache {
  readonly #limit: number;
  readonly #chunks = new Map<number, Samples>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(id: number): Samples | undefined {
    const samples = this.#chunks.get(id);
    if (samples === undefined) return undefined;
    this.#chunks.delete(id);
    this.#chunks.set(id, samples);
    return samples;
  }

  set(id: number, samples: Samples): void {
    this.#drop(id);
    this.#chunks.set(id, samples);
    this.#bytes += bytesOf(samples);
    for (const oldest of this.#chunks.keys()) {
      if (this.#bytes <= this.#limit) return;
      this.#drop(oldest);
    }
  }

  #drop(id: number): void {
    const samples = this.#chunks.get(id);
    if (samples === undefined) return;
    this.#bytes -= bytesOf(samples);
    this.#chunks.delete(id);
  }
}

const bytesOf = ({ t, values }: Samples): number => t.byteLength + values.byteLength;
