import type { ProcessRow, SessionId, SessionRow } from '../../../src-preload/contract/index.ts';
import type { Emitter } from '../base/emitter.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { ProjectParts } from './parts.ts';
import { getSession, listProcesses, listSessions, sessionOf, sessionsAfter, setDeleted, type Running } from './sessions.ts';

/** The sessions of a project and their processes. */
export class SessionStore {
  /** A row has changed, by a call or by a recording. */
  readonly onChange: Emitter<SessionRow>;
  readonly #parts: ProjectParts;

  constructor(parts: ProjectParts, onChange: Emitter<SessionRow>) {
    this.#parts = parts;
    this.onChange = onChange;
  }

  /** Earliest first. */
  list(): SessionRow[] {
    const { connection, lost } = this.#parts;
    return connection.read((db) => listSessions(db, this.#running, lost).map((row) => this.#withLive(row)));
  }

  /** At most `limit` by number, after `after`: a page of a long list. */
  after(after: SessionId, limit: number): SessionRow[] {
    const { connection, lost } = this.#parts;
    return connection.read((db) => sessionsAfter(db, this.#running, after, limit, lost).map((row) => this.#withLive(row)));
  }

  /** undefined: no session has this uuid. */
  find(uuid: string): SessionRow | undefined {
    const { connection, lost } = this.#parts;
    return connection.read((db) => {
      const row = sessionOf(db, uuid, this.#running, lost);
      return row && this.#withLive(row);
    });
  }

  isEmpty(): boolean {
    return this.#parts.connection.read((db) => db.number('SELECT EXISTS (SELECT 1 FROM session WHERE deleted <> 1)')) === 0;
  }

  count(): number {
    return this.#parts.connection.read((db) => db.number('SELECT count(*) FROM session WHERE deleted <> 1'));
  }

  /** Throws `session.missing`. */
  get(id: SessionId): SessionRow {
    return this.#parts.connection.read((db) => this.#withLive(getSession(db, id, this.#running)));
  }

  update(id: SessionId, patch: { name?: string; note?: string }): SessionRow {
    const row = { ...this.get(id), ...patch };
    this.#parts.connection.write((db) => db.run('UPDATE session SET name = ?, note = ? WHERE id = ?', row.name, row.note, id));
    const writer = this.#parts.live.get(id);
    if (writer !== undefined) writer.live.row = { ...writer.live.row, name: row.name, note: row.note };
    this.onChange.emit(row);
    return row;
  }

  /** Hides sessions; they are removed from the file when it is closed. Throws `project.recording` for one that records. */
  delete(ids: readonly SessionId[]): void {
    const { connection, live } = this.#parts;
    if (ids.some((id) => live.has(id))) throw new HeapscopeError('project.recording', { path: connection.path });
    connection.write((db) => setDeleted(db, ids, true));
  }

  restore(ids: readonly SessionId[]): void {
    this.#parts.connection.write((db) => setDeleted(db, ids, false));
  }

  /** In the order in which they appeared. */
  processes(session: SessionId): ProcessRow[] {
    const { connection, live, lost } = this.#parts;
    const recording = live.get(session)?.live;
    return recording === undefined
      ? connection.read((db) => listProcesses(db, session, lost))
      : [...recording.processes.values()].map((row) => ({ ...row }));
  }

  get #running(): Running {
    return this.#parts.connection.readOnlyReason === 'in-use' ? 'running' : 'interrupted';
  }

  #withLive(row: SessionRow): SessionRow {
    const live = this.#parts.live.get(row.id)?.live.row;
    return live === undefined ? row : { ...live };
  }
}
