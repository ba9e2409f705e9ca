import { crc32 } from 'node:zlib';
import type { Bytes, SnapshotId } from '../../../src-preload/contract/index.ts';
import { LINE, text, whole } from './cells.ts';
import { rowChecksum } from './chunk-codec.ts';
import { readable } from './lost-rows.ts';
import type { Table } from './schema.ts';
import { BadCell, blob, number, type Row, type Sqlite } from './sqlite.ts';

/** The owners whose big data is stored in pieces: the kind of owner, and the table with the owner's row. */
const OWNERS = { snapshot: 'snapshot', allocations: 'allocation_track' } as const satisfies Record<string, Table>;

export type OwnerKind = keyof typeof OWNERS;
/** Number of an owner's row. */
type OwnerId = SnapshotId | TrackId;
/** Number of a track of sampled allocations. */
type TrackId = number;

/** The owner of pieces, as they refer to it. */
export interface PieceOwner {
  kind: OwnerKind;
  id: OwnerId;
  /** Binds each piece to its owner; unchanged in a copy of the owner. */
  uuid: string;
}

interface StoredPiece {
  name: string;
  part: number;
  bytes: Bytes;
}

/** Size of one part of data that is too large for one cell. */
const PART = 4 * 1024 * 1024;

const INSERT = 'INSERT INTO piece (kind, owner, name, part, length, crc, data) VALUES (?, ?, ?, ?, ?, ?, ?)';

/** One part of the data that the owner stores under a name; inside a transaction. */
export function insertPiece(db: Sqlite, owner: PieceOwner, name: string, part: number, data: Uint8Array): void {
  db.run(INSERT, owner.kind, owner.id, name, part, data.length, seal(owner, name, part, data), data);
}

/** What is stored of an owner, ordered by name and part. */
export function listPieces(db: Sqlite, { kind, id }: Omit<PieceOwner, 'uuid'>): StoredPiece[] {
  // Answered by the index alone, without reading the blobs.
  const rows = db.iterate('SELECT name, part, length FROM piece WHERE kind = ? AND owner = ? ORDER BY name, part', kind, id);
  // An invalid one counts as missing: then the owner is damaged, and nothing else.
  const read = (row: Row): StoredPiece => ({ name: text(row, 'name', LINE), part: whole(row, 'part'), bytes: whole(row, 'length') });
  return [...readable(rows, read, 'piece')];
}

/** The bytes of a piece; null: it is missing, or differs from what was written. */
export function readPiece(db: Sqlite, owner: PieceOwner, name: string, part: number): Uint8Array | null {
  const sql = 'SELECT crc, data FROM piece WHERE kind = ? AND owner = ? AND name = ? AND part = ?';
  const row = db.get(sql, owner.kind, owner.id, name, part);
  if (row === undefined) return null;
  try {
    const data = blob(row, 'data');
    return number(row, 'crc') === seal(owner, name, part, data) ? data : null;
  } catch (thrown) {
    if (thrown instanceof BadCell) return null;
    throw thrown;
  }
}

/** Bytes of any length under one name; inside a transaction. */
export function insertInParts(db: Sqlite, owner: PieceOwner, name: string, data: Uint8Array): void {
  for (let part = 0; part === 0 || part * PART < data.length; part++)
    insertPiece(db, owner, name, part, data.subarray(part * PART, (part + 1) * PART));
}

/** The bytes that `insertInParts` wrote; null: incomplete. */
export function readAllParts(db: Sqlite, owner: PieceOwner, name: string): Uint8Array | null {
  const count = db.number('SELECT count(*) FROM piece WHERE kind = ? AND owner = ? AND name = ?', owner.kind, owner.id, name);
  const parts: Uint8Array[] = [];
  for (let part = 0; part < count; part++) {
    const piece = readPiece(db, owner, name, part);
    if (piece === null) return null;
    parts.push(piece);
  }
  return count === 0 ? null : count === 1 ? parts[0]! : Buffer.concat(parts);
}

/** Everything of an owner; inside a transaction. */
export function deletePieces(db: Sqlite, kind: OwnerKind, owner: OwnerId): void {
  db.run('DELETE FROM piece WHERE kind = ? AND owner = ?', kind, owner);
}

/** Everything that an owner stores under a name; inside a transaction. */
export function deletePiecesNamed(db: Sqlite, { kind, id }: Omit<PieceOwner, 'uuid'>, name: string): void {
  db.run('DELETE FROM piece WHERE kind = ? AND owner = ? AND name = ?', kind, id, name);
}

/** Deletes pieces without an owner; inside a transaction. */
export function deleteLoosePieces(db: Sqlite): void {
  for (const [kind, table] of Object.entries(OWNERS))
    db.run(`DELETE FROM piece WHERE kind = ? AND owner NOT IN (SELECT id FROM ${table})`, kind);
  const kinds = Object.keys(OWNERS);
  db.run(`DELETE FROM piece WHERE kind NOT IN (${kinds.map(() => '?').join(', ')})`, ...kinds);
}

/** The rows of an owner, for a copy: through separate queries, since an open one would hold the source's state over the pauses. */
export function* pieceRows(source: () => Sqlite, kind: OwnerKind, owner: OwnerId): Generator<Row> {
  const sql = 'SELECT * FROM piece WHERE kind = ? AND owner = ? AND id > ? ORDER BY id LIMIT 1';
  for (let row = source().get(sql, kind, owner, 0); row !== undefined; row = source().get(sql, kind, owner, number(row, 'id'))) yield row;
}

/** A row of another file under an owner of this one, unchanged, checksum included, so that damage stays detectable. */
export function insertPieceRow(db: Sqlite, { kind, id }: Omit<PieceOwner, 'uuid'>, row: Row): void {
  db.run(INSERT, kind, id, row['name']!, row['part']!, row['length']!, row['crc']!, row['data']!);
}

/** Bound to the piece's owner, not to numbers of this file: it stays valid in a copy, and damage stays detectable. */
function seal({ uuid }: PieceOwner, name: string, part: number, data: Uint8Array): number {
  return rowChecksum([crc32(`${uuid} ${name}`), part], data);
}
