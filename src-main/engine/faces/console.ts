import type { Args, ConsoleInfo, ConsolePart, Result, SessionRef } from '../../../src-preload/contract/index.ts';
import type { Recordings } from '../recording/recordings.ts';
import type { Projects } from '../workspace/projects.ts';

interface Parts {
  projects: Projects;
  recordings: Recordings;
}

/** The program's terminal: its output, and its input while it runs. */
export class ConsoleFace {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  info({ project, session }: SessionRef): ConsoleInfo {
    return this.#parts.projects.file(project).console.info(session);
  }

  read({ project, session, offset, limit }: Args<'console.read'>): ConsolePart[] {
    return this.#parts.projects.file(project).console.read(session, offset, limit);
  }

  search({ project, session, text, matchCase, limit }: Args<'console.search'>): Result<'console.search'> {
    return this.#parts.projects.file(project).console.search(session, text, matchCase, limit);
  }

  write({ project, session, data }: Args<'console.write'>): void {
    this.#parts.recordings.get(project, session).write(data);
  }

  resize({ project, session, columns, rows }: Args<'console.resize'>): void {
    this.#parts.recordings.get(project, session).resize(columns, rows);
  }
}
