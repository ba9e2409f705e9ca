import { HIGHEST_ID } from './cells.ts';
import { LARGEST_CELL, Sqlite } from './sqlite.ts';
import { applySteps, UPGRADERS, type Upgrader } from './upgraders.ts';

/** "HPSC" in the header of the file: distinguishes ours from other SQLite files. */
export const APPLICATION_ID = 0x48505343;

/**
 * Version 1, as README.md describes it; it never changes. A new file is this plus every upgrader, so that new and upgraded files have
 * exactly the same schema, which can be checked.
 */
const VERSION_1 = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE session (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL, state TEXT NOT NULL,
  program TEXT NOT NULL, launch TEXT NOT NULL, interpreter TEXT, started_at INTEGER NOT NULL, duration INTEGER NOT NULL,
  peak_rss REAL, exit TEXT, samples INTEGER NOT NULL, columns INTEGER NOT NULL, rows INTEGER NOT NULL,
  console_limit INTEGER NOT NULL, console_total INTEGER NOT NULL, console_cut_from INTEGER NOT NULL,
  console_cut INTEGER NOT NULL, deleted INTEGER NOT NULL
) STRICT;

CREATE TABLE process (
  id INTEGER PRIMARY KEY AUTOINCREMENT, session INTEGER NOT NULL, ordinal INTEGER NOT NULL, pid INTEGER NOT NULL,
  parent INTEGER, command TEXT NOT NULL, python TEXT, start INTEGER NOT NULL, ended INTEGER, exit TEXT, agent TEXT NOT NULL
) STRICT;
CREATE INDEX process_of_session ON process (session);

CREATE TABLE series (id INTEGER PRIMARY KEY AUTOINCREMENT, session INTEGER NOT NULL, process INTEGER, metric TEXT NOT NULL) STRICT;
CREATE INDEX series_of_session ON series (session);

CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT, session INTEGER NOT NULL, process INTEGER, t INTEGER NOT NULL, kind TEXT NOT NULL,
  facts TEXT NOT NULL
) STRICT;
CREATE INDEX event_of_session ON event (session, t, id);

CREATE TABLE chunk (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;

CREATE TABLE chunk_index (
  id INTEGER PRIMARY KEY, series INTEGER NOT NULL, first INTEGER NOT NULL, n INTEGER NOT NULL, blocks INTEGER NOT NULL,
  data_crc INTEGER NOT NULL, crc INTEGER NOT NULL, summary BLOB NOT NULL
) STRICT;
CREATE INDEX chunk_of_series ON chunk_index (series, first);

CREATE TABLE fragment (
  id INTEGER PRIMARY KEY, series INTEGER NOT NULL, first INTEGER NOT NULL, n INTEGER NOT NULL, crc INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE console (
  id INTEGER PRIMARY KEY, session INTEGER NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL, t INTEGER NOT NULL,
  crc INTEGER NOT NULL, packed INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;
CREATE INDEX console_of_session ON console (session, start);
`;

/** Tables of the newest version. */
export type Table =
  | 'meta'
  | 'session'
  | 'process'
  | 'series'
  | 'event'
  | 'chunk'
  | 'chunk_index'
  | 'fragment'
  | 'console'
  | 'snapshot'
  | 'piece'
  | 'snapshot_plan'
  | 'bookmark'
  | 'run_comparison'
  | 'allocation_track';

/** Turns an empty database into a project of the newest version. Its journal is not WAL yet, so the file is complete at once. */
export function createSchema(db: Sqlite, upgraders: readonly Upgrader[] = UPGRADERS): void {
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.transaction(() => {
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    db.exec(VERSION_1);
    applySteps(db, 1, upgraders);
  });
}

/**
 * Whether the file contains exactly our tables and indices, with our exact SQL. Anything else (a trigger, a view, a generated column) is
 * malicious or damage.
 */
export function hasOurSchema(db: Sqlite, version: number, upgraders: readonly Upgrader[] = UPGRADERS): boolean {
  return describe(db) === expectedSchema(upgraders.slice(0, version - 1));
}

/** The existing tables with the exact SQL of that version; for salvage. `missing`: those that are missing or differ. */
export function soundTables(db: Sqlite, version: number): { sound: string[]; missing: string[] } {
  const expected = expectedSchema(UPGRADERS.slice(0, version - 1)).split('\0');
  const found = new Set(describe(db).split('\0'));
  const known = expected.filter((line) => line.startsWith('table ') && !line.startsWith('table sqlite_'));
  const named = known.map((line) => ({ table: line.split(' ')[1]!, sound: found.has(line) }));
  const those = (wanted: boolean): string[] => named.filter(({ sound }) => sound === wanted).map(({ table }) => table);
  return { sound: those(true), missing: those(false) };
}

/** The tables of a file that has our schema. */
export function tablesOf(db: Sqlite): string[] {
  const rows = db.all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name");
  return rows.map((row) => String(row['name']));
}

/**
 * Whether all row numbers are in our range. One that is not leaves no number for the next row, or none that a double can hold, so it is
 * damage of the file and not of the row.
 */
export function hasSaneNumbers(db: Sqlite): boolean {
  const outside = (table: string, column: string): string =>
    `SELECT 1 FROM ${table} WHERE ${column} < 1 OR ${column} > ${HIGHEST_ID} LIMIT 1`;
  const numbered = tablesOf(db)
    .filter((table) => table !== 'meta')
    .map((table) => outside(table, 'id'));
  const counters = `SELECT 1 FROM sqlite_sequence WHERE typeof(seq) <> 'integer' OR seq < 0 OR seq > ${HIGHEST_ID}`;
  return [...numbered, counters].every((sql) => db.get(sql) === undefined);
}

/** Whether no row of these tables has a cell larger than the limit. Checks lengths only. */
export function hasSaneSizes(db: Sqlite, tables: readonly string[]): boolean {
  return tables.every((table) => {
    const columns = db.all(`PRAGMA table_info(${table})`).filter(({ type }) => type === 'TEXT' || type === 'BLOB');
    const large = columns.map(({ name }) => `octet_length(${String(name)}) > ${LARGEST_CELL}`).join(' OR ');
    return large === '' || db.get(`SELECT 1 FROM ${table} WHERE ${large} LIMIT 1`) === undefined;
  });
}

function expectedSchema(upgraders: readonly Upgrader[]): string {
  const db = new Sqlite(':memory:');
  createSchema(db, upgraders);
  const schema = describe(db);
  db.close();
  return schema;
}

function describe(db: Sqlite): string {
  const rows = db.all('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name');
  return rows.map((row) => `${String(row['type'])} ${String(row['name'])} ${String(row['sql'])}`).join('\0');
}
