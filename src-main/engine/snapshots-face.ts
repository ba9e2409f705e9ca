import type {
  AnyEvent,
  Args,
  ErrorData,
  ProcessId,
  Progress,
  ProjectId,
  Result,
  SessionId,
  SnapshotForecast,
  SnapshotId,
  SnapshotOptions,
  SnapshotPlan,
  SnapshotRef,
  SnapshotRow,
} from '../../src-preload/contract/index.ts';
import type { Analysis, HeapQuery } from './analysis/index.ts';
import type { Emitter } from './base/emitter.ts';
import { HeapscopeError } from './base/errors.ts';
import type { Log } from './base/log.ts';
import type { Recordings } from './recording/recordings.ts';
import { untilWhole, type DumpFolder, type SnapshotImports } from './snapshots/index.ts';
import type { Projects } from './workspace/projects.ts';
import type { SnapshotDefaults } from './workspace/snapshot-defaults.ts';

interface Parts {
  projects: Projects;
  recordings: Recordings;
  imports: SnapshotImports;
  dumps: DumpFolder;
  analysis: Analysis;
  defaults: SnapshotDefaults;
  events: Emitter<AnyEvent>;
  log: Log;
}

/** Snapshots over open projects: those being taken, those being imported, those that are looked into. */
export class Snapshots {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { projects, imports, events } = parts;
    projects.onOpened.on(({ id, access }) => access === 'write' && this.#adoptDumps(id));
    projects.onSnapshot.on((payload) => events.emit({ event: 'snapshot.changed', payload }));
    imports.onProgress.on((payload) => events.emit({ event: 'snapshot.progress', payload }));
    imports.onFailed.on(({ project, row, error }) => this.#tellFailure(project, row, error));
  }

  /** By the session's own method where none is named. */
  async forecast(project: ProjectId, session: SessionId, method?: SnapshotOptions['method']): Promise<SnapshotForecast[]> {
    return await this.#parts.recordings.get(project, session).snapshots.forecast(method);
  }

  async take(
    project: ProjectId,
    session: SessionId,
    o: { processes: ProcessId[] | null; name: string; options: SnapshotOptions },
  ): Promise<SnapshotRow[]> {
    return await this.#parts.recordings.get(project, session).snapshots.take(o);
  }

  /** One that is done already stays as it is. Throws `snapshot.missing`. */
  cancel({ project, snapshot }: SnapshotRef): void {
    const row = this.#parts.projects.file(project).snapshots.get(snapshot);
    if (row.state === 'importing') this.#parts.imports.cancel(project, snapshot);
    else if (row.state === 'capturing') this.#parts.recordings.find(project, row.session)?.snapshots.cancel(snapshot);
  }

  /** Of a session that is recorded, and of the next one; of one that is not, the next one's alone. */
  setPlan(project: ProjectId, session: SessionId, plan: SnapshotPlan): void {
    this.#parts.projects.writable(project).sessions.get(session);
    this.#parts.recordings.find(project, session)?.snapshots.setPlan(plan);
    this.#parts.defaults.set(plan);
  }

  plan(project: ProjectId, session: SessionId): SnapshotPlan {
    return this.#parts.projects.file(project).snapshots.plan(session) ?? this.#parts.defaults.get();
  }

  /** Marks as deleted; one that is still being made is cancelled. */
  delete(project: ProjectId, snapshots: SnapshotId[]): void {
    const store = this.#parts.projects.writable(project).snapshots;
    for (const snapshot of snapshots) this.cancel({ project, snapshot });
    const keys = snapshots.flatMap((id) => (store.get(id).state === 'ready' ? [store.stored(id).key] : []));
    store.setDeleted(snapshots, true);
    this.#parts.analysis.forget(keys);
    this.#parts.events.emit({ event: 'snapshots.changed', payload: { project } });
  }

  restore(project: ProjectId, snapshots: SnapshotId[]): void {
    this.#parts.projects.writable(project).snapshots.setDeleted(snapshots, false);
    this.#parts.events.emit({ event: 'snapshots.changed', payload: { project } });
  }

  /** Looks into stored snapshots of open projects, in a worker. */
  async query<M extends HeapQuery>(
    method: M,
    args: Args<M>,
    call: { signal: AbortSignal; onProgress: (progress: Progress) => void },
  ): Promise<Result<M>> {
    const { projects, analysis } = this.#parts;
    return await analysis.query(method, args, {
      ...call,
      source: ({ project, snapshot }) => projects.file(project).snapshots.stored(snapshot),
      history: ({ project, snapshot }) => projects.file(project).snapshots.history(snapshot),
    });
  }

  /** Settles when nothing is being imported into a project any more; aborted, what is not done then has failed. */
  async settled(project: ProjectId, signal: AbortSignal): Promise<void> {
    const { imports } = this.#parts;
    const abort = () => void imports.abort(project);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    await imports.settled(project);
    signal.removeEventListener('abort', abort);
  }

  /** Before the project is closed: imports are cancelled, and nothing of its heaps stays in memory. */
  async release(project: ProjectId): Promise<void> {
    const { projects, imports, analysis } = this.#parts;
    if (imports.count(project) > 0) await imports.abort(project);
    const { snapshots } = projects.file(project);
    const ready = snapshots.list(null).filter(({ state }) => state === 'ready');
    analysis.forget(ready.map(({ id }) => snapshots.stored(id).key));
  }

  /** What was interrupted because Heapscope was killed, and whose dump is still there, is imported now. */
  #adoptDumps(project: ProjectId): void {
    const { projects, dumps } = this.#parts;
    const store = projects.file(project).snapshots;
    const interrupted = store.list(null).filter(({ error }) => error?.code === 'snapshot.interrupted');
    if (interrupted.length === 0) return;
    const left = dumps.left();
    for (const row of interrupted) {
      const path = left.get(store.key(row.id));
      if (path !== undefined) void this.#adoptDump(project, row, path);
    }
  }

  async #adoptDump(project: ProjectId, row: SnapshotRow, path: string): Promise<void> {
    const { projects, dumps, imports, log } = this.#parts;
    const removeDump = (): void => dumps.remove(path);
    try {
      if (!(await untilWhole(path))) return removeDump();
      const store = projects.file(project).snapshots;
      imports.add({ project, row: store.update(row.id, { state: 'importing', error: null }), store, path, removeDump });
    } catch (thrown) {
      log.warn(`the dump of snapshot ${row.id} that was left`, thrown); // closed or deleted meanwhile: for the next opening
    }
  }

  #tellFailure(project: ProjectId, { session, process, pid, name }: SnapshotRow, { code, facts }: ErrorData): void {
    if (code === 'snapshot.cancelled') return;
    const { projects, recordings, events, log } = this.#parts;
    try {
      const detail = String(facts['detail'] ?? '');
      const file = projects.file(project);
      const t = recordings.find(project, session)?.now ?? file.sessions.get(session).duration;
      const event = file.events.add(session, process, t, 'snapshot-failed', { pid, name, code, detail });
      events.emit({ event: 'event.added', payload: { project, event } });
    } catch (thrown) {
      if (!(thrown instanceof HeapscopeError)) throw thrown;
      log.warn('a failed snapshot could not be noted', thrown);
    }
  }
}
