import { BoundedCache } from '../base/bounded-cache.ts';
import { sumsOf, type EpochRows, type PartSums, type StoredTrack } from '../project/index.ts';

/** Of sums that are remembered: a day of one busy process. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Sums of parts that were read last; parts never change. */
export type SumsCache = BoundedCache<string, PartSums>;

export const sumsCache = (): SumsCache => new BoundedCache(MOST_BYTES, sizeOf);

function sizeOf({ times, node, earlier, birth }: PartSums): number {
  return 8 * (2 * times.length + 7 * node.length + 5 * earlier.node.length + 2 * birth.length) + 500;
}

/** A stretch of epochs, as sums or row by row. */
export interface Stretch {
  /** Its number as `PartSums.earlier.part` has it. */
  part: number;
  sums: PartSums;
  /** null: damaged. */
  rows(): EpochRows | null;
}

/** The stretches of a track from its start: what is here stays the same, whatever is recorded meanwhile. */
export class TrackReader {
  readonly track: StoredTrack;
  readonly #loose: readonly EpochRows[];
  readonly #cache: SumsCache;

  constructor(track: StoredTrack, cache: SumsCache) {
    this.track = track;
    this.#loose = track.loose();
    this.#cache = cache;
  }

  *stretches(): Generator<Stretch> {
    const { key, parts } = this.track;
    const firsts: { part: number; first: number }[] = [];
    for (const part of parts) {
      const sums = this.#sums(`${key} ${part}`, part);
      if (sums === null) continue;
      firsts.push({ part, first: sums.first });
      yield { part, sums, rows: () => this.track.rows(part) };
    }
    for (const [i, rows] of this.#loose.entries()) {
      const part = (parts.at(-1) ?? -1) + 1 + i;
      firsts.push({ part, first: rows.first });
      const partOf = (epoch: number): number => firsts.findLast(({ first }) => first <= epoch)?.part ?? -1;
      yield { part, sums: sumsOf(rows, partOf), rows: () => rows };
    }
  }

  /** null: damaged. */
  #sums(key: string, part: number): PartSums | null {
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const sums = this.track.sums(part);
    if (sums !== null) this.#cache.set(key, sums);
    return sums;
  }
}
