import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import type { URL } from 'node:url';
import { requireOwnCompanions } from './companions.ts';

export type Row = Record<string, SQLOutputValue>;
export type Value = SQLInputValue;

/** Largest value in a cell that is written or read: a file cannot make us allocate more for one. */
export const LARGEST_CELL = 32 * 1024 * 1024;
const LIMITS = {
  length: LARGEST_CELL,
  sqlLength: 100_000,
  column: 100,
  exprDepth: 100,
  compoundSelect: 10,
  functionArg: 20,
  attach: 0,
  likePatternLength: 100,
  variableNumber: 100,
  triggerDepth: 1,
};

/** Primary result codes of SQLite that we handle (https://sqlite.org/rescode.html). */
export const SQLITE = { busy: 5, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, tooBig: 18, notADatabase: 26 } as const;

/** The primary result code of an error thrown by SQLite, else null. */
export function sqliteCode(thrown: unknown): number | null {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return null;
  return typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : null;
}

/** SQLite cannot interpret the file's bytes, or a cell is larger than any that we write. */
export function isCorrupt(thrown: unknown): boolean {
  const code = sqliteCode(thrown);
  return code === SQLITE.corrupt || code === SQLITE.notADatabase || code === SQLITE.tooBig;
}

/** A connection with its prepared statements, configured for untrusted files. */
export class Sqlite {
  readonly db: DatabaseSync;
  readonly readOnly: boolean;
  readonly #statements = new Map<string, StatementSync>();

  /** `lenient` reads what it can of a damaged file; for salvage only. Throws `file.foreign`, before SQLite accesses anything. */
  constructor(path: string | URL, options: { readOnly?: boolean; lenient?: boolean } = {}) {
    if (path !== ':memory:') requireOwnCompanions(path);
    this.readOnly = options.readOnly ?? false;
    this.db = new DatabaseSync(path, { readOnly: this.readOnly, defensive: !options.lenient, timeout: 2000, limits: LIMITS });
    try {
      // Must come first, before anything else reads the file: SQLite refuses a file whose header promises more pages than there are, but
      // not in this mode.
      if (options.lenient) this.db.exec('PRAGMA writable_schema = ON');
      this.db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -8000;');
    } catch (thrown) {
      this.db.close();
      throw thrown;
    }
  }

  exec(sql: string): void {
    this.db.exec(sql);
  }

  run(sql: string, ...values: Value[]): { changes: number; id: number } {
    const done = this.#prepare(sql).run(...values);
    return { changes: Number(done.changes), id: Number(done.lastInsertRowid) };
  }

  get(sql: string, ...values: Value[]): Row | undefined {
    return this.#exact(sql, (statement) => statement.get(...values));
  }

  all(sql: string, ...values: Value[]): Row[] {
    return this.#exact(sql, (statement) => statement.all(...values));
  }

  /** Row by row; the statement is separate, so that the loop may run other queries. */
  *iterate(sql: string, ...values: Value[]): Generator<Row> {
    const statement = this.db.prepare(sql);
    // A loop cannot be restarted once a number turns out too large, so all are read in full.
    statement.setReadBigInts(true);
    for (const row of statement.iterate(...values)) yield narrowed(row);
  }

  /** The single number returned by a pragma or a count; 0 if there is none. */
  number(sql: string, ...values: Value[]): number {
    const row = this.get(sql, ...values);
    const value = row === undefined ? undefined : Object.values(row)[0];
    return typeof value === 'number' ? value : 0;
  }

  /** All of `work` in one transaction. */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (thrown) {
      // After some errors, such as a full disk, SQLite has already rolled back by itself.
      if (this.db.isTransaction) this.exec('ROLLBACK');
      throw thrown;
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.db.isOpen) this.db.close();
  }

  /**
   * Node rejects a whole result because of one number that a double cannot hold; such a number is read as a bigint, which no cell reader
   * accepts.
   */
  #exact<T extends Row | Row[] | undefined>(sql: string, ask: (statement: StatementSync) => T): T {
    const statement = this.#prepare(sql);
    try {
      return ask(statement);
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
    }
    statement.setReadBigInts(true);
    try {
      const found = ask(statement);
      if (Array.isArray(found)) found.forEach(narrowed);
      else if (found !== undefined) narrowed(found);
      return found;
    } finally {
      statement.setReadBigInts(false);
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function narrowed(row: Row): Row {
  for (const column in row) {
    const value = row[column];
    if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) row[column] = Number(value);
  }
  return row;
}

/** A cell does not contain what its column promises. */
export class BadCell extends Error {
  override readonly name = 'BadCell';
}

export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new BadCell(column);
  return value;
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new BadCell(column);
  return value;
}
