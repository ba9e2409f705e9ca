import type { SeriesId, SessionTime } from '../../../src-preload/contract/index.ts';
import { F64Vector } from './f64-vector.ts';
import { Blocks, CHUNK, upperBound, type PieceVisitor, type SampleSource } from './pyramid.ts';
import type { ChunkEntry, Samples } from './sample-tables.ts';

/** A sealed stretch of a series: a chunk, or the place of chunks that are damaged. */
type Stretch = { first: number; n: number; entry: ChunkEntry } | { first: number; n: number; entry: null; t: SessionTime };

/**
 * One series in memory: the index of its sealed chunks, the blocks over all samples, and the tail that is not sealed yet.
 * Writer and readers share it, so that appended samples are visible at once, in the file or not.
 *
 *     ordinals  0 ‥ 4095 | 4096 ‥ 8191 | 8192 ‥ 8400 | 8401 ‥
 *               chunk 0    chunk 1       tail: fragments in the file, then samples of memory only (from `flushed` on)
 */
export class SeriesReader implements SampleSource {
  readonly id: SeriesId;
  readonly blocks = new Blocks();
  /** Ordinal of the first sample of the tail. */
  sealed = 0;
  /** Ordinal of the first sample that is not in the file. */
  flushed = 0;
  /** Rows of the file with the flushed part of the tail, if this process wrote them. */
  fragments: number[] = [];
  readonly #tailT = new F64Vector();
  readonly #tailValues = new F64Vector();
  readonly #stretches: Stretch[] = [];
  readonly #firsts = new F64Vector();
  readonly #fetch: (entry: ChunkEntry) => Samples | null;

  /** `fetch` returns a chunk's samples; null if they are damaged. */
  constructor(id: SeriesId, fetch: (entry: ChunkEntry) => Samples | null) {
    this.id = id;
    this.#fetch = fetch;
  }

  /** Ordinal after the last sample. */
  get total(): number {
    return this.sealed + this.#tailT.length;
  }

  get lastTime(): SessionTime | null {
    return this.blocks.length === 0 ? null : this.blocks.t1.at(this.blocks.length - 1);
  }

  /** Sealed chunks in order. */
  get chunks(): ChunkEntry[] {
    return this.#stretches.flatMap(({ entry }) => entry ?? []);
  }

  /** Adds a sample. Times are whole milliseconds that never decrease; a non-finite value is a gap. */
  append(t: SessionTime, value: number): void {
    const time = Math.max(0, this.lastTime ?? 0, Math.round(t) || 0);
    const known = Number.isFinite(value) ? value : NaN;
    if (this.#tailT.length % CHUNK === 0) this.blocks.close();
    this.#tailT.push(time);
    this.#tailValues.push(known);
    this.blocks.add(time, known);
  }

  /** The samples of the tail between two ordinals. A view of memory: valid until the next append. */
  tail(from: number, to: number): Samples {
    const [a, b] = [from - this.sealed, to - this.sealed];
    return { t: this.#tailT.view(a, b), values: this.#tailValues.view(a, b) };
  }

  /** The first samples of the tail are now in this chunk. */
  seal(entry: ChunkEntry): void {
    this.#addStretch({ first: entry.first, n: entry.n, entry });
    this.#tailT.dropFirst(entry.n);
    this.#tailValues.dropFirst(entry.n);
    this.sealed += entry.n;
  }

  /**
   * Adds a chunk from the file, sealed by another process or an earlier one. `addBlocks` adds its blocks and returns whether they were
   * intact. Samples of the tail after the chunk stay.
   */
  addSealed(entry: ChunkEntry, addBlocks: (blocks: Blocks) => boolean): void {
    if (entry.first < this.sealed) return;
    const end = entry.first + entry.n;
    const after = end < this.total ? this.tail(end, this.total) : null;
    const kept = after === null ? null : { t: after.t.slice(), values: after.values.slice() };
    this.#tailT.truncate(0);
    this.#tailValues.truncate(0);
    this.blocks.truncate(this.sealed);
    if (entry.first > this.sealed) this.#lose(entry.first);
    if (addBlocks(this.blocks)) this.#addStretch({ first: entry.first, n: entry.n, entry });
    else this.#lose(end);
    this.sealed = this.flushed = end;
    if (kept !== null) this.addFragment(end, kept);
  }

  /** Adds samples from the file, the first of them with this ordinal; known ones are skipped. False: they cannot belong here. */
  addFragment(first: number, { t, values }: Samples): boolean {
    if (first > this.sealed + CHUNK || this.total + t.length > this.sealed + 2 * CHUNK) return false;
    while (this.total < first) this.append(t[0]!, NaN);
    for (let i = this.total - first; i < t.length; i++) this.append(t[i]!, values[i]!);
    this.flushed = this.total;
    return true;
  }

  forEachPiece(fromBlock: number, toBlock: number, visit: PieceVisitor): void {
    if (fromBlock >= toBlock) return;
    const from = this.blocks.first.at(fromBlock);
    const to = toBlock < this.blocks.length ? this.blocks.first.at(toBlock) : this.blocks.next;
    for (let i = Math.max(0, upperBound(this.#firsts.view(), from) - 1); i < this.#stretches.length; i++) {
      const stretch = this.#stretches[i]!;
      if (stretch.first >= to) break;
      this.#visitStretch(stretch, Math.max(0, from - stretch.first), Math.min(stretch.n, to - stretch.first), visit);
    }
    if (to > this.sealed) visit(this.#tailT.view(), this.#tailValues.view(), Math.max(0, from - this.sealed), to - this.sealed);
  }

  /** A chunk found to be damaged becomes a gap: one NaN where it began. */
  #visitStretch(stretch: Stretch, start: number, end: number, visit: PieceVisitor): void {
    if (start >= end) return;
    const samples = stretch.entry === null ? null : this.#fetch(stretch.entry);
    if (samples !== null) return visit(samples.t, samples.values, start, end);
    const t = stretch.entry === null ? stretch.t : this.blocks.t0.at(this.blocks.blockStartingAt(stretch.first));
    visit(Float64Array.of(t), Float64Array.of(NaN), 0, 1);
  }

  /** The samples from the sealed ones up to `ordinal` are lost: a gap replaces them. */
  #lose(ordinal: number): void {
    const t = this.lastTime ?? 0;
    const first = this.blocks.next;
    this.#addStretch({ first, n: ordinal - first, entry: null, t });
    const [time, none] = [Float64Array.of(t), Float64Array.of(NaN)];
    this.blocks.addBlocks({ t0: time, t1: time, min: none, max: none, sum: none, count: Float64Array.of(ordinal - first) });
  }

  #addStretch(stretch: Stretch): void {
    this.#stretches.push(stretch);
    this.#firsts.push(stretch.first);
  }
}
