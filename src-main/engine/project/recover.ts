import type { ErrorData, SeriesId, SessionId, SnapshotId } from '../../../src-preload/contract/index.ts';
import { HIGHEST_ID, LONGEST_SESSION, or } from './cells.ts';
import { SeriesReaders } from './series-readers.ts';
import { deletePieces } from './pieces.ts';
import { number, type Sqlite } from './sqlite.ts';

/** Number of free pages (4 KiB each) from which shrinking the file is worthwhile. */
const WORTH_VACUUM = 16;

/** Repairs what an app left behind that ended while it recorded, and purges what was deleted. */
export function tidy(db: Sqlite): void {
  const { running, deleted } = marked(db);
  recoverSessions(db, running);
  recoverSnapshots(db);
  purge(db, deleted);
}

/** Removes deleted sessions and snapshots from the file and frees the space. */
export function purgeDeleted(db: Sqlite): void {
  purge(db, marked(db).deleted);
}

/** The sessions that opening has to process, in one scan: among 200,000 rows each scan takes a tenth of a second. */
function marked(db: Sqlite): { running: SessionId[]; deleted: SessionId[] } {
  const rows = db.all("SELECT id, state = 'running' AS runs, deleted = 1 AS gone FROM session WHERE state = 'running' OR deleted = 1");
  const those = (column: string): SessionId[] => rows.filter((row) => row[column] === 1).map((row) => number(row, 'id'));
  return { running: those('runs'), deleted: those('gone') };
}

/** Sessions without a recorder become `interrupted`, and loose fragments become chunks. One transaction. */
function recoverSessions(db: Sqlite, running: readonly SessionId[]): void {
  const withFragment = `SELECT DISTINCT series FROM fragment WHERE series BETWEEN 1 AND ${HIGHEST_ID}`;
  const loose: SeriesId[] = db.all(withFragment).map((row) => number(row, 'series'));
  if (loose.length === 0 && running.length === 0) return;
  const store = new SeriesReaders(
    () => db,
    () => true,
  );
  db.transaction(() => {
    for (const reader of store.get(loose)) store.write(reader, true);
    db.run('DELETE FROM fragment');
    for (const id of running) interrupt(db, store, id);
  });
}

/** The session lasted until its last known data. */
function interrupt(db: Sqlite, store: SeriesReaders, session: SessionId): void {
  const ids: SeriesId[] = db.all('SELECT id FROM series WHERE session = ?', session).map((row) => number(row, 'id'));
  const lastSample = Math.max(0, ...store.get(ids).map((reader) => reader.lastTime ?? 0));
  const lastEvent = db.number('SELECT max(t) FROM event WHERE session = ? AND t <= ?', session, LONGEST_SESSION);
  const sql = "UPDATE session SET state = 'interrupted', duration = max(iif(duration BETWEEN 0 AND ?, duration, 0), ?, ?) WHERE id = ?";
  db.run(sql, LONGEST_SESSION, lastSample, lastEvent, session);
}

/** Snapshots that were in progress when the app ended: they have failed, and nothing of them is kept. One transaction. */
function recoverSnapshots(db: Sqlite): void {
  const half = db.all("SELECT id, pid FROM snapshot WHERE state IN ('capturing', 'importing')");
  if (half.length === 0) return;
  db.transaction(() => {
    for (const row of half) {
      deletePieces(db, 'snapshot', number(row, 'id'));
      const error: ErrorData = { code: 'snapshot.interrupted', facts: { pid: or(0, () => number(row, 'pid')) } };
      db.run("UPDATE snapshot SET state = 'failed', error = ? WHERE id = ?", JSON.stringify(error), number(row, 'id'));
    }
  });
}

function purge(db: Sqlite, sessions: readonly SessionId[]): void {
  for (const session of sessions) db.transaction(() => purgeSession(db, session));
  const snapshots: SnapshotId[] = db.all('SELECT id FROM snapshot WHERE deleted = 1').map((row) => number(row, 'id'));
  for (const snapshot of snapshots) db.transaction(() => purgeSnapshot(db, snapshot));
  if (db.number('PRAGMA freelist_count') > WORTH_VACUUM) db.exec('PRAGMA incremental_vacuum');
}

/** Deletes everything of a session; inside a transaction. */
export function purgeSession(db: Sqlite, session: SessionId): void {
  const chunks = 'SELECT id FROM chunk_index WHERE series IN (SELECT id FROM series WHERE session = ?)';
  db.run(`DELETE FROM chunk WHERE id IN (${chunks})`, session);
  for (const table of ['chunk_index', 'fragment'])
    db.run(`DELETE FROM ${table} WHERE series IN (SELECT id FROM series WHERE session = ?)`, session);
  for (const row of db.all('SELECT id FROM snapshot WHERE session = ?', session)) purgeSnapshot(db, number(row, 'id'));
  db.run('DELETE FROM snapshot_plan WHERE id = ?', session);
  for (const row of db.all('SELECT id FROM allocation_track WHERE session = ?', session))
    deletePieces(db, 'allocations', number(row, 'id'));
  for (const table of ['series', 'process', 'event', 'console', 'allocation_track'])
    db.run(`DELETE FROM ${table} WHERE session = ?`, session);
  db.run('DELETE FROM session WHERE id = ?', session);
}

function purgeSnapshot(db: Sqlite, snapshot: SnapshotId): void {
  deletePieces(db, 'snapshot', snapshot);
  db.run('DELETE FROM bookmark WHERE snapshot = ?', snapshot);
  db.run('DELETE FROM snapshot WHERE id = ?', snapshot);
}
