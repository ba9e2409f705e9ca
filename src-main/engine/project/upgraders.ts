import { HeapscopeError } from '../base/errors.ts';
import type { Sqlite } from './sqlite.ts';

/** Takes a file from one version to the next; runs inside a transaction. */
export type Upgrader = (db: Pick<Sqlite, 'exec'>) => void;

/**
 * Step i takes version i + 1 to i + 2. Append only: a released step never changes. Each new one comes with a file of the
 * version before it in `fixtures/` and a test that reads it.
 */
export const UPGRADERS: readonly Upgrader[] = [addSnapshots];

/** The newest version we write and read. */
export const FORMAT_VERSION = UPGRADERS.length + 1;

/**
 * Brings a file up to date in one transaction. It must not be in WAL mode: the version in the header is then always that
 * of the contents, and an older Heapscope that reads the header alone refuses the file without touching it.
 */
export function upgrade(db: Sqlite, path: string, upgraders: readonly Upgrader[] = UPGRADERS): void {
  const version = db.number('PRAGMA user_version');
  const newest = upgraders.length + 1;
  if (version > newest) throw new HeapscopeError('project.newer', { path, version, supported: newest });
  if (version === newest) return;
  db.transaction(() => {
    for (const step of upgraders.slice(version - 1)) step(db);
    db.exec(`PRAGMA user_version = ${newest}`);
  });
}

/** Steps that only add tables. */
const ADDING: ReadonlySet<Upgrader> = new Set([addSnapshots]);

/**
 * Lets a connection that only reads see a file of an older version as if it were of the newest: what was added since is there,
 * and empty. Whether that can be: a step may have changed what was there.
 */
export function readAsNewest(db: Sqlite, version: number, upgraders: readonly Upgrader[] = UPGRADERS): boolean {
  const steps = upgraders.slice(version - 1);
  if (!steps.every((step) => ADDING.has(step))) return false;
  for (const step of steps) step({ exec: (sql) => db.exec(sql.replaceAll('CREATE TABLE', 'CREATE TEMP TABLE')) });
  return true;
}

/** Version 2: heap snapshots, bookmarks in them, and runs laid side by side. */
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
