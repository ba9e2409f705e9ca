import { basename } from 'node:path';
import type {
  ConsoleHit,
  ConsoleInfo,
  ConsolePart,
  DamageReport,
  EventKind,
  EventRow,
  Facts,
  Interpreter,
  LaunchSpec,
  ProcessId,
  ProcessRow,
  Progress,
  ProjectInfo,
  RangeStats,
  SeriesId,
  SeriesInfo,
  SeriesWindow,
  SessionId,
  SessionRow,
  SessionTime,
  UnixTime,
  WindowRequest,
} from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { Bookmarks } from './bookmarks.ts';
import { Connection } from './connection.ts';
import { ConsoleSearch } from './console-search.ts';
import { ConsoleWriter, readParts, storedConsole } from './console-store.ts';
import { copyAll } from './copy.ts';
import { IdCounter } from './ids.ts';
import { LostRows } from './lost-rows.ts';
import { createFile, DamagedFile, openFile, type OpenFile } from './open.ts';
import { claimed, type PathClaim } from './open-paths.ts';
import { purgeDeleted, recoverSessions, recoverSnapshots } from './recover.ts';
import { lowerBound, upperBound } from './pyramid.ts';
import { RunComparisons } from './run-comparisons.ts';
import { salvage } from './salvage.ts';
import { SeriesStore } from './series-store.ts';
import {
  freshSession,
  getConsoleInfo,
  getSession,
  insertSession,
  listEvents,
  listEventsOf,
  listProcesses,
  listSeries,
  listSessions,
  requireSeries,
  sessionOf,
  sessionsAfter,
  setDeleted,
  type Running,
} from './sessions.ts';
import { SnapshotStore } from './snapshot-store.ts';
import type { Sqlite } from './sqlite.ts';
import { statsOf } from './stats.ts';
import { FORMAT_VERSION } from './upgraders.ts';
import { samplesBetween, windowOf } from './window.ts';
import { SessionWriter, writeEvent, type WriterHost } from './writer.ts';

/** Up to this many samples in all series asked for, figures are computed from each. */
const EXACT_SAMPLES = 1_000_000;
const MOST_BUCKETS = 8192;
const ENDING = '.heapscope';

export interface NewSession {
  name: string;
  program: string;
  launch: LaunchSpec;
  interpreter: Interpreter | null;
  startedAt: UnixTime;
  columns: number;
  rows: number;
  consoleLimit: number;
}

/**
 * A project file that is open: the only way to its contents. Everything is synchronous and on the calling thread, as each
 * call is short; what takes longer (saving elsewhere, copying) gives a promise. Reads see what a writer of the same process
 * has appended at once, and what another process has flushed.
 */
export class ProjectFile {
  readonly snapshots: SnapshotStore;
  readonly bookmarks: Bookmarks;
  readonly comparisons: RunComparisons;
  #ids: IdCounter;
  #untitled: boolean;
  readonly #log: Log;
  readonly #connection: Connection;
  readonly #damage: DamageReport | null;
  readonly #series: SeriesStore;
  readonly #lost = new LostRows();
  readonly #live = new Map<SessionId, SessionWriter>();
  readonly #changed: Emitter<SessionRow>;

  private constructor(path: string, file: OpenFile, claim: PathClaim, log: Log, damage: DamageReport | null) {
    this.#log = log;
    this.#damage = damage;
    this.#changed = new Emitter((thrown) => log.warn('a listener of a project failed', thrown));
    this.#connection = new Connection(path, file, claim, log, () => this.#series.refresh());
    this.#series = new SeriesStore(
      () => this.#connection.db,
      () => !this.#connection.writable,
    );
    this.snapshots = new SnapshotStore(this.#connection, this.#lost);
    this.bookmarks = new Bookmarks(this.#connection, this.#lost);
    this.comparisons = new RunComparisons(this.#connection, this.#lost);
    if (this.#connection.writable) this.#tidy();
    this.#ids = new IdCounter(file.db);
    this.#untitled = file.db.get("SELECT value = '1' AS yes FROM meta WHERE key = 'untitled'")?.['yes'] === 1;
  }

  /** Makes a new file. Throws `project.exists`, `file.missing` (its folder), `file.forbidden`. */
  static create(path: string, o: { untitled: boolean; log: Log }): ProjectFile {
    return claimed(path, (claim) => new ProjectFile(path, createFile(path, o.untitled), claim, o.log, null));
  }

  /**
   * Opens a file, for writing where that is possible. What can be read of a damaged one is put into a new untitled file in
   * the folder `salvageInto`, and that is opened. Throws `project.missing`, `project.not-a-project`, `project.newer`,
   * `project.damaged` (nothing can be read), `project.in-use` (already open in this process), `file.forbidden`.
   */
  static open(path: string, o: { log: Log; salvageInto: string }): ProjectFile {
    try {
      return claimed(path, (claim) => new ProjectFile(path, openFile(path), claim, o.log, null));
    } catch (thrown) {
      if (!(thrown instanceof DamagedFile)) throw thrown;
      o.log.warn(`damaged project ${path}`, thrown);
      const recovered = salvage(path, o.salvageInto, thrown.message);
      return claimed(recovered.path, (claim) => new ProjectFile(recovered.path, openFile(recovered.path), claim, o.log, recovered.damage));
    }
  }

  /** Opens a whole file to be read, even where it could be written; nothing is made beside it. Throws as `open`. */
  static openToRead(path: string, o: { log: Log }): ProjectFile {
    try {
      return claimed(path, (claim) => new ProjectFile(path, openFile(path, { canWrite: () => false }), claim, o.log, null));
    } catch (thrown) {
      if (thrown instanceof DamagedFile) throw new HeapscopeError('project.damaged', { path, detail: thrown.message }, thrown);
      throw thrown;
    }
  }

  get path(): string {
    return this.#connection.path;
  }

  /** Something was written since it was opened. */
  get changed(): boolean {
    return this.#connection.changed;
  }

  /** A row of a session has changed, by a call or because it records. */
  readonly onChange = (listener: (row: SessionRow) => void): Disposable => this.#changed.on(listener);

  facts(): Omit<ProjectInfo, 'id'> {
    const { path, writable, readOnlyReason, size } = this.#connection;
    const name = basename(path);
    return {
      path,
      name: name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : name,
      untitled: this.#untitled,
      access: writable ? 'write' : 'read-only',
      readOnlyReason,
      damage: this.#damageSoFar(),
      size,
      formatVersion: FORMAT_VERSION,
    };
  }

  listSessions(): SessionRow[] {
    return this.#connection.read((db) => listSessions(db, this.#running, this.#lost).map((row) => this.#withLive(row)));
  }

  /** At most `limit` sessions by number, after `after`: a piece of a long list. */
  sessionsAfter(after: SessionId, limit: number): SessionRow[] {
    return this.#connection.read((db) => sessionsAfter(db, this.#running, after, limit, this.#lost).map((row) => this.#withLive(row)));
  }

  /** undefined: no session has this uuid. */
  sessionOf(uuid: string): SessionRow | undefined {
    return this.#connection.read((db) => {
      const row = sessionOf(db, uuid, this.#running, this.#lost);
      return row && this.#withLive(row);
    });
  }

  hasSessions(): boolean {
    return this.#connection.read((db) => db.number('SELECT EXISTS (SELECT 1 FROM session WHERE deleted = 0)')) === 1;
  }

  /** Throws `session.missing`. */
  session(id: SessionId): SessionRow {
    return this.#connection.read((db) => this.#withLive(getSession(db, id, this.#running)));
  }

  updateSession(id: SessionId, patch: { name?: string; note?: string }): SessionRow {
    const row = { ...this.session(id), ...patch };
    this.#connection.write((db) => db.run('UPDATE session SET name = ?, note = ? WHERE id = ?', row.name, row.note, id));
    const writer = this.#live.get(id);
    if (writer !== undefined) writer.live.row = { ...writer.live.row, name: row.name, note: row.note };
    this.#changed.emit(row);
    return row;
  }

  /** Hides sessions; they leave the file when it is closed. Throws `project.recording` for one that records. */
  deleteSessions(ids: readonly SessionId[]): void {
    if (ids.some((id) => this.#live.has(id))) throw new HeapscopeError('project.recording', { path: this.path });
    this.#connection.write((db) => setDeleted(db, ids, true));
  }

  restoreSessions(ids: readonly SessionId[]): void {
    this.#connection.write((db) => setDeleted(db, ids, false));
  }

  processes(session: SessionId): ProcessRow[] {
    const live = this.#live.get(session)?.live;
    return live === undefined
      ? this.#connection.read((db) => listProcesses(db, session, this.#lost))
      : [...live.processes.values()].map((row) => ({ ...row }));
  }

  series(session: SessionId): SeriesInfo[] {
    return this.#connection.read((db) => {
      const live = this.#live.get(session)?.live;
      const rows = live?.series.map((row) => ({ ...row, session })) ?? listSeries(db, session, this.#lost);
      const readers = this.#series.get(rows.map(({ id }) => id));
      return rows.map((row, i) => ({ ...row, ...this.#series.info(readers[i]!) }));
    });
  }

  /** Events between two times, both included: the first `limit` of them. */
  events(session: SessionId, from: SessionTime, to: SessionTime, limit: number): { total: number; events: EventRow[] } {
    const stored = this.#connection.read((db) => listEvents(db, session, from, to, limit, this.#lost));
    const pending = this.#live.get(session)?.live.events.filter(({ t }) => t >= from && t <= to) ?? [];
    if (pending.length === 0) return stored;
    const events = [...stored.events, ...pending].sort((a, b) => a.t - b.t || a.id - b.id).slice(0, limit);
    return { total: stored.total + pending.length, events };
  }

  /** The first `limit` events of these kinds that stand in the file, of all sessions. */
  eventsOf(kinds: readonly EventKind[], limit: number): EventRow[] {
    return this.#connection.read((db) => listEventsOf(db, kinds, limit, this.#lost));
  }

  addEvent(session: SessionId, process: ProcessId | null, t: SessionTime, kind: EventKind, facts: Facts): EventRow {
    const writer = this.#live.get(session);
    if (writer !== undefined) return writer.addEvent(process, t, kind, facts);
    this.session(session);
    const event: EventRow = { id: this.#ids.next('event'), session, process, t: Math.max(0, Math.round(t)), kind, facts };
    this.#connection.write((db) => writeEvent(db, event));
    return event;
  }

  /** Throws `series.missing`. */
  window({ series, from, to, buckets }: WindowRequest): SeriesWindow[] {
    const points = Math.min(MOST_BUCKETS, Math.max(1, Math.floor(buckets)));
    return this.#withSeries(series, (readers) => readers.map((reader) => ({ series: reader.id, ...windowOf(reader, from, to, points) })));
  }

  /** Figures over a range, both ends included. From every sample up to a million of them in all, else approximate. */
  stats(series: readonly SeriesId[], from: SessionTime, to: SessionTime): RangeStats[] {
    return this.#withSeries(series, (readers) => {
      const count = readers.reduce((sum, reader) => {
        const { t0, t1 } = reader.blocks;
        return sum + samplesBetween(reader, lowerBound(t1.view(), from), upperBound(t0.view(), to));
      }, 0);
      return readers.map((reader) => statsOf(reader.id, reader, from, to, count <= EXACT_SAMPLES));
    });
  }

  consoleInfo(session: SessionId): ConsoleInfo {
    return this.#live.get(session)?.consoleInfo ?? this.#connection.read((db) => getConsoleInfo(db, session));
  }

  readConsole(session: SessionId, offset: number, limit: number): ConsolePart[] {
    return this.#connection.read((db) => readParts(this.#console(db, session, offset), offset, limit));
  }

  /** Looks through what is kept, as it reads without control sequences; gives the first `limit` places, and counts all. */
  searchConsole(session: SessionId, text: string, matchCase: boolean, limit: number): { total: number; hits: ConsoleHit[] } {
    const search = new ConsoleSearch(text, matchCase, limit);
    this.#connection.read((db) => {
      for (const part of this.#console(db, session, 0)) search.feed(part);
    });
    search.end();
    return { total: search.total, hits: search.hits };
  }

  newSession(o: NewSession): SessionWriter {
    const row = freshSession(this.#ids.next('session'), o);
    const console = new ConsoleWriter(row.id, o.consoleLimit, o.columns, o.rows);
    this.#connection.write((db) =>
      insertSession(db, { row, columns: o.columns, rows: o.rows, consoleLimit: o.consoleLimit }, console.info, false),
    );
    const writer = new SessionWriter(this.#host(), row, console);
    this.#live.set(row.id, writer);
    this.#changed.emit({ ...row });
    return writer;
  }

  /**
   * Copies the project to another place and goes on there, also while it records. An untitled file goes away once the copy is
   * whole; a titled one stays as it was. Throws `project.exists`, `project.in-use` (the place is open elsewhere),
   * `file.missing`, `file.forbidden`, `recording.disk-full`; then nothing has changed.
   */
  async saveAs(path: string, overwrite: boolean, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<void> {
    const { tookOver } = await this.#connection.moveTo(path, { overwrite, untitled: this.#untitled, onProgress, signal });
    this.#untitled = false;
    if (tookOver) this.#takeOver();
  }

  /** Into another open project. Says how many were copied: one that is there already is passed over. Throws `project.recording` for one that records. */
  async copySessions(
    ids: readonly SessionId[],
    to: ProjectFile,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<number> {
    for (const id of ids) if (this.session(id).state === 'running') throw new HeapscopeError('project.recording', { path: this.path });
    const target = { database: () => to.#connection.db, ids: to.#ids, write: <T>(work: () => T): T => to.#connection.write(work) };
    return copyAll(() => this.#connection.db, target, ids, onProgress, signal);
  }

  /** Flushes what records, takes deleted sessions out and leaves one file without companions. */
  close(): void {
    if (!this.#connection.isOpen) return;
    try {
      for (const writer of this.#live.values()) writer.flush();
      if (this.#connection.writable) purgeDeleted(this.#connection.db);
    } catch (thrown) {
      this.#log.warn(`${this.path} could not be tidied on closing`, thrown);
    }
    this.#live.clear();
    this.#connection.close();
  }

  get #running(): Running {
    return this.#connection.readOnlyReason === 'in-use' ? 'running' : 'interrupted';
  }

  #withLive(row: SessionRow): SessionRow {
    const live = this.#live.get(row.id)?.live.row;
    return live === undefined ? row : { ...live };
  }

  #withSeries<T>(ids: readonly SeriesId[], work: (readers: ReturnType<SeriesStore['get']>) => T): T {
    return this.#connection.read((db) => {
      const unsaved = new Set([...this.#live.values()].flatMap(({ live }) => live.series.map(({ id }) => id)));
      requireSeries(
        db,
        ids.filter((id) => !unsaved.has(id)),
      );
      return work(this.#series.get(ids));
    });
  }

  *#console(db: Sqlite, session: SessionId, from: number): Generator<ConsolePart> {
    yield* storedConsole(db, session, from);
    yield* this.#live.get(session)?.live.console.pending ?? [];
  }

  /** A file that was only read is now ours to write. */
  #takeOver(): void {
    this.#tidy();
    this.#series.refresh();
    this.#ids = new IdCounter(this.#connection.db);
  }

  #host(): WriterHost {
    const connection = this.#connection;
    return {
      path: () => connection.path,
      held: () => connection.held,
      ids: this.#ids,
      series: this.#series,
      transaction: (work) => connection.transaction(work),
      changed: (session) => this.#emit(session),
      finished: (session) => void this.#live.delete(session),
    };
  }

  #emit(session: SessionId): void {
    this.#changed.emit(this.session(session));
  }

  #tidy(): void {
    try {
      recoverSessions(this.#connection.db);
      recoverSnapshots(this.#connection.db);
      purgeDeleted(this.#connection.db);
    } catch (thrown) {
      this.#log.warn(`${this.path} could not be tidied on opening`, thrown);
    }
  }

  #damageSoFar(): DamageReport | null {
    const lostSamples = this.#series.lostStretches + (this.#damage?.lostSamples ?? 0);
    const lost = [...(this.#damage?.lost ?? []), ...this.#lost.counts];
    if (this.#damage !== null) return { ...this.#damage, lost, lostSamples };
    if (lostSamples === 0 && lost.length === 0) return null;
    const sessionsRead = this.#connection.read((db) => db.number('SELECT count(*) FROM session WHERE deleted = 0'));
    return { path: this.path, detail: lostSamples > 0 ? 'checksum' : 'cells', sessionsRead, lost, lostSamples };
  }
}
