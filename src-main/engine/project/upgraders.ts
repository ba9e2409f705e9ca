import { HeapscopeError } from '../base/errors.ts';
import type { Sqlite } from './sqlite.ts';

/** Takes a file from one version to the next; runs inside a transaction. */
export type Upgrader = (db: Sqlite) => void;

/**
 * Step i takes version i + 1 to i + 2. Append only: a released step never changes. Each new one comes with a file of the
 * version before it in `fixtures/` and a test that reads it.
 */
export const UPGRADERS: readonly Upgrader[] = [];

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
