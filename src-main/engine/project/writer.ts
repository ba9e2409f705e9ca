import type {
  Bytes,
  ConsoleInfo,
  ConsolePart,
  EventKind,
  EventRow,
  ExitStatus,
  Facts,
  Interpreter,
  Milliseconds,
  ProcessId,
  ProcessRow,
  SeriesId,
  SessionId,
  SessionRow,
  SessionTime,
} from '../../../src-preload/contract/index.ts';
import { HeapscopeError, messageOf } from '../base/errors.ts';
import type { AllocationTrack } from './allocation-track.ts';
import type { ConsoleWriter } from './console-writer.ts';
import type { IdCounter } from './ids.ts';
import { toJson } from './rows.ts';
import type { SeriesReader } from './series-reader.ts';
import type { SeriesReaders } from './series-readers.ts';
import { SQLITE, sqliteCode, type Sqlite } from './sqlite.ts';

/** What a writer needs of its project. */
export interface WriterHost {
  path(): string;
  /** The file is about to change: data that can wait stays in memory. */
  held(): boolean;
  readonly ids: IdCounter;
  readonly series: SeriesReaders;
  /** Throws SQLite's error. */
  transaction<T>(work: (db: Sqlite) => T): T;
  changed(session: SessionId): void;
  /** The session is completely in the file; reads do not need its memory any more. */
  finished(session: SessionId): void;
}

/** Memory of a recording session: what reads see, whether it is in the file or not. */
export interface LiveSession {
  row: SessionRow;
  readonly processes: Map<ProcessId, ProcessRow>;
  readonly series: { id: SeriesId; process: ProcessId | null; metric: string }[];
  events: EventRow[];
  readonly console: ConsoleWriter;
  readonly allocations: AllocationTrack[];
}

/**
 * Writes one session while it records. Everything goes to memory at once and to the file with `flush`, in one transaction: the file always
 * contains a consistent state, and a failed flush loses nothing that can be read.
 */
export class SessionWriter {
  readonly id: SessionId;
  readonly live: LiveSession;
  readonly #host: WriterHost;
  readonly #readers = new Map<SeriesId, SeriesReader>();
  readonly #seriesIds = new Map<string, SeriesId>();
  readonly #dirtySeries = new Set<SeriesReader>();
  readonly #dirtyProcesses = new Set<ProcessId>();
  readonly #newSeries = new Set<SeriesId>();
  #dirty = false;
  #ending = false;
  #finished = false;

  constructor(host: WriterHost, row: SessionRow, console: ConsoleWriter) {
    this.#host = host;
    this.id = row.id;
    this.live = { row, processes: new Map(), series: [], events: [], console, allocations: [] };
  }

  addProcess(o: Pick<ProcessRow, 'pid' | 'parent' | 'command' | 'python' | 'start' | 'agent'>): ProcessRow {
    const ordinal = this.live.processes.size;
    const id = this.#host.ids.next('process');
    const row: ProcessRow = { ...o, start: Math.round(o.start), id, session: this.id, ordinal, end: null, exit: null };
    this.live.processes.set(row.id, row);
    this.#touchProcess(row);
    return { ...row };
  }

  updateProcess(id: ProcessId, patch: Partial<Omit<ProcessRow, 'id' | 'session' | 'ordinal'>>): ProcessRow {
    const known = this.live.processes.get(id);
    if (known === undefined) throw new Error(`process ${id} is not of session ${this.id}`);
    const row = { ...known, ...patch };
    if (row.end !== null) row.end = Math.round(row.end);
    this.live.processes.set(id, row);
    this.#touchProcess(row);
    return { ...row };
  }

  /** Returns the same series again for the same process and metric. */
  addSeries(process: ProcessId | null, metric: string): SeriesId {
    const key = `${process ?? ''} ${metric}`;
    const known = this.#seriesIds.get(key);
    if (known !== undefined) return known;
    const id = this.#host.ids.next('series');
    this.#seriesIds.set(key, id);
    this.#readers.set(id, this.#host.series.add(id));
    this.live.series.push({ id, process, metric });
    this.#newSeries.add(id);
    return id;
  }

  /** A non-finite value is a gap. */
  append(series: SeriesId, t: SessionTime, value: number): void {
    const reader = this.#readers.get(series);
    if (reader === undefined) throw new Error(`series ${series} is not of session ${this.id}`);
    reader.append(t, value);
    this.#dirtySeries.add(reader);
    if (Number.isFinite(value)) this.live.row.samples++;
    this.#advance(t);
  }

  addEvent(process: ProcessId | null, t: SessionTime, kind: EventKind, facts: Facts): EventRow {
    const event: EventRow = { id: this.#host.ids.next('event'), session: this.id, process, t: Math.max(0, Math.round(t)), kind, facts };
    this.live.events.push(event);
    this.#advance(t);
    return event;
  }

  addAllocations(track: AllocationTrack): AllocationTrack {
    this.live.allocations.push(track);
    return track;
  }

  appendConsole(t: SessionTime, bytes: Uint8Array): ConsolePart {
    this.#advance(t);
    return this.live.console.append(t, bytes);
  }

  resizeConsole(columns: number, rows: number): void {
    this.live.console.resize(columns, rows);
    this.#dirty = true;
  }

  get consoleInfo(): ConsoleInfo {
    return this.live.console.info;
  }

  /** The Python that was found at run time, if the launch does not name it (a command line). Set once. */
  identify(interpreter: Interpreter): void {
    if (this.live.row.interpreter !== null) return;
    this.live.row = { ...this.live.row, interpreter };
    this.#dirty = true;
  }

  /** How far the session has come, and its highest RSS; written with the next flush. */
  touch(t: SessionTime, peakRss: Bytes | null): void {
    this.#advance(t);
    if (peakRss !== null) this.live.row.peakRss = Math.max(peakRss, this.live.row.peakRss ?? 0);
  }

  /**
   * Writes everything new in one transaction. Throws `recording.disk-full` or `recording.write-failed`; then all of it is still in memory,
   * and the next flush tries again.
   */
  flush(): void {
    if (!this.#finished && !this.#host.held()) this.#flush();
  }

  /** The last flush. If the disk is full, at least the state is written, if that still fits. */
  finish(o: { state: 'ended' | 'stopped-recording'; exit: ExitStatus | null; duration: Milliseconds }): void {
    if (this.#finished) return;
    const { row } = this.live;
    this.live.row = { ...row, state: o.state, exit: o.exit, duration: Math.max(row.duration, Math.round(o.duration)) };
    this.#dirty = true;
    this.#ending = true;
    for (const track of this.live.allocations) track.end();
    try {
      this.#flush();
    } catch (thrown) {
      this.#writeStateOnly();
      this.#host.changed(this.id);
      throw thrown;
    }
  }

  #flush(): void {
    if (!this.#hasNews()) return;
    const readers = this.#ending ? [...this.#readers.values()] : [...this.#dirtySeries];
    const applied = this.#mapped(() => this.#host.transaction((db) => this.#write(db, readers)));
    for (const apply of applied) apply();
    this.#newSeries.clear();
    this.live.events = [];
    this.#dirtySeries.clear();
    this.#dirtyProcesses.clear();
    this.#dirty = false;
    this.#finished = this.#ending;
    if (this.#finished) this.#host.finished(this.id);
    this.#host.changed(this.id);
  }

  #hasNews(): boolean {
    return (
      this.#dirty || this.#dirtySeries.size > 0 || this.live.events.length > 0 || this.live.console.dirty || this.#dirtyTracks().length > 0
    );
  }

  #write(db: Sqlite, readers: readonly SeriesReader[]): (() => void)[] {
    for (const id of this.#dirtyProcesses) writeProcess(db, this.live.processes.get(id)!);
    for (const { id, process, metric } of this.live.series) if (this.#newSeries.has(id)) writeSeries(db, this.id, id, process, metric);
    const applied = readers.map((reader) => this.#host.series.write(reader, this.#ending));
    for (const event of this.live.events) writeEvent(db, event);
    applied.push(this.live.console.write(db), ...this.#dirtyTracks().map((track) => track.write(db)));
    writeProgress(db, this.live);
    return applied;
  }

  #dirtyTracks(): AllocationTrack[] {
    return this.live.allocations.filter(({ dirty }) => dirty);
  }

  #writeStateOnly(): void {
    const { state, exit, duration } = this.live.row;
    const sql = 'UPDATE session SET state = ?, exit = ?, duration = ? WHERE id = ?';
    try {
      this.#host.transaction((db) => db.run(sql, state, toJson(exit), duration, this.id));
    } catch {
      // Not even that fits: the next opening marks the session as interrupted.
    }
  }

  #mapped<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      const code = sqliteCode(thrown);
      if (code === null) throw thrown;
      const facts = { path: this.#host.path(), detail: messageOf(thrown) };
      throw new HeapscopeError(code === SQLITE.full ? 'recording.disk-full' : 'recording.write-failed', facts, thrown);
    }
  }

  #touchProcess(row: ProcessRow): void {
    this.#dirtyProcesses.add(row.id);
    this.#dirty = true;
    const agent = row.agent === 'connected' || row.agent === 'not-answering' || row.agent === 'gone';
    this.live.row = { ...this.live.row, processes: this.live.processes.size, agent: this.live.row.agent || agent };
  }

  #advance(t: SessionTime): void {
    const time = Math.round(t) || 0;
    if (time > this.live.row.duration) this.live.row.duration = time;
    this.#dirty = true;
  }
}

export function writeProcess(db: Sqlite, row: ProcessRow): void {
  const sql = `INSERT INTO process (id, session, ordinal, pid, parent, command, python, start, ended, exit, agent)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET pid = excluded.pid, parent = excluded.parent,
    command = excluded.command, python = excluded.python, start = excluded.start, ended = excluded.ended, exit = excluded.exit, agent = excluded.agent`;
  const { id, session, ordinal, pid, parent, command, python, start, end, exit, agent } = row;
  db.run(sql, id, session, ordinal, pid, parent, command, python, start, end, toJson(exit), agent);
}

export function writeSeries(db: Sqlite, session: SessionId, id: SeriesId, process: ProcessId | null, metric: string): void {
  db.run('INSERT INTO series (id, session, process, metric) VALUES (?, ?, ?, ?)', id, session, process, metric);
}

export function writeEvent(db: Sqlite, { id, session, process, t, kind, facts }: EventRow): void {
  db.run(
    'INSERT INTO event (id, session, process, t, kind, facts) VALUES (?, ?, ?, ?, ?, ?)',
    id,
    session,
    process,
    t,
    kind,
    JSON.stringify(facts),
  );
}

function writeProgress(db: Sqlite, { row, console }: LiveSession): void {
  const { total, cutFrom, cut, columns, rows } = console.info;
  const sql = `UPDATE session SET state = ?, interpreter = ?, exit = ?, duration = ?, peak_rss = ?, samples = ?, columns = ?, rows = ?,
    console_total = ?, console_cut_from = ?, console_cut = ? WHERE id = ?`;
  db.run(
    sql,
    row.state,
    toJson(row.interpreter),
    toJson(row.exit),
    row.duration,
    row.peakRss,
    row.samples,
    columns,
    rows,
    total,
    cutFrom,
    cut,
    row.id,
  );
}
