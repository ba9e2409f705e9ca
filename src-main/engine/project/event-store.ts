import type { EventKind, EventRow, Facts, ProcessId, SessionId, SessionTime } from '../../../src-preload/contract/index.ts';
import type { ProjectParts } from './parts.ts';
import { listEvents, listEventsOf, requireSession } from './sessions.ts';
import { writeEvent } from './writer.ts';

/** The events of a project's sessions. */
export class EventStore {
  readonly #parts: ProjectParts;

  constructor(parts: ProjectParts) {
    this.#parts = parts;
  }

  /** Events between two times, both included: the first `limit` of them. */
  list(session: SessionId, from: SessionTime, to: SessionTime, limit: number): { total: number; events: EventRow[] } {
    const { connection, live, lost } = this.#parts;
    const stored = connection.read((db) => listEvents(db, session, from, to, limit, lost));
    const pending = live.get(session)?.live.events.filter(({ t }) => t >= from && t <= to) ?? [];
    if (pending.length === 0) return stored;
    const events = [...stored.events, ...pending].sort((a, b) => a.t - b.t || a.id - b.id).slice(0, limit);
    return { total: stored.total + pending.length, events };
  }

  /** The first `limit` events of these kinds in the file, of all sessions. */
  ofKinds(kinds: readonly EventKind[], limit: number): EventRow[] {
    const { connection, lost } = this.#parts;
    return connection.read((db) => listEventsOf(db, kinds, limit, lost));
  }

  /** Throws `session.missing`. */
  add(session: SessionId, process: ProcessId | null, t: SessionTime, kind: EventKind, facts: Facts): EventRow {
    const { connection, ids, live } = this.#parts;
    const writer = live.get(session);
    if (writer !== undefined) return writer.addEvent(process, t, kind, facts);
    connection.read((db) => requireSession(db, session));
    const event: EventRow = { id: ids.next('event'), session, process, t: Math.max(0, Math.round(t)), kind, facts };
    connection.write((db) => writeEvent(db, event));
    return event;
  }
}
