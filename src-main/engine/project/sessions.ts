import { randomUUID } from 'node:crypto';
import type {
  ConsoleInfo,
  EventKind,
  EventRow,
  ProcessId,
  ProcessRow,
  SeriesId,
  SessionId,
  SessionRow,
  SessionTime,
} from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import { SESSION_COLUMNS, toEvent, toJson, toProcess, toSession } from './rows.ts';
import { id, idOrNull, LINE, LONGEST_SESSION, or, text, whole } from './cells.ts';
import { readable, type LostRows } from './lost-rows.ts';
import type { Row, Sqlite } from './sqlite.ts';

/** Size of a terminal, in columns or rows. */
const MOST_CELLS = 10_000;

/** The state of a session stored as `running`: recorded by another process, or interrupted. */
export type Running = 'running' | 'interrupted';

export function listSessions(db: Sqlite, running: Running, lost?: LostRows): SessionRow[] {
  const rows = db.iterate(`SELECT ${SESSION_COLUMNS} FROM session WHERE deleted <> 1`);
  const sessions = [...readable(rows, (row) => toSession(row, running), 'session', lost)];
  return sessions.sort((a, b) => a.startedAt - b.startedAt || a.id - b.id);
}

/** The next sessions by number, after `after`: a page that is read quickly. */
export function sessionsAfter(db: Sqlite, running: Running, after: SessionId, limit: number, lost?: LostRows): SessionRow[] {
  const sql = `SELECT ${SESSION_COLUMNS} FROM session WHERE deleted <> 1 AND id > ? ORDER BY id LIMIT ?`;
  return [...readable(db.iterate(sql, after, limit), (row) => toSession(row, running), 'session', lost)];
}

/** The first session with this uuid that is not deleted; undefined: there is none. */
export function sessionOf(db: Sqlite, uuid: string, running: Running, lost?: LostRows): SessionRow | undefined {
  const rows = db.iterate(`SELECT ${SESSION_COLUMNS} FROM session WHERE uuid = ? AND deleted <> 1 ORDER BY id LIMIT 1`, uuid);
  return [...readable(rows, (row) => toSession(row, running), 'session', lost)][0];
}

export function getSession(db: Sqlite, id: SessionId, running: Running): SessionRow {
  const row = db.get(`SELECT ${SESSION_COLUMNS} FROM session WHERE id = ? AND deleted <> 1`, id);
  const [session] = row === undefined ? [] : readable([row], (found) => toSession(found, running), 'session');
  if (session === undefined) throw new HeapscopeError('session.missing', { session: id });
  return session;
}

/** Throws `session.missing`. */
export function requireSession(db: Sqlite, id: SessionId): void {
  if (db.get('SELECT id FROM session WHERE id = ? AND deleted <> 1', id) === undefined)
    throw new HeapscopeError('session.missing', { session: id });
}

/** The row of a new session. */
export function freshSession(id: SessionId, o: Pick<SessionRow, 'name' | 'program' | 'origin' | 'interpreter' | 'startedAt'>): SessionRow {
  const { name, program, origin, interpreter } = o;
  const nothingYet = { note: '', duration: 0, peakRss: null, exit: null, processes: 0, samples: 0, agent: false };
  return {
    ...nothingYet,
    id,
    uuid: randomUUID(),
    name,
    state: 'running',
    program,
    origin,
    interpreter,
    startedAt: Math.round(o.startedAt),
  };
}

export interface NewSessionRow {
  row: SessionRow;
  columns: number;
  rows: number;
  consoleLimit: number;
}

/** `hidden`: as if deleted, until it is complete. */
export function insertSession(
  db: Sqlite,
  { row, columns, rows, consoleLimit }: NewSessionRow,
  console: ConsoleInfo,
  hidden: boolean,
): void {
  const sql = `INSERT INTO session (id, uuid, name, note, state, program, origin, interpreter, started_at, duration, peak_rss, exit,
    samples, columns, rows, console_limit, console_total, console_cut_from, console_cut, deleted)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  const head = [row.id, row.uuid, row.name, row.note, row.state, row.program, JSON.stringify(row.origin), toJson(row.interpreter)];
  const figures = [Math.round(row.startedAt), row.duration, row.peakRss, toJson(row.exit), row.samples];
  db.run(sql, ...head, ...figures, columns, rows, consoleLimit, console.total, console.cutFrom, console.cut, hidden ? 1 : 0);
}

export function setDeleted(db: Sqlite, ids: readonly SessionId[], deleted: boolean): void {
  for (const id of ids) {
    const { changes } = db.run('UPDATE session SET deleted = ? WHERE id = ?', deleted ? 1 : 0, id);
    if (changes === 0) throw new HeapscopeError('session.missing', { session: id });
  }
}

export function listProcesses(db: Sqlite, session: SessionId, lost?: LostRows): ProcessRow[] {
  const rows = db.iterate('SELECT * FROM process WHERE session = ? ORDER BY ordinal, id', session);
  return [...readable(rows, toProcess, 'process', lost)];
}

export interface SeriesRow {
  id: SeriesId;
  session: SessionId;
  process: ProcessId | null;
  metric: string;
}

export function listSeries(db: Sqlite, session: SessionId, lost?: LostRows): SeriesRow[] {
  return [...readable(db.iterate('SELECT * FROM series WHERE session = ? ORDER BY id', session), toSeries, 'series', lost)];
}

/** Throws `series.missing` for the first that does not exist. */
export function requireSeries(db: Sqlite, ids: readonly SeriesId[]): void {
  for (const id of ids)
    if (db.get('SELECT id FROM series WHERE id = ?', id) === undefined) throw new HeapscopeError('series.missing', { series: id });
}

function toSeries(row: Row): SeriesRow {
  return { id: id(row, 'id'), session: id(row, 'session'), process: idOrNull(row, 'process'), metric: text(row, 'metric', LINE) };
}

/** At most `limit` of the events between two times, both included; `total` counts all of them. */
export function listEvents(
  db: Sqlite,
  session: SessionId,
  from: SessionTime,
  to: SessionTime,
  limit: number,
  lost?: LostRows,
): { total: number; events: EventRow[] } {
  const range = 'FROM event WHERE session = ? AND t >= ? AND t <= ?';
  const total = db.number(`SELECT count(*) ${range}`, session, from, to);
  if (lost !== undefined) countTimeless(db, session, lost);
  const rows = db.iterate(`SELECT * ${range} ORDER BY t, id LIMIT ?`, session, from, to, Math.max(0, Math.floor(limit)));
  return { total, events: [...readable(rows, toEvent, 'event', lost)] };
}

/** Counts events whose time no session can have: no range of times includes them. */
function countTimeless(db: Sqlite, session: SessionId, lost: LostRows): void {
  const sql = 'SELECT id FROM event WHERE session = ? AND (t < 0 OR t > ?)';
  for (const row of db.iterate(sql, session, LONGEST_SESSION)) lost.add('event', row['id']);
}

/** The first `limit` events of these kinds in the whole file. */
export function listEventsOf(db: Sqlite, kinds: readonly EventKind[], limit: number, lost?: LostRows): EventRow[] {
  const places = kinds.map(() => '?').join(', ');
  const rows = db.iterate(`SELECT * FROM event WHERE kind IN (${places}) ORDER BY session, t, id LIMIT ?`, ...kinds, limit);
  return [...readable(rows, toEvent, 'event', lost)];
}

export function getConsoleInfo(db: Sqlite, session: SessionId): ConsoleInfo {
  const row = db.get('SELECT * FROM session WHERE id = ? AND deleted <> 1', session);
  if (row === undefined) throw new HeapscopeError('session.missing', { session });
  const of = (column: string): number => or(0, () => whole(row, column));
  const size = (column: string, usual: number): number => or(usual, () => whole(row, column, 1, MOST_CELLS));
  return {
    total: of('console_total'),
    cutFrom: of('console_cut_from'),
    cut: of('console_cut'),
    columns: size('columns', 80),
    rows: size('rows', 24),
  };
}
