import type { Samples } from './sample-tables.ts';

/** Decoded chunks, the least recently used given up first. Bounded in bytes. */
export class ChunkCache {
  readonly #limit: number;
  readonly #chunks = new Map<number, Samples>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(id: number): Samples | undefined {
    const samples = this.#chunks.get(id);
    if (samples !== undefined) {
      this.#chunks.delete(id);
      this.#chunks.set(id, samples);
    }
    return samples;
  }

  set(id: number, samples: Samples): void {
    this.#forget(id);
    this.#chunks.set(id, samples);
    this.#bytes += sizeOf(samples);
    for (const oldest of this.#chunks.keys()) {
      if (this.#bytes <= this.#limit) break;
      this.#forget(oldest);
    }
  }

  clear(): void {
    this.#chunks.clear();
    this.#bytes = 0;
  }

  #forget(id: number): void {
    const samples = this.#chunks.get(id);
    if (samples === undefined) return;
    this.#chunks.delete(id);
    this.#bytes -= sizeOf(samples);
  }
}

function sizeOf({ t, values }: Samples): number {
  return t.byteLength + values.byteLength;
}
