import { basename, dirname } from 'node:path';
import type {
  DamageReport,
  Interpreter,
  Progress,
  ProjectInfo,
  SessionId,
  SessionOrigin,
  SessionRow,
  UnixTime,
} from '../../../src-preload/contract/index.ts';
import { Emitter } from '../base/emitter.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { AllocationStore } from './allocation-store.ts';
import { Bookmarks } from './bookmarks.ts';
import { Connection } from './connection.ts';
import { ConsoleStore } from './console-store.ts';
import { ConsoleWriter } from './console-writer.ts';
import { copyAll } from './copy.ts';
import { EventStore } from './event-store.ts';
import { IdCounter } from './ids.ts';
import { countStray, LostRows } from './lost-rows.ts';
import { DamagedFile } from './header.ts';
import { createFile, openFile, type OpenFile } from './open.ts';
import { claimed, realPath, type PathClaim } from './open-paths.ts';
import type { ProjectParts } from './parts.ts';
import { purgeDeleted, tidy } from './recover.ts';
import { RunComparisons } from './run-comparisons.ts';
import { salvage } from './salvage.ts';
import { SeriesReaders } from './series-readers.ts';
import { SeriesStore } from './series-store.ts';
import { SessionStore } from './session-store.ts';
import { freshSession, insertSession } from './sessions.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { FORMAT_VERSION } from './upgraders.ts';
import { SessionWriter, type WriterHost } from './writer.ts';

const ENDING = '.heapscope';

export interface NewSession {
  name: string;
  program: string;
  origin: SessionOrigin;
  interpreter: Interpreter | null;
  startedAt: UnixTime;
  columns: number;
  rows: number;
  consoleLimit: number;
}

/**
 * An open project file: the only access to its contents, with a store for each kind. Everything is synchronous and on the calling thread,
 * as each call is short; longer work (saving elsewhere, copying) returns a promise. Reads see at once what a writer of the same process has
 * appended, and what another process has flushed.
 */
export class ProjectFile {
  readonly sessions: SessionStore;
  readonly series: SeriesStore;
  readonly events: EventStore;
  readonly console: ConsoleStore;
  readonly snapshots: SnapshotStore;
  readonly bookmarks: Bookmarks;
  readonly comparisons: RunComparisons;
  readonly allocations: AllocationStore;
  #untitled: boolean;
  readonly #log: Log;
  readonly #connection: Connection;
  readonly #damage: DamageReport | null;
  readonly #readers: SeriesReaders;
  readonly #ids: IdCounter;
  readonly #lost = new LostRows();
  readonly #live = new Map<SessionId, SessionWriter>();

  private constructor(path: string, file: OpenFile, claim: PathClaim, o: { log: Log; untitledIn: string | null; damage?: DamageReport }) {
    const { log, untitledIn, damage = null } = o;
    this.#log = log;
    this.#damage = damage;
    this.#connection = new Connection(path, file, claim, log, () => this.#readers.refresh());
    this.#readers = new SeriesReaders(
      () => this.#connection.db,
      () => !this.#connection.writable,
    );
    if (this.#connection.writable) this.#tidy();
    this.#attempt('looked through', () => countStray(file.db, this.#lost));
    this.#ids = new IdCounter(file.db);
    // Untitled files are removed when they are empty or saved elsewhere, so a copy at another place must not claim to be one.
    const saysUntitled = file.db.get("SELECT value = '1' AS yes FROM meta WHERE key = 'untitled'")?.['yes'] === 1;
    this.#untitled = saysUntitled && untitledIn !== null && dirname(realPath(path)) === realPath(untitledIn);
    const parts: ProjectParts = { connection: this.#connection, ids: this.#ids, lost: this.#lost, live: this.#live };
    const changed = new Emitter<SessionRow>((thrown) => log.warn('a listener of a project failed', thrown));
    this.sessions = new SessionStore(parts, changed);
    this.series = new SeriesStore(parts, this.#readers);
    this.events = new EventStore(parts);
    this.console = new ConsoleStore(parts);
    this.snapshots = new SnapshotStore(this.#connection, this.#lost);
    this.bookmarks = new Bookmarks(this.#connection, this.#lost);
    this.comparisons = new RunComparisons(this.#connection, this.#lost);
    this.allocations = new AllocationStore(parts);
  }

  /** Creates a new file. Throws `project.exists`, `file.missing` (its folder), `file.forbidden`. */
  static create(path: string, o: { untitled: boolean; log: Log }): ProjectFile {
    const { log, untitled } = o;
    const untitledIn = untitled ? dirname(path) : null;
    return claimed(path, (claim) => new ProjectFile(path, createFile(path, untitled), claim, { log, untitledIn }));
  }

  /**
   * Opens a file, for writing where that is possible. The readable content of a damaged one is copied into a new untitled file in the
   * folder `untitledIn`, and that is opened; only a file there can be untitled. Throws `project.missing`, `project.not-a-project`, `project.newer`, `project.damaged`
   * (nothing can be read), `project.in-use` (already open in this process), `file.forbidden`, `file.foreign`. `known`: the result of
   * `checkElsewhere`.
   */
  static open(wanted: string, o: { log: Log; untitledIn: string; known?: string | null }): ProjectFile {
    const path = realPath(wanted);
    const { log, untitledIn } = o;
    try {
      return claimed(path, (claim) => new ProjectFile(path, openFile(path, { known: o.known }), claim, { log, untitledIn }));
    } catch (thrown) {
      if (!(thrown instanceof DamagedFile)) throw thrown;
      log.warn(`damaged project ${path}`, thrown);
      const recovered = salvage(path, untitledIn, thrown.message);
      const { damage } = recovered;
      return claimed(
        recovered.path,
        (claim) => new ProjectFile(recovered.path, openFile(recovered.path), claim, { log, untitledIn, damage }),
      );
    }
  }

  /** Opens an intact file read-only, even if it could be written; nothing is created beside it. Throws like `open`. */
  static openToRead(wanted: string, o: { log: Log; untitledIn?: string; known?: string | null }): ProjectFile {
    const path = realPath(wanted);
    const permissions = { canWrite: () => false };
    const untitledIn = o.untitledIn ?? null;
    try {
      return claimed(
        path,
        (claim) => new ProjectFile(path, openFile(path, { permissions, known: o.known }), claim, { log: o.log, untitledIn }),
      );
    } catch (thrown) {
      if (thrown instanceof DamagedFile) throw new HeapscopeError('project.damaged', { path, detail: thrown.message }, thrown);
      throw thrown;
    }
  }

  get path(): string {
    return this.#connection.path;
  }

  /** Whether something was written since it was opened. */
  get changed(): boolean {
    return this.#connection.changed;
  }

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

  /** Begins a session; returns its writer. */
  newSession(o: NewSession): SessionWriter {
    const row = freshSession(this.#ids.next('session'), o);
    const console = new ConsoleWriter(row.id, o.consoleLimit, o.columns, o.rows);
    this.#connection.write((db) =>
      insertSession(db, { row, columns: o.columns, rows: o.rows, consoleLimit: o.consoleLimit }, console.info, false),
    );
    const writer = new SessionWriter(this.#host(), row, console);
    this.#live.set(row.id, writer);
    this.sessions.onChange.emit({ ...row });
    return writer;
  }

  /**
   * Copies the project to another place and continues there, even while it records. An untitled file is deleted once the copy is complete;
   * a titled one is unchanged. Throws `project.exists`, `project.in-use` (the place is open elsewhere), `file.missing`, `file.forbidden`,
   * `recording.disk-full`; then nothing has changed.
   */
  async saveAs(path: string, overwrite: boolean, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<void> {
    const { tookOver } = await this.#connection.moveTo(path, { overwrite, untitled: this.#untitled, onProgress, signal });
    this.#untitled = false;
    if (tookOver) this.#takeOver();
  }

  /**
   * Copies into another open project. Returns how many were copied: existing ones are skipped. Throws `project.recording` for one that
   * records.
   */
  async copySessions(
    ids: readonly SessionId[],
    to: ProjectFile,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<number> {
    for (const id of ids) if (this.sessions.get(id).state === 'running') throw new HeapscopeError('project.recording', { path: this.path });
    const target = { database: () => to.#connection.db, ids: to.#ids, write: <T>(work: () => T): T => to.#connection.write(work) };
    return copyAll(() => this.#connection.db, target, ids, onProgress, signal);
  }

  /** Flushes recordings, purges deleted sessions and leaves one file without companions. */
  close(): void {
    if (!this.#connection.isOpen) return;
    try {
      for (const writer of this.#live.values()) writer.flush();
      // Opening has already done it if nothing was written since.
      if (this.#connection.writable && this.changed) purgeDeleted(this.#connection.db);
    } catch (thrown) {
      this.#log.warn(`${this.path} could not be tidied on closing`, thrown);
    }
    this.#live.clear();
    this.#connection.close();
  }

  /** A file that was read-only can now be written. */
  #takeOver(): void {
    this.#tidy();
    this.#readers.refresh();
    this.#ids.reload(this.#connection.db);
  }

  #host(): WriterHost {
    const connection = this.#connection;
    return {
      path: () => connection.path,
      held: () => connection.held,
      ids: this.#ids,
      series: this.#readers,
      transaction: (work) => connection.transaction(work),
      changed: (session) => this.sessions.onChange.emit(this.sessions.get(session)),
      finished: (session) => void this.#live.delete(session),
    };
  }

  #tidy(): void {
    this.#attempt('tidied', () => tidy(this.#connection.db));
  }

  /** Useful on opening, but a failure must not prevent opening the project. */
  #attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#log.warn(`${this.path} could not be ${what} on opening`, thrown);
    }
  }

  #damageSoFar(): DamageReport | null {
    const lostSamples = this.#readers.lostStretches + (this.#damage?.lostSamples ?? 0);
    const lost = [...(this.#damage?.lost ?? []), ...this.#lost.counts];
    if (this.#damage !== null) return { ...this.#damage, lost, lostSamples };
    if (lostSamples === 0 && lost.length === 0) return null;
    return { path: this.path, detail: lostSamples > 0 ? 'checksum' : 'cells', sessionsRead: this.sessions.count(), lost, lostSamples };
  }
}
