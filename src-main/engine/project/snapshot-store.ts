import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ErrorData, SessionId, SnapshotId, SnapshotPlan, SnapshotRow } from '../../../src-preload/contract/index.ts';
import { Emitter } from '../base/emitter.ts';
import { HeapscopeError } from '../base/errors.ts';
import { LINE, text, whole } from './cells.ts';
import type { Connection } from './connection.ts';
import { readable, type LostRows } from './lost-rows.ts';
import { deletePieces, insertInParts, insertPiece, listPieces, readAllParts, readPiece, type PieceOwner } from './pieces.ts';
import { readPlan, writePlan } from './snapshot-plan.ts';
import { insertSnapshot, rewriteSnapshot, toSnapshot } from './snapshot-rows.ts';
import { packTypes, unpackTypes, type SnapshotType } from './snapshot-types.ts';
import type { Row, Sqlite } from './sqlite.ts';

/** Names with a dot are ours, the others are columns. */
const TABLES_NAME = '.tables';
const TYPES_NAME = '.types';

/** Interval of checks whether the file can be written again. */
const HELD_FOR = 50;

/** The results of an import, stored beside the columns. */
export interface ImportedSnapshot {
  patch: Partial<Omit<SnapshotRow, 'id' | 'session' | 'process'>>;
  types: readonly SnapshotType[];
  /** Opaque: figures of every grouping. */
  tables: Uint8Array;
}

/** One piece of one column, as it is written and read. */
export interface ColumnPiece {
  name: string;
  chunk: number;
  data: Uint8Array;
}

/** A ready snapshot: its columns and tables exist; each is checked when it is read. */
export interface StoredSnapshot {
  snapshot: SnapshotId;
  /** Equal for the same content, in any copy of the file. */
  key: string;
  /** Equal for snapshots of one process. */
  process: string;
  tables(): Uint8Array;
  columns(): AsyncGenerator<ColumnPiece>;
}

/**
 * Heap snapshots of a project: their rows, the pieces of their columns, and the plan for taking them. Rows are written at once, not with
 * the session's next flush: they are few, and an import may outlive its session.
 */
export class SnapshotStore {
  /** A row has changed, by a call or by its progress. */
  readonly onChange = new Emitter<SnapshotRow>();
  readonly #connection: Connection;
  /** They have failed, but a full disk prevents storing that: reopening finds them unfinished, which amounts to the same. */
  readonly #unwritten = new Map<SnapshotId, ErrorData>();

  readonly #lost: LostRows;

  constructor(connection: Connection, lost: LostRows) {
    this.#connection = connection;
    this.#lost = lost;
  }

  /** Of one session, or of all: earliest first. */
  list(session: SessionId | null): SnapshotRow[] {
    const where = 'deleted <> 1 AND session IN (SELECT id FROM session WHERE deleted <> 1)';
    return this.#connection.read((db) => {
      const rows =
        session === null
          ? db.iterate(`SELECT * FROM snapshot WHERE ${where} ORDER BY session, t, id`)
          : db.iterate(`SELECT * FROM snapshot WHERE ${where} AND session = ? ORDER BY t, id`, session);
      return [...readable(rows, (row) => this.#toRow(row).row, 'snapshot', this.#lost)];
    });
  }

  /** Throws `snapshot.missing`. */
  get(id: SnapshotId): SnapshotRow {
    return this.#found(id).row;
  }

  /** Equal in any copy of the file. Throws `snapshot.missing`. */
  key(id: SnapshotId): string {
    return this.#found(id).uuid;
  }

  /** Throws like `Connection.write`. */
  add(row: Omit<SnapshotRow, 'id'>): SnapshotRow {
    const id = this.#connection.write((db) => insertSnapshot(db, row, { uuid: randomUUID(), chunks: 0 }));
    return this.#changed(id);
  }

  /** Throws `snapshot.missing`. */
  update(id: SnapshotId, patch: Partial<Omit<SnapshotRow, 'id' | 'session' | 'process'>>): SnapshotRow {
    const { row } = this.#found(id);
    this.#connection.write((db) => rewriteSnapshot(db, { ...row, ...patch, id }));
    return this.#changed(id);
  }

  /** Hides snapshots, or shows them again; hidden ones are removed from the file when it is closed. Throws `snapshot.missing`. */
  setDeleted(ids: readonly SnapshotId[], deleted: boolean): void {
    this.#connection.write((db) => {
      for (const id of ids) {
        const { changes } = db.run('UPDATE snapshot SET deleted = ? WHERE id = ?', deleted ? 1 : 0, id);
        if (changes === 0) throw new HeapscopeError('snapshot.missing', { snapshot: id });
      }
    });
  }

  /** One piece, in its own transaction. Waits while the file is being moved. Throws `recording.disk-full` and the like. */
  async addColumn(id: SnapshotId, { name, chunk, data }: ColumnPiece): Promise<void> {
    if (name === '' || name.startsWith('.')) throw new Error(`no column may be called "${name}"`);
    while (this.#connection.held) await new Promise((resolve) => setTimeout(resolve, HELD_FOR));
    this.#connection.write((db) => insertPiece(db, this.#owner(db, id), name, chunk, data));
    await setImmediate();
  }

  /** All columns are written: the snapshot is ready. One transaction. */
  complete(id: SnapshotId, { patch, types, tables }: ImportedSnapshot): SnapshotRow {
    const { row } = this.#found(id);
    this.#connection.write((db) => {
      const owner = this.#owner(db, id);
      insertInParts(db, owner, TYPES_NAME, packTypes(types));
      insertInParts(db, owner, TABLES_NAME, tables);
      const chunks = listPieces(db, { kind: 'snapshot', id });
      const storedBytes = chunks.reduce((sum, { bytes }) => sum + bytes, 0);
      rewriteSnapshot(db, { ...row, ...patch, id, storedBytes, state: 'ready', error: null });
      db.run('UPDATE snapshot SET chunks = ? WHERE id = ?', chunks.length, id);
    });
    return this.#changed(id);
  }

  /** Nothing incomplete is left: its written pieces are deleted, in one transaction. Throws only `snapshot.missing`. */
  fail(id: SnapshotId, error: ErrorData): SnapshotRow {
    const { row } = this.#found(id);
    try {
      this.#connection.write((db) => {
        deletePieces(db, 'snapshot', id);
        rewriteSnapshot(db, { ...row, state: 'failed', error, storedBytes: null });
      });
    } catch (thrown) {
      if (!(thrown instanceof HeapscopeError)) throw thrown;
      this.#unwritten.set(id, error);
    }
    return this.#changed(id);
  }

  /** Its content, for the analysis. Throws `snapshot.missing`, `snapshot.not-ready`. */
  stored(id: SnapshotId): StoredSnapshot {
    const { row, uuid } = this.#ready(id);
    return {
      snapshot: id,
      key: uuid,
      process: this.#processKey(row),
      tables: () => this.#pieces(id, TABLES_NAME),
      columns: () => this.#columns(id),
    };
  }

  /** Types by shallow size and count, without reading the columns. Throws `snapshot.damaged`, `snapshot.not-ready`, `snapshot.missing`. */
  types(id: SnapshotId): SnapshotType[] {
    const types = unpackTypes(this.#pieces(id, TYPES_NAME));
    if (types === null) throw damagedSnapshot(this.#connection.path, TYPES_NAME);
    return types;
  }

  /** The ready ones of the same session and process, earliest first. */
  history(id: SnapshotId): StoredSnapshot[] {
    const { row } = this.#found(id);
    const same = this.list(row.session).filter(({ process, state }) => process === row.process && state === 'ready');
    return same.map((each) => this.stored(each.id));
  }

  plan(session: SessionId): SnapshotPlan | null {
    return this.#connection.read((db) => readPlan(db, session));
  }

  setPlan(session: SessionId, plan: SnapshotPlan): void {
    this.#connection.write((db) => writePlan(db, session, plan));
  }

  async *#columns(id: SnapshotId): AsyncGenerator<ColumnPiece> {
    const { row, uuid, chunks } = this.#ready(id);
    const listed = this.#connection.read((db) => listPieces(db, { kind: 'snapshot', id }));
    if (listed.length !== chunks) throw damagedSnapshot(this.#connection.path, `${listed.length} of ${chunks} parts are there`);
    for (const { name, part } of listed) {
      if (name.startsWith('.')) continue;
      const data = this.#connection.read((db) => readPiece(db, { kind: 'snapshot', id: row.id, uuid }, name, part));
      if (data === null) throw damagedSnapshot(this.#connection.path, `${name} ${part}`);
      yield { name, chunk: part, data };
      await setImmediate();
    }
  }

  #pieces(id: SnapshotId, name: string): Uint8Array {
    const { uuid } = this.#ready(id);
    const data = this.#connection.read((db) => readAllParts(db, { kind: 'snapshot', id, uuid }, name));
    if (data === null) throw damagedSnapshot(this.#connection.path, name);
    return data;
  }

  /** Numbers of processes differ in a copy; their order does not. */
  #processKey({ session, process }: SnapshotRow): string {
    const sql = 'SELECT uuid, (SELECT ordinal FROM process WHERE id = ?) AS ordinal FROM session WHERE id = ?';
    const row = this.#connection.read((db) => db.get(sql, process, session));
    return `${String(row?.['uuid'])} ${String(row?.['ordinal'] ?? `#${process}`)}`;
  }

  #ready(id: SnapshotId): { row: SnapshotRow; uuid: string; chunks: number } {
    const found = this.#found(id);
    if (found.row.state !== 'ready') throw new HeapscopeError('snapshot.not-ready', { snapshot: id, state: found.row.state });
    return found;
  }

  #found(id: SnapshotId): { row: SnapshotRow; uuid: string; chunks: number } {
    const cells = this.#connection.read((db) => db.get('SELECT * FROM snapshot WHERE id = ? AND deleted <> 1', id));
    const [found] = cells === undefined ? [] : readable([cells], (row) => this.#toRow(row), 'snapshot', this.#lost);
    if (found === undefined) throw new HeapscopeError('snapshot.missing', { snapshot: id });
    return found;
  }

  #owner(db: Sqlite, id: SnapshotId): PieceOwner {
    const row = db.get('SELECT uuid FROM snapshot WHERE id = ?', id);
    if (row === undefined) throw new HeapscopeError('snapshot.missing', { snapshot: id });
    return { kind: 'snapshot', id, uuid: text(row, 'uuid', LINE) };
  }

  /** Throws `BadCell`. */
  #toRow(cells: Row): { row: SnapshotRow; uuid: string; chunks: number } {
    const row = this.#present(toSnapshot(cells));
    return { row, uuid: text(cells, 'uuid', LINE), chunks: whole(cells, 'chunks') };
  }

  /** It is no longer in progress if the file is read-only and no other process has it. */
  #present(row: SnapshotRow): SnapshotRow {
    const unwritten = this.#unwritten.get(row.id);
    if (unwritten) return { ...row, state: 'failed', error: unwritten };
    const { writable, readOnlyReason } = this.#connection;
    if (row.state === 'ready' || row.state === 'failed' || writable || readOnlyReason === 'in-use') return row;
    return { ...row, state: 'failed', error: { code: 'snapshot.interrupted', facts: { pid: row.pid } } };
  }

  #changed(id: SnapshotId): SnapshotRow {
    const row = this.get(id);
    this.onChange.emit(row);
    return row;
  }
}

function damagedSnapshot(path: string, detail: string): HeapscopeError {
  return new HeapscopeError('snapshot.damaged', { path, detail });
}
