import type { Samples } from './sample-tables.ts';

/**
 * Decoded chunks, bounded in bytes. Two generations: a chunk that is used moves into the young one; when that is half the limit, it becomes
 * the old one, and the previous old one is dropped. Nearly as good as "least recently used", and a hit costs one lookup.
 */
export class ChunkCache {
  readonly #limit: number;
  #young = new Map<number, Samples>();
  #old = new Map<number, Samples>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(id: number): Samples | undefined {
    const young = this.#young.get(id);
    if (young !== undefined) return young;
    const old = this.#old.get(id);
    if (old !== undefined) this.set(id, old);
    return old;
  }

  set(id: number, samples: Samples): void {
    this.#young.set(id, samples);
    this.#bytes += samples.t.byteLength + samples.values.byteLength;
    if (this.#bytes <= this.#limit / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#bytes = 0;
  }
}
