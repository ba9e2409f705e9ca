import { crc32 } from 'node:zlib';
import type { Bytes, SnapshotId } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import { deflate, inflate, rowChecksum } from './chunk-codec.ts';
import { CodecError } from './column-codec.ts';
import { LINE, text, whole } from './cells.ts';
import { readable } from './lost-rows.ts';
import { BadCell, blob, number, type Row, type Sqlite } from './sqlite.ts';

/** One type of one snapshot: few enough to be kept beside the columns of each. */
export interface SnapshotType {
  module: string;
  name: string;
  count: number;
  shallow: Bytes;
  retained: Bytes;
}

/** A snapshot as its chunks know it. */
export interface ChunkOwner {
  id: SnapshotId;
  /** Binds each chunk to its snapshot; the same in a copy of it. */
  uuid: string;
}

interface StoredChunk {
  name: string;
  part: number;
  bytes: Bytes;
}

/** Names with a dot are ours, the others those of columns. */
export const TABLES_NAME = '.tables';
export const TYPES_NAME = '.types';
/** Part of what is larger than one cell should be. */
const PIECE = 4 * 1024 * 1024;
/** More types than this are kept only in the columns: the smallest are left out here. */
const MOST_TYPES = 50_000;
/** Of a list of types, unpacked. A name is cut at 500 bytes by whoever walks the heap. */
const LARGEST_TYPES = 64 * 1024 * 1024;

export function insertChunk(db: Sqlite, owner: ChunkOwner, name: string, part: number, data: Uint8Array): void {
  const sql = 'INSERT INTO snapshot_chunk (snapshot, name, part, length, crc, data) VALUES (?, ?, ?, ?, ?, ?)';
  db.run(sql, owner.id, name, part, data.length, seal(owner, name, part, data), data);
}

/** What is stored of a snapshot, in the order of names and parts. */
export function listChunks(db: Sqlite, snapshot: SnapshotId): StoredChunk[] {
  // Answered by the index alone: the blobs stay where they are.
  const rows = db.iterate('SELECT name, part, length FROM snapshot_chunk WHERE snapshot = ? ORDER BY name, part', snapshot);
  // One that makes no sense is missing when the pieces are counted: the snapshot is damaged then, and nothing else.
  const read = (row: Row): StoredChunk => ({ name: text(row, 'name', LINE), part: whole(row, 'part'), bytes: whole(row, 'length') });
  return [...readable(rows, read, 'snapshot_chunk')];
}

/** The bytes of a chunk; null: it is not there, or not what was written. */
export function readChunk(db: Sqlite, owner: ChunkOwner, name: string, part: number): Uint8Array | null {
  const row = db.get('SELECT crc, data FROM snapshot_chunk WHERE snapshot = ? AND name = ? AND part = ?', owner.id, name, part);
  if (row === undefined) return null;
  try {
    const data = blob(row, 'data');
    return number(row, 'crc') === seal(owner, name, part, data) ? data : null;
  } catch (thrown) {
    if (thrown instanceof BadCell) return null;
    throw thrown;
  }
}

/** Bytes of any length under a name of ours; inside a transaction. */
export function insertPieces(db: Sqlite, owner: ChunkOwner, name: string, data: Uint8Array): void {
  for (let part = 0; part === 0 || part * PIECE < data.length; part++)
    insertChunk(db, owner, name, part, data.subarray(part * PIECE, (part + 1) * PIECE));
}

/** What `insertPieces` wrote; null: it is not whole. */
export function readPieces(db: Sqlite, owner: ChunkOwner, name: string): Uint8Array | null {
  const parts = db.number('SELECT count(*) FROM snapshot_chunk WHERE snapshot = ? AND name = ?', owner.id, name);
  const pieces: Uint8Array[] = [];
  for (let part = 0; part < parts; part++) {
    const piece = readChunk(db, owner, name, part);
    if (piece === null) return null;
    pieces.push(piece);
  }
  return parts === 0 ? null : parts === 1 ? pieces[0]! : Buffer.concat(pieces);
}

export function packTypes(types: readonly SnapshotType[]): Uint8Array {
  const kept = types.length <= MOST_TYPES ? types : [...types].sort((a, b) => b.shallow - a.shallow).slice(0, MOST_TYPES);
  return deflate(
    Buffer.from(JSON.stringify(kept.map(({ module, name, count, shallow, retained }) => [module, name, count, shallow, retained]))),
  );
}

/** The checksum was right, so this is what some Heapscope wrote; a file made by hand can still not break us. null: it is no list of types. */
export function unpackTypes(data: Uint8Array): SnapshotType[] | null {
  let rows: unknown;
  try {
    rows = JSON.parse(Buffer.from(inflate(data, LARGEST_TYPES)).toString());
  } catch (thrown) {
    if (thrown instanceof CodecError || thrown instanceof SyntaxError) return null;
    throw thrown;
  }
  if (!Array.isArray(rows) || rows.length > MOST_TYPES) return null;
  const types: SnapshotType[] = [];
  for (const row of rows) {
    if (!Array.isArray(row)) return null;
    const [module, name, count, shallow, retained] = row as unknown[];
    if (typeof module !== 'string' || typeof name !== 'string') return null;
    if (typeof count !== 'number' || typeof shallow !== 'number' || typeof retained !== 'number') return null;
    types.push({ module, name, count, shallow, retained });
  }
  return types;
}

/** Everything of a snapshot; inside a transaction. */
export function purgeSnapshot(db: Sqlite, snapshot: SnapshotId): void {
  for (const table of ['snapshot_chunk', 'bookmark']) db.run(`DELETE FROM ${table} WHERE snapshot = ?`, snapshot);
  db.run('DELETE FROM snapshot WHERE id = ?', snapshot);
}

export function damagedSnapshot(path: string, detail: string): HeapscopeError {
  return new HeapscopeError('snapshot.damaged', { path, detail });
}

/** Bound to what the chunk is of, not to numbers of this file: a copy in another file keeps it, and damage stays visible. */
function seal({ uuid }: ChunkOwner, name: string, part: number, data: Uint8Array): number {
  return rowChecksum([crc32(`${uuid} ${name}`), part], data);
}
