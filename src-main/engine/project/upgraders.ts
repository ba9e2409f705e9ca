import { HeapscopeError } from '../base/errors.ts';
import type { Sqlite } from './sqlite.ts';

/** Takes a file from one version to the next; runs inside a transaction. */
export type Upgrader = (db: Pick<Sqlite, 'exec'>) => void;

/**
 * Step i upgrades version i + 1 to i + 2. Append only: a released step never changes. Each new one comes with a file of the version before
 * it in `fixtures/` and a test that reads it.
 */
export const UPGRADERS: readonly Upgrader[] = [addSnapshots, addOrigins, addAllocations];

/** The newest version we write and read. */
export const FORMAT_VERSION = UPGRADERS.length + 1;

/** Upgrades the content from a version to the newest; inside a transaction. */
export function applySteps(db: Pick<Sqlite, 'exec'>, version: number, upgraders: readonly Upgrader[] = UPGRADERS): void {
  for (const step of upgraders.slice(version - 1)) step(db);
  db.exec(`PRAGMA user_version = ${upgraders.length + 1}`);
}

/**
 * Brings a file up to date in one transaction. It must not be in WAL mode: the version in the header then always matches the content, and
 * an older Heapscope, which reads only the header, refuses the file without touching it.
 */
export function upgrade(db: Sqlite, path: string, upgraders: readonly Upgrader[] = UPGRADERS): void {
  const version = db.number('PRAGMA user_version');
  const newest = upgraders.length + 1;
  if (version > newest) throw new HeapscopeError('project.newer', { path, version, supported: newest });
  if (version < newest) db.transaction(() => applySteps(db, version, upgraders));
}

/** The replacement of a step for a read-only connection: temporary tables and views that show the step's result. */
const SHOWN: ReadonlyMap<Upgrader, Upgrader> = new Map([
  [addSnapshots, (db) => addSnapshots({ exec: (sql) => db.exec(sql.replaceAll('CREATE TABLE', 'CREATE TEMP TABLE')) })],
  [addOrigins, showOrigins],
  [addAllocations, (db) => addAllocations({ exec: (sql) => db.exec(sql.replaceAll('CREATE TABLE', 'CREATE TEMP TABLE')) })],
]);

/** Lets a read-only connection see a file of an older version as if it were of the newest. Returns whether that is possible. */
export function readAsNewest(db: Sqlite, version: number, upgraders: readonly Upgrader[] = UPGRADERS): boolean {
  const shown = upgraders.slice(version - 1).map((step) => SHOWN.get(step));
  if (shown.includes(undefined)) return false;
  for (const show of shown) show?.(db);
  return true;
}

/** Version 2: heap snapshots, bookmarks in them, and comparisons of runs. */
function addSnapshots(db: Pick<Sqlite, 'exec'>): void {
  db.exec(`
CREATE TABLE snapshot (
  id INTEGER PRIMARY KEY AUTOINCREMENT, session INTEGER NOT NULL, process INTEGER NOT NULL, pid INTEGER NOT NULL,
  t INTEGER NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL, asked_by TEXT NOT NULL, state TEXT NOT NULL, error TEXT,
  method TEXT, method_reason TEXT NOT NULL, collected INTEGER NOT NULL, previews INTEGER NOT NULL, frames INTEGER NOT NULL,
  python TEXT, pause REAL, capture_time REAL, import_time REAL, dump_bytes INTEGER, stored_bytes INTEGER, objects INTEGER,
  tracked INTEGER, refs INTEGER, size REAL, garbage INTEGER, rss REAL, uuid TEXT NOT NULL, chunks INTEGER NOT NULL,
  deleted INTEGER NOT NULL
) STRICT;
CREATE INDEX snapshot_of_session ON snapshot (session, t, id);

CREATE TABLE snapshot_chunk (
  id INTEGER PRIMARY KEY, snapshot INTEGER NOT NULL, name TEXT NOT NULL, part INTEGER NOT NULL, length INTEGER NOT NULL,
  crc INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;
CREATE INDEX chunk_of_snapshot ON snapshot_chunk (snapshot, name, part, length);

CREATE TABLE snapshot_plan (id INTEGER PRIMARY KEY, rules TEXT NOT NULL, options TEXT NOT NULL) STRICT;

CREATE TABLE bookmark (
  id INTEGER PRIMARY KEY AUTOINCREMENT, snapshot INTEGER NOT NULL, node INTEGER NOT NULL, note TEXT NOT NULL, label TEXT NOT NULL
) STRICT;
CREATE INDEX bookmark_of_snapshot ON bookmark (snapshot, node);

CREATE TABLE run_comparison (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, body TEXT NOT NULL) STRICT;
`);
}

/**
 * A launch as the origin of its session. The text is concatenated, so that invalid JSON stays as it is, and text too long to be read stays
 * as long.
 */
const LAUNCH_AS_ORIGIN = `iif(octet_length(launch) < 16777216, '{"kind":"launched","spec":' || launch || '}', launch)`;

/**
 * Version 3: a session has an origin, and pieces of big data may belong to other owners than snapshots. Nothing large is rewritten:
 * existing rows of pieces get their kind by the default.
 */
function addOrigins(db: Pick<Sqlite, 'exec'>): void {
  db.exec(`
UPDATE session SET launch = ${LAUNCH_AS_ORIGIN};
ALTER TABLE session RENAME COLUMN launch TO origin;
DROP INDEX chunk_of_snapshot;
ALTER TABLE snapshot_chunk RENAME TO piece;
ALTER TABLE piece RENAME COLUMN snapshot TO owner;
ALTER TABLE piece ADD COLUMN kind TEXT NOT NULL DEFAULT 'snapshot';
CREATE INDEX piece_of_owner ON piece (kind, owner, name, part, length);
`);
}

/** What \`addOrigins\` creates, for a read-only connection. A temporary view takes precedence over the table of its name. */
function showOrigins(db: Pick<Sqlite, 'exec'>): void {
  db.exec(`
CREATE TEMP VIEW session AS
  SELECT id, uuid, name, note, state, program, ${LAUNCH_AS_ORIGIN} AS origin, interpreter, started_at, duration, peak_rss, exit, samples,
    columns, rows, console_limit, console_total, console_cut_from, console_cut, deleted
  FROM main.session;
CREATE TEMP VIEW piece AS SELECT id, snapshot AS owner, name, part, length, crc, data, 'snapshot' AS kind FROM snapshot_chunk;
`);
}

/** Version 4: sampled allocations. Their data are pieces. */
function addAllocations(db: Pick<Sqlite, 'exec'>): void {
  db.exec(`
CREATE TABLE allocation_track (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, session INTEGER NOT NULL, process INTEGER NOT NULL, state TEXT NOT NULL,
  why TEXT NOT NULL, mean REAL NOT NULL, live INTEGER NOT NULL, merged INTEGER NOT NULL, start INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT;
CREATE INDEX track_of_session ON allocation_track (session, id);
`);
}
