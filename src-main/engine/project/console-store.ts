import type { Bytes, ConsoleInfo, ConsolePart, Result, SessionId } from '../../../src-preload/contract/index.ts';
import { readParts, storedConsole } from './console-rows.ts';
import { ConsoleSearch } from './console-search.ts';
import type { ProjectParts } from './parts.ts';
import { getConsoleInfo } from './sessions.ts';
import type { Sqlite } from './sqlite.ts';

/** Terminal output of the sessions of a project. */
export class ConsoleStore {
  readonly #parts: ProjectParts;

  constructor(parts: ProjectParts) {
    this.#parts = parts;
  }

  /** Throws `session.missing`. */
  info(session: SessionId): ConsoleInfo {
    const { connection, live } = this.#parts;
    return live.get(session)?.consoleInfo ?? connection.read((db) => getConsoleInfo(db, session));
  }

  read(session: SessionId, offset: number, limit: number): ConsolePart[] {
    return this.#parts.connection.read((db) => readParts(this.#kept(db, session, offset), offset, limit));
  }

  /** Searches the stored output, without control sequences; returns the first `limit` places, and counts all. */
  search(session: SessionId, text: string, matchCase: boolean, limit: number): Result<'console.search'> {
    const search = new ConsoleSearch(text, matchCase, limit);
    let searched: Bytes = 0;
    this.#parts.connection.read((db) => {
      for (const part of this.#kept(db, session, 0)) {
        search.feed(part);
        searched += part.data.length;
      }
    });
    search.end();
    return { total: search.total, hits: search.hits, searched, printed: this.info(session).total };
  }

  *#kept(db: Sqlite, session: SessionId, from: number): Generator<ConsolePart> {
    yield* storedConsole(db, session, from);
    yield* this.#parts.live.get(session)?.live.console.pending ?? [];
  }
}
