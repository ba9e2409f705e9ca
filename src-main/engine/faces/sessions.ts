import type {
  AnyEvent,
  Args,
  ProcessRow,
  ProjectId,
  Result,
  SeriesInfo,
  SessionRef,
  SessionRow,
} from '../../../src-preload/contract/index.ts';
import type { Emitter } from '../base/emitter.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Recordings } from '../recording/recordings.ts';
import type { LongCall, Projects } from '../workspace/projects.ts';

/** Used where a caller gives no number. */
const SESSIONS_AT_ONCE = 1000;

interface Parts {
  projects: Projects;
  recordings: Recordings;
  events: Emitter<AnyEvent>;
}

/** Sessions of open projects. */
export class SessionsFace {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Never all of them at once: programs are being recorded in the same thread. */
  list({ project, after = 0, limit = SESSIONS_AT_ONCE }: Args<'sessions.list'>): SessionRow[] {
    return this.#parts.projects.file(project).sessions.after(after, limit);
  }

  get({ project, session }: SessionRef): SessionRow {
    return this.#parts.projects.file(project).sessions.get(session);
  }

  update({ project, session, ...patch }: Args<'sessions.update'>): SessionRow {
    return this.#parts.projects.writable(project).sessions.update(session, patch);
  }

  /** Marks as deleted; a running recording is refused. */
  delete({ project, sessions }: Args<'sessions.delete'>): void {
    const file = this.#parts.projects.writable(project);
    if (this.#parts.recordings.states().some((state) => state.project === project && sessions.includes(state.session))) {
      throw new HeapscopeError('project.recording', { path: file.path });
    }
    file.sessions.delete(sessions);
    this.#changed(project);
  }

  restore({ project, sessions }: Args<'sessions.restore'>): void {
    this.#parts.projects.writable(project).sessions.restore(sessions);
    this.#changed(project);
  }

  async copy({ project, sessions, toPath }: Args<'sessions.copy'>, call: LongCall): Promise<Result<'sessions.copy'>> {
    return await this.#parts.projects.copySessions(project, sessions, toPath, call);
  }

  processes({ project, session }: SessionRef): ProcessRow[] {
    return this.#parts.projects.file(project).sessions.processes(session);
  }

  series({ project, session }: SessionRef): SeriesInfo[] {
    return this.#parts.projects.file(project).series.list(session);
  }

  events({ project, session, from, to, limit }: Args<'sessions.events'>): Result<'sessions.events'> {
    return this.#parts.projects.file(project).events.list(session, from, to, limit);
  }

  #changed(project: ProjectId): void {
    this.#parts.events.emit({ event: 'sessions.changed', payload: { project } });
  }
}
