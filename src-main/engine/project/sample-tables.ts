import type { SeriesId } from '../../../src-preload/contract/index.ts';
import { LONGEST_SESSION } from './cells.ts';
import { packColumns, rowChecksum, unpackColumns } from './chunk-codec.ts';
import { CodecError } from './column-codec.ts';
import type { F64Vector } from './f64-vector.ts';
import { CHUNK, type BlockColumns, type Blocks } from './pyramid.ts';
import { blob, number, type Row, type Sqlite } from './sqlite.ts';

/** A sealed chunk, as described by its index row. */
export interface ChunkEntry {
  id: number;
  /** Ordinal of its first sample in the series. */
  first: number;
  n: number;
  dataCrc: number;
}

/** Times and values, side by side. */
export interface Samples {
  t: Float64Array;
  values: Float64Array;
}

/** Columns of a summary: first time, length, lowest, height, mean as a fraction of the height, count. */
const SUMMARY_COLUMNS = 6;
/** Limit within one series; a higher ordinal is damage. */
const MOST_SAMPLES = 2 ** 48;
/** The mean is stored in 16 bits, as a fraction between lowest and highest. */
const MEAN_STEPS = 65535;
/**
 * Opening a session unpacks thousands of summaries: common ones (about 700 bytes) are not compressed, which is ten times as fast for 2 %
 * more space.
 */
const SUMMARY_WORTH = 2048;

/** Writes a chunk and its index row: the samples, and blocks `begin` to `end` as their summary. Inside a transaction. */
export function insertChunk(
  db: Sqlite,
  series: SeriesId,
  first: number,
  samples: Samples,
  summary: Uint8Array,
  blocks: number,
): ChunkEntry {
  const data = packColumns([samples.t, samples.values]);
  const dataCrc = rowChecksum([], data);
  const { id } = db.run('INSERT INTO chunk (data) VALUES (?)', data);
  const entry = { id, first, n: samples.t.length, dataCrc };
  insertChunkIndex(db, series, entry, summary, blocks);
  return entry;
}

export function insertChunkIndex(db: Sqlite, series: SeriesId, entry: ChunkEntry, summary: Uint8Array, blocks: number): void {
  const { id, first, n, dataCrc } = entry;
  const crc = rowChecksum([id, series, first, n, blocks, dataCrc], summary);
  const sql = 'INSERT INTO chunk_index (id, series, first, n, blocks, data_crc, crc, summary) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';
  db.run(sql, id, series, first, n, blocks, dataCrc, crc, summary);
}

/** Returns the number of the row. */
export function insertFragment(db: Sqlite, series: SeriesId, first: number, samples: Samples): number {
  const data = packColumns([samples.t, samples.values]);
  const n = samples.t.length;
  const crc = rowChecksum([series, first, n], data);
  return db.run('INSERT INTO fragment (series, first, n, crc, data) VALUES (?, ?, ?, ?, ?)', series, first, n, crc, data).id;
}

/** By their numbers, which the writer keeps in memory: an index on the series would make each flush write a page per series. */
export function deleteFragments(db: Sqlite, ids: readonly number[]): void {
  for (const id of ids) db.run('DELETE FROM fragment WHERE id = ?', id);
}

/** The content of an index row, checked; null: it is invalid. */
export interface IndexRow {
  series: SeriesId;
  entry: ChunkEntry;
  blocks: number;
  summary: Uint8Array;
}

export function readIndexRow(row: Row): IndexRow | null {
  const [id, series, first, n, blocks] = [
    number(row, 'id'),
    number(row, 'series'),
    number(row, 'first'),
    number(row, 'n'),
    number(row, 'blocks'),
  ];
  const dataCrc = number(row, 'data_crc');
  const summary = blob(row, 'summary');
  if (rowChecksum([id, series, first, n, blocks, dataCrc], summary) !== number(row, 'crc')) return null;
  if (n < 1 || n > CHUNK || blocks < 1 || blocks > n || first < 0 || first > MOST_SAMPLES) return null;
  return { series, entry: { id, first, n, dataCrc }, blocks, summary };
}

/** A fragment's samples; null: damaged. */
export function readFragmentRow(row: Row): (Samples & { first: number }) | null {
  const [series, first, n] = [number(row, 'series'), number(row, 'first'), number(row, 'n')];
  const data = blob(row, 'data');
  if (rowChecksum([series, first, n], data) !== number(row, 'crc')) return null;
  return { first, ...unpackSamples(data, n) };
}

/** The samples of a chunk; throws `CodecError`, or SQLite's error, if they are damaged. */
export function readChunk(db: Pick<Sqlite, 'get'>, entry: ChunkEntry): Samples | null {
  const row = db.get('SELECT data FROM chunk WHERE id = ?', entry.id);
  if (row === undefined) return null;
  const data = blob(row, 'data');
  return rowChecksum([], data) === entry.dataCrc ? unpackSamples(data, entry.n) : null;
}

function unpackSamples(data: Uint8Array, n: number): Samples {
  const [t, values] = unpackColumns(data, n, 2);
  let last = 0;
  for (let i = 0; i < n; i++) {
    if (!(t![i]! >= last && t![i]! <= LONGEST_SESSION)) throw new CodecError('times that are none');
    last = t![i]!;
    if (!Number.isFinite(values![i]!)) values![i] = NaN;
  }
  return { t: t!, values: values! };
}

/** Blocks `begin` to `end` as the summary of a chunk. */
export function packSummary(blocks: Blocks, begin: number, end: number): Uint8Array {
  const view = (column: F64Vector): Float64Array => column.view(begin, end);
  const [t0, min, count] = [view(blocks.t0), view(blocks.min), view(blocks.count)];
  const length = view(blocks.t1).map((t, i) => t - t0[i]!);
  const height = view(blocks.max).map((max, i) => max - min[i]!);
  const mean = view(blocks.sum).map((sum, i) => (height[i]! > 0 ? Math.round(((sum / count[i]! - min[i]!) / height[i]!) * MEAN_STEPS) : 0));
  return packColumns([t0, length, min, view(blocks.max), mean, count], SUMMARY_WORTH);
}

/** Adds the blocks of a summary; throws `CodecError` if it contradicts its row. `coarse`: as one block, to save memory. */
export function addSummary(blocks: Blocks, { entry, blocks: count, summary }: IndexRow, coarse: boolean): boolean {
  const columns = unpackColumns(summary, count, SUMMARY_COLUMNS);
  const [t0, length, min, max, mean, counts] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  if (!isConsistent(t0, length, counts, entry.n, blocks.length > 0 ? blocks.t1.at(blocks.length - 1) : 0)) return false;
  if (!hasFigures(min, max, mean)) return false;
  const t1 = length.map((ms, i) => ms + t0[i]!);
  const sum = mean.map((part, i) => (min[i]! + (part / MEAN_STEPS) * (max[i]! - min[i]!)) * counts[i]!);
  const fine = { t0, t1, min, max, sum, count: counts };
  blocks.addBlocks(coarse ? asOneBlock(fine) : fine);
  return true;
}

function isConsistent(t0: Float64Array, length: Float64Array, counts: Float64Array, n: number, notBefore: number): boolean {
  let [samples, last] = [0, notBefore];
  for (let i = 0; i < t0.length; i++) {
    if (!(t0[i]! >= last) || !(length[i]! >= 0) || !(counts[i]! >= 1)) return false;
    last = t0[i]! + length[i]!;
    samples += counts[i]!;
  }
  return samples === n && last <= LONGEST_SESSION;
}

/** Lowest and highest are numbers, in this order, or both are a gap. */
function hasFigures(min: Float64Array, max: Float64Array, mean: Float64Array): boolean {
  for (let i = 0; i < min.length; i++) {
    const [low, high, part] = [min[i]!, max[i]!, mean[i]!];
    if (Number.isNaN(low) && Number.isNaN(high)) continue;
    if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high && part >= 0 && part <= MEAN_STEPS)) return false;
  }
  return true;
}

function asOneBlock({ t0, t1, min, max, sum, count }: BlockColumns): BlockColumns {
  const known = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value));
  const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  const [low, high] = [known(min), known(max)];
  const samples = total(count);
  const mean = total(known(sum)) / total(count.filter((_, i) => !Number.isNaN(min[i]!)));
  return {
    t0: t0.subarray(0, 1),
    t1: t1.subarray(-1),
    min: Float64Array.of(low.length > 0 ? low.reduce((a, b) => Math.min(a, b)) : NaN),
    max: Float64Array.of(high.length > 0 ? high.reduce((a, b) => Math.max(a, b)) : NaN),
    sum: Float64Array.of(mean * samples),
    count: Float64Array.of(samples),
  };
}
