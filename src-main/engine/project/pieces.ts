import { crc32 } from 'node:zlib';
import type { Bytes, SnapshotId } from '../../../src-preload/contract/index.ts';
import { LINE, text, whole } from './cells.ts';
import { rowChecksum } from './chunk-codec.ts';
import { readable } from './lost-rows.ts';
import type { Table } from './schema.ts';
import { BadCell, blob, number, type Row, type Sqlite } from './sqlite.ts';

/** Whose big data is kept in pieces: the kind of its owner, and the table with the owner's row. */
const OWNERS = { snapshot: 'snapshot' } as const satisfies Record<string, Table>;

export type OwnerKind = keyof typeof OWNERS;
/** Number of an owner's row. */
type OwnerId = SnapshotId;

/** What pieces belong to, as they know it. */
export interface PieceOwner {
  kind: OwnerKind;
  id: OwnerId;
  /** Binds each piece to its owner; the same in a copy of it. */
  uuid: string;
}

interface StoredPiece {
  name: string;
  part: number;
  bytes: Bytes;
}

/** Part of what is larger than one cell should be. */
const PART = 4 * 1024 * 1024;

const INSERT = 'INSERT INTO piece (kind, owner, name, part, length, crc, data) VALUES (?, ?, ?, ?, ?, ?, ?)';

/** One part of what the owner keeps under a name; inside a transaction. */
export function insertPiece(db: Sqlite, owner: PieceOwner, name: string, part: number, data: Uint8Array): void {
  db.run(INSERT, owner.kind, owner.id, name, part, data.length, seal(owner, name, part, data), data);
}

/** What is stored of an owner, in the order of names and parts. */
export function listPieces(db: Sqlite, { kind, id }: Omit<PieceOwner, 'uuid'>): StoredPiece[] {
  // Answered by the index alone: the blobs stay where they are.
  const rows = db.iterate('SELECT name, part, length FROM piece WHERE kind = ? AND owner = ? ORDER BY name, part', kind, id);
  // One that makes no sense is missing when the pieces are counted: the owner is damaged then, and nothing else.
  const read = (row: Row): StoredPiece => ({ name: text(row, 'name', LINE), part: whole(row, 'part'), bytes: whole(row, 'length') });
  return [...readable(rows, read, 'piece')];
}

/** The bytes of a piece; null: it is not there, or not what was written. */
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

/** What `insertInParts` wrote; null: it is not whole. */
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

/** Pieces whose owner is not there are of no use; inside a transaction. */
export function deleteLoosePieces(db: Sqlite): void {
  for (const [kind, table] of Object.entries(OWNERS))
    db.run(`DELETE FROM piece WHERE kind = ? AND owner NOT IN (SELECT id FROM ${table})`, kind);
  const kinds = Object.keys(OWNERS);
  db.run(`DELETE FROM piece WHERE kind NOT IN (${kinds.map(() => '?').join(', ')})`, ...kinds);
}

/** The rows of an owner, for a copy: through queries of their own, since an open one would hold the source's state over the pauses. */
export function* pieceRows(source: () => Sqlite, kind: OwnerKind, owner: OwnerId): Generator<Row> {
  const sql = 'SELECT * FROM piece WHERE kind = ? AND owner = ? AND id > ? ORDER BY id LIMIT 1';
  for (let row = source().get(sql, kind, owner, 0); row !== undefined; row = source().get(sql, kind, owner, number(row, 'id'))) yield row;
}

/** A row of another file under an owner of this one, as it is, checksum included, so that damage stays visible. */
export function insertPieceRow(db: Sqlite, { kind, id }: Omit<PieceOwner, 'uuid'>, row: Row): void {
  db.run(INSERT, kind, id, row['name']!, row['part']!, row['length']!, row['crc']!, row['data']!);
}

/** Bound to what the piece is of, not to numbers of this file: a copy in another file keeps it, and damage stays visible. */
function seal({ uuid }: PieceOwner, name: string, part: number, data: Uint8Array): number {
  return rowChecksum([crc32(`${uuid} ${name}`), part], data);
}
