import type {
  ConsoleInfo,
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
import { BadCell, number, numberOrNull, text, type Row, type Sqlite } from './sqlite.ts';

/** What a session found in state `running` is: recorded by another process, or by nobody any more. */
export type Running = 'running' | 'interrupted';

export function listSessions(db: Sqlite, running: Running): SessionRow[] {
  const rows = db.all(`SELECT ${SESSION_COLUMNS} FROM session WHERE deleted = 0 ORDER BY started_at, id`);
  return readable(rows, (row) => toSession(row, running));
}

export function getSession(db: Sqlite, id: SessionId, running: Running): SessionRow {
  const row = db.get(`SELECT ${SESSION_COLUMNS} FROM session WHERE id = ? AND deleted = 0`, id);
  const [session] = row === undefined ? [] : readable([row], (found) => toSession(found, running));
  if (session === undefined) throw new HeapscopeError('session.missing', { session: id });
  return session;
}

export interface NewSessionRow {
  row: SessionRow;
  columns: number;
  rows: number;
  consoleLimit: number;
}

/** `hidden`: as if deleted, until it is whole. */
export function insertSession(
  db: Sqlite,
  { row, columns, rows, consoleLimit }: NewSessionRow,
  console: ConsoleInfo,
  hidden: boolean,
): void {
  const sql = `INSERT INTO session (id, uuid, name, note, state, program, launch, interpreter, started_at, duration, peak_rss, exit,
    samples, columns, rows, console_limit, console_total, console_cut_from, console_cut, deleted)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  const head = [row.id, row.uuid, row.name, row.note, row.state, row.program, JSON.stringify(row.launch), toJson(row.interpreter)];
  const figures = [Math.round(row.startedAt), row.duration, row.peakRss, toJson(row.exit), row.samples];
  db.run(sql, ...head, ...figures, columns, rows, consoleLimit, console.total, console.cutFrom, console.cut, hidden ? 1 : 0);
}

export function setDeleted(db: Sqlite, ids: readonly SessionId[], deleted: boolean): void {
  for (const id of ids) {
    const { changes } = db.run('UPDATE session SET deleted = ? WHERE id = ?', deleted ? 1 : 0, id);
    if (changes === 0) throw new HeapscopeError('session.missing', { session: id });
  }
}

export function listProcesses(db: Sqlite, session: SessionId): ProcessRow[] {
  return readable(db.all('SELECT * FROM process WHERE session = ? ORDER BY ordinal, id', session), toProcess);
}

export interface SeriesRow {
  id: SeriesId;
  session: SessionId;
  process: ProcessId | null;
  metric: string;
}

export function listSeries(db: Sqlite, session: SessionId): SeriesRow[] {
  return readable(db.all('SELECT * FROM series WHERE session = ? ORDER BY id', session), toSeries);
}

/** Throws `series.missing` for the first that is not there. */
export function requireSeries(db: Sqlite, ids: readonly SeriesId[]): void {
  for (const id of ids)
    if (db.get('SELECT id FROM series WHERE id = ?', id) === undefined) throw new HeapscopeError('series.missing', { series: id });
}

function toSeries(row: Row): SeriesRow {
  return { id: number(row, 'id'), session: number(row, 'session'), process: numberOrNull(row, 'process'), metric: text(row, 'metric') };
}

/** At most `limit` of the events between two times, both included; `total` counts all of them. */
export function listEvents(
  db: Sqlite,
  session: SessionId,
  from: SessionTime,
  to: SessionTime,
  limit: number,
): { total: number; events: EventRow[] } {
  const range = 'FROM event WHERE session = ? AND t >= ? AND t <= ?';
  const total = db.number(`SELECT count(*) ${range}`, session, from, to);
  const rows = db.all(`SELECT * ${range} ORDER BY t, id LIMIT ?`, session, from, to, Math.max(0, Math.floor(limit)));
  return { total, events: readable(rows, toEvent) };
}

export function getConsoleInfo(db: Sqlite, session: SessionId): ConsoleInfo {
  const row = db.get('SELECT * FROM session WHERE id = ? AND deleted = 0', session);
  if (row === undefined) throw new HeapscopeError('session.missing', { session });
  const of = (column: string): number => number(row, column);
  return { total: of('console_total'), cutFrom: of('console_cut_from'), cut: of('console_cut'), columns: of('columns'), rows: of('rows') };
}

/** Rows that make sense; a row of the wrong shape or kind is left out. */
function readable<T>(rows: readonly Row[], read: (row: Row) => T | null): T[] {
  const found: T[] = [];
  for (const row of rows) {
    try {
      const value = read(row);
      if (value !== null) found.push(value);
    } catch (thrown) {
      if (!(thrown instanceof BadCell)) throw thrown;
    }
  }
  return found;
}
