import type {
  AnyEvent,
  Args,
  ErrorData,
  ProjectId,
  SessionRef,
  SnapshotForecast,
  SnapshotPlan,
  SnapshotRef,
  SnapshotRow,
} from '../../../src-preload/contract/index.ts';
import type { Analysis } from '../analysis/index.ts';
import type { Emitter } from '../base/emitter.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Recordings } from '../recording/recordings.ts';
import { failureFacts, SessionSnapshots, untilWhole, type DumpFolder, type SnapshotImports } from '../snapshots/index.ts';
import type { Projects } from '../workspace/projects.ts';
import type { SnapshotDefaults } from '../workspace/snapshot-defaults.ts';

export { methodChoiceSchema, optionsSchema, rulesSchema } from '../project/index.ts';
export { DEFAULT_PLAN } from '../workspace/snapshot-defaults.ts';

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

/** Snapshots of open projects: being taken, being imported, and stored. */
export class SnapshotsFace {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { projects, imports, events } = parts;
    projects.onOpened.on(({ id, access }) => access === 'write' && this.#adoptDumps(id));
    projects.onSnapshot.on((payload) => events.emit({ event: 'snapshot.changed', payload }));
    imports.onProgress.on((payload) => events.emit({ event: 'snapshot.progress', payload }));
    imports.onFailed.on(({ project, row, error }) => this.#tellFailure(project, row, error));
  }

  /** With the session's own method by default. */
  async forecast({ project, session, method }: Args<'snapshots.forecast'>): Promise<SnapshotForecast[]> {
    return await this.#parts.recordings.get(project, session).part(SessionSnapshots).forecast(method);
  }

  async take({ project, session, ...asked }: Args<'snapshots.take'>): Promise<SnapshotRow[]> {
    return await this.#parts.recordings.get(project, session).part(SessionSnapshots).take(asked);
  }

  /** A finished one is left unchanged. Throws `snapshot.missing`. */
  cancel({ project, snapshot }: SnapshotRef): void {
    const row = this.#parts.projects.file(project).snapshots.get(snapshot);
    if (row.state === 'importing') this.#parts.imports.cancel(project, snapshot);
    else if (row.state === 'capturing') this.#parts.recordings.find(project, row.session)?.part(SessionSnapshots).cancel(snapshot);
  }

  /** For a recorded session and the next one; for an ended session, only for the next one. */
  setPlan({ project, session, ...plan }: Args<'snapshots.setPlan'>): void {
    this.#parts.projects.writable(project).sessions.get(session);
    this.#parts.recordings.find(project, session)?.part(SessionSnapshots).setPlan(plan);
    this.#parts.defaults.set(plan);
  }

  plan({ project, session }: SessionRef): SnapshotPlan {
    return this.#parts.projects.file(project).snapshots.plan(session) ?? this.#parts.defaults.get();
  }

  list({ project, session }: Args<'snapshots.list'>): SnapshotRow[] {
    return this.#parts.projects.file(project).snapshots.list(session);
  }

  update({ project, snapshot, ...patch }: Args<'snapshots.update'>): SnapshotRow {
    return this.#parts.projects.writable(project).snapshots.update(snapshot, patch);
  }

  /** Marks as deleted; one that is still being taken is cancelled. */
  delete({ project, snapshots }: Args<'snapshots.delete'>): void {
    const store = this.#parts.projects.writable(project).snapshots;
    for (const snapshot of snapshots) this.cancel({ project, snapshot });
    const keys = snapshots.flatMap((id) => (store.get(id).state === 'ready' ? [store.stored(id).key] : []));
    store.setDeleted(snapshots, true);
    this.#parts.analysis.forget(keys);
    this.#parts.events.emit({ event: 'snapshots.changed', payload: { project } });
  }

  restore({ project, snapshots }: Args<'snapshots.restore'>): void {
    this.#parts.projects.writable(project).snapshots.setDeleted(snapshots, false);
    this.#parts.events.emit({ event: 'snapshots.changed', payload: { project } });
  }

  /** Settles when nothing is being imported into a project any more; when aborted, the unfinished ones have failed. */
  async settled(project: ProjectId, signal: AbortSignal): Promise<void> {
    const { imports } = this.#parts;
    const abort = () => void imports.abort(project);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    await imports.settled(project);
    signal.removeEventListener('abort', abort);
  }

  /** Imports the dumps of snapshots that were interrupted when Heapscope was killed. */
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
      log.warn(`the dump of snapshot ${row.id} that was left`, thrown); // closed or deleted in between: left for the next opening
    }
  }

  #tellFailure(project: ProjectId, row: SnapshotRow, error: ErrorData): void {
    if (error.code === 'snapshot.cancelled') return;
    const { projects, recordings, events, log } = this.#parts;
    try {
      const file = projects.file(project);
      const { session, process } = row;
      const t = recordings.find(project, session)?.now ?? file.sessions.get(session).duration;
      const event = file.events.add(session, process, t, 'snapshot-failed', failureFacts(row, error));
      events.emit({ event: 'event.added', payload: { project, event } });
    } catch (thrown) {
      if (!(thrown instanceof HeapscopeError)) throw thrown;
      log.warn('a failed snapshot could not be noted', thrown);
    }
  }
}
