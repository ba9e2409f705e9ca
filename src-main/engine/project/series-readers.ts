import type { SeriesId, SeriesInfo } from '../../../src-preload/contract/index.ts';
import { ChunkCache } from './chunk-cache.ts';
import { CodecError } from './column-codec.ts';
import { CHUNK } from './pyramid.ts';
import {
  addSummary,
  deleteFragments,
  insertChunk,
  insertFragment,
  packSummary,
  readChunk,
  readFragmentRow,
  readIndexRow,
  type ChunkEntry,
  type IndexRow,
  type Samples,
} from './sample-tables.ts';
import { SeriesReader } from './series-reader.ts';
import { BadCell, isCorrupt, number, type Row, type Sqlite } from './sqlite.ts';

/** Number of decoded samples kept: two to four million. */
const CACHE_BYTES = 64 * 1024 * 1024;
/** Limit of blocks in memory; further chunks are kept as one block each: half a gigabyte, a thousand million samples. */
const MOST_BLOCKS = 2 ** 23;

/** All series of an open project that were queried, in memory. */
export class SeriesReaders {
  readonly #readers = new Map<SeriesId, SeriesReader>();
  readonly #cache = new ChunkCache(CACHE_BYTES);
  readonly #lost = new Set<number>();
  readonly #database: () => Sqlite;
  readonly #loose: () => boolean;
  #blocks = 0;

  /**
   * `database` returns the current connection: it changes when the project is saved elsewhere. `loose`: the file may contain fragments that
   * are not in memory, because another process writes it or has left them; otherwise there is no need to look for them.
   */
  constructor(database: () => Sqlite, loose: () => boolean) {
    this.#database = database;
    this.#loose = loose;
  }

  /** Stretches of samples found damaged so far. */
  get lostStretches(): number {
    return this.#lost.size;
  }

  /** A new series without stored data. */
  add(id: SeriesId): SeriesReader {
    const reader = new SeriesReader(id, (entry) => this.#fetch(entry));
    this.#readers.set(id, reader);
    return reader;
  }

  /** The readers of these series, loaded if necessary; in order. */
  get(ids: readonly SeriesId[]): SeriesReader[] {
    const missing = [...new Set(ids)].filter((id) => !this.#readers.has(id));
    for (const id of missing) this.add(id);
    this.#load(missing);
    return ids.map((id) => this.#readers.get(id)!);
  }

  forget(ids: readonly SeriesId[]): void {
    for (const id of ids) this.#readers.delete(id);
  }

  /** Another process has written: updates what is loaded. */
  refresh(): void {
    this.#load([...this.#readers.keys()]);
  }

  /**
   * Writes the samples of a series that are not in the file yet: full chunks are sealed, the rest becomes a fragment; `all` seals the rest
   * too. Inside a transaction; the returned function, called after the commit, applies the change to memory.
   */
  write(reader: SeriesReader, all: boolean): () => void {
    const db = this.#database();
    const { total } = reader;
    let end = reader.sealed;
    const sealed: ChunkEntry[] = [];
    while (total - end >= CHUNK || (all && end < total)) {
      const n = Math.min(CHUNK, total - end);
      sealed.push(this.#seal(reader, end, n));
      end += n;
    }
    if (sealed.length > 0) deleteFragments(db, reader.fragments);
    const fragments = sealed.length > 0 ? [] : reader.fragments;
    const from = sealed.length > 0 ? end : reader.flushed;
    const added = from < total ? [insertFragment(db, reader.id, from, reader.tail(from, total))] : [];
    return () => {
      for (const entry of sealed) reader.seal(entry);
      reader.flushed = total;
      reader.fragments = fragments;
      fragments.push(...added);
    };
  }

  info(reader: SeriesReader): Pick<SeriesInfo, 'samples' | 'first' | 'last' | 'min' | 'max'> {
    const { blocks } = reader;
    const [lows, highs, counts] = [blocks.min.view(), blocks.max.view(), blocks.count.view()];
    let [samples, first, last, min, max] = [0, -1, -1, Infinity, -Infinity];
    for (let i = 0; i < lows.length; i++) {
      const low = lows[i]!;
      if (low !== low) continue;
      if (first < 0) first = i;
      last = i;
      samples += counts[i]!;
      if (low < min) min = low;
      if (highs[i]! > max) max = highs[i]!;
    }
    if (samples === 0) return { samples, first: null, last: null, min: null, max: null };
    return { samples, first: blocks.t0.at(first), last: blocks.t1.at(last), min, max };
  }

  #seal(reader: SeriesReader, first: number, n: number): ChunkEntry {
    const begin = reader.blocks.blockStartingAt(first);
    const end = reader.blocks.blockStartingAt(first + n);
    const summary = packSummary(reader.blocks, begin, end);
    return insertChunk(this.#database(), reader.id, first, reader.tail(first, first + n), summary, end - begin);
  }

  #load(ids: readonly SeriesId[]): void {
    if (ids.length === 0) return;
    for (const id of ids) this.#loadChunks(this.#readers.get(id)!);
    if (!this.#loose()) return;
    const wanted = new Set(ids);
    this.#tolerate(() => {
      for (const row of this.#database().iterate('SELECT * FROM fragment ORDER BY id'))
        if (wanted.has(row['series'] as number)) this.#addFragment(row);
    });
  }

  #loadChunks(reader: SeriesReader): void {
    const sql = 'SELECT * FROM chunk_index WHERE series = ? AND first >= ? ORDER BY first, id';
    // The first time also rows that begin before any sample can, in order to count them.
    const from = reader.sealed === 0 ? -Infinity : reader.sealed;
    this.#tolerate(() => {
      for (const row of this.#database().iterate(sql, reader.id, from)) this.#addChunk(reader, row);
    });
  }

  #addChunk(reader: SeriesReader, row: Row): void {
    const index = this.#tolerate(() => readIndexRow(row)) ?? null;
    if (index === null) return this.#lose(number(row, 'id'));
    const before = reader.blocks.length;
    reader.addSealed(index.entry, (blocks) => this.#addBlocks(index, blocks));
    this.#blocks += Math.max(0, reader.blocks.length - before);
  }

  #addBlocks(index: IndexRow, blocks: SeriesReader['blocks']): boolean {
    try {
      if (addSummary(blocks, index, this.#blocks > MOST_BLOCKS)) return true;
    } catch (thrown) {
      if (!(thrown instanceof CodecError)) throw thrown;
    }
    this.#lose(index.entry.id);
    return false;
  }

  #addFragment(row: Row): void {
    const reader = this.#readers.get(number(row, 'series'))!;
    if (Number(row['first']) + Number(row['n']) <= reader.total) return;
    const fragment = this.#tolerate(() => readFragmentRow(row)) ?? null;
    if (fragment === null || !reader.addFragment(fragment.first, fragment)) this.#lose(-number(row, 'id'));
  }

  #fetch(entry: ChunkEntry): Samples | null {
    const known = this.#cache.get(entry.id);
    if (known !== undefined) return known;
    const samples = this.#tolerate(() => readChunk(this.#database(), entry)) ?? null;
    if (samples === null) this.#lose(entry.id);
    else this.#cache.set(entry.id, samples);
    return samples;
  }

  #lose(id: number): void {
    this.#lost.add(id);
  }

  /** Damaged bytes are a loss to report, not a failure: undefined replaces them. */
  #tolerate<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (thrown) {
      if (thrown instanceof CodecError || thrown instanceof BadCell || isCorrupt(thrown)) return undefined;
      throw thrown;
    }
  }
}
