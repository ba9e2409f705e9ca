import { stat } from 'node:fs/promises';
import type { ErrorData, Milliseconds, ProjectId, SnapshotId, SnapshotProgress, SnapshotRow } from '../../../src-preload/contract/index.ts';
import type { Analysis, ImportedHeap, ImportProgress } from '../analysis/index.ts';
import { monotonicNow } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { systemCode, toErrorData } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { SnapshotStore } from '../project/index.ts';
import { untilWhole } from './left-dumps.ts';
import { Pauses } from './pauses.ts';

/** The window gets about five updates per second. */
const PROGRESS_EVERY: Milliseconds = 200;

/** A complete dump, and the row that waits for it. */
export interface DumpToImport {
  project: ProjectId;
  row: SnapshotRow;
  store: SnapshotStore;
  path: string;
  removeDump: () => void;
  /** A forked copy is still writing the dump, and nobody reports how it ends. Where it ends early, the row fails with this. */
  incomplete?: ErrorData;
}

interface Running extends DumpToImport {
  stop: AbortController;
  /** When its turn came. */
  begun: Milliseconds;
  done: Promise<void>;
}

/**
 * Queue of dumps to import into their project files, over all projects; the analysis takes one at a time, none while a program is paused for
 * the next snapshot. Each ends with a row that is
 * ready or failed, and with its dump removed. Runs in the engine's main thread.
 */
export class SnapshotImports {
  readonly onProgress = new Emitter<{ project: ProjectId; progress: SnapshotProgress }>();
  /** An import failed; its row already has the error. */
  readonly onFailed = new Emitter<{ project: ProjectId; row: SnapshotRow; error: ErrorData }>();
  /** An import waits until these are over. */
  readonly pauses: Pauses;
  readonly #analysis: Analysis;
  readonly #log: Log;
  readonly #running = new Set<Running>();

  constructor(analysis: Analysis, log: Log, pauses = new Pauses()) {
    this.#analysis = analysis;
    this.pauses = pauses;
    this.#log = log;
  }

  add(dump: DumpToImport): void {
    const stop = new AbortController();
    const running: Running = { ...dump, stop, begun: monotonicNow(), done: Promise.resolve() };
    this.#running.add(running);
    running.done = this.#import(running).finally(() => this.#running.delete(running));
  }

  /** How many are queued or running. */
  count(project: ProjectId): number {
    return [...this.#running].filter((each) => each.project === project).length;
  }

  /** Returns whether there was one. */
  cancel(project: ProjectId, snapshot: SnapshotId): boolean {
    const found = [...this.#running].find((each) => each.project === project && each.row.id === snapshot);
    found?.stop.abort();
    return found !== undefined;
  }

  /** Settles when the imports of a project, or all, have ended by themselves. */
  async settled(project: ProjectId | null): Promise<void> {
    const waiting = [...this.#running].filter((each) => project === null || each.project === project);
    await Promise.all(waiting.map(({ done }) => done));
  }

  /** Before a project is closed, or the app ends: unfinished imports fail. */
  async abort(project: ProjectId | null): Promise<void> {
    for (const each of this.#running) if (project === null || each.project === project) each.stop.abort();
    await this.settled(project);
  }

  async #import(job: Running): Promise<void> {
    const { store, row, stop, incomplete } = job;
    try {
      if (incomplete && !(await untilWhole(job.path, stop.signal))) return this.#fail(job, incomplete, null);
      const dumpBytes = (await stat(job.path)).size;
      stop.signal.throwIfAborted();
      store.update(row.id, { state: 'importing', dumpBytes });
      this.#emitProgress(job, { step: 'reading', done: null, objects: null });
      const heap = await this.#analyse(job);
      const importTime = monotonicNow() - job.begun;
      store.complete(row.id, { patch: { ...patchOf(heap), importTime, dumpBytes }, types: heap.types, tables: heap.tables });
    } catch (thrown) {
      this.#fail(job, stop.signal.aborted ? { code: 'snapshot.cancelled', facts: { pid: row.pid } } : errorOf(thrown, job), thrown);
    } finally {
      job.removeDump();
    }
  }

  #analyse(job: Running): Promise<ImportedHeap> {
    let emittedAt = -Infinity;
    let step = '';
    return this.#analysis.importDump({
      path: job.path,
      signal: job.stop.signal,
      onTurn: async () => {
        await this.pauses.over(job.stop.signal);
        job.begun = monotonicNow();
      },
      onColumn: (column) => {
        job.stop.signal.throwIfAborted();
        return job.store.addColumn(job.row.id, column);
      },
      onProgress: (progress) => {
        const now = monotonicNow();
        if (progress.step === step && now - emittedAt < PROGRESS_EVERY) return;
        emittedAt = now;
        step = progress.step;
        this.#emitProgress(job, progress);
      },
    });
  }

  #emitProgress({ project, row }: Running, { step, done, objects }: ImportProgress): void {
    this.onProgress.emit({ project, progress: { id: row.id, session: row.session, state: 'importing', step, done, objects } });
  }

  #fail({ project, row, store }: Running, error: ErrorData, thrown: unknown): void {
    if (error.code === 'internal') this.#log.warn(`importing snapshot ${row.id}`, thrown);
    try {
      this.onFailed.emit({ project, row: store.fail(row.id, error), error });
    } catch (again) {
      // It was deleted, or its file cannot be written: then opening it again shows that it failed.
      this.#log.warn(`snapshot ${row.id} could not be marked as failed`, again);
    }
  }
}

function patchOf({ facts }: ImportedHeap): Partial<SnapshotRow> {
  const { method, python, collected, previews, frames, objects, tracked, references, size, garbage } = facts;
  return { method, ...(python === null ? {} : { python }), collected, previews, frames, objects, tracked, references, size, garbage };
}

/** As an error of a snapshot: a recording's message about a full disk would be wrong here. */
function errorOf(thrown: unknown, { path, row: { pid } }: DumpToImport): ErrorData {
  const error = toErrorData(thrown);
  if (error.code === 'call.cancelled') return { code: 'snapshot.cancelled', facts: { pid } };
  if (systemCode(thrown) === 'ENOENT') return { code: 'file.missing', facts: { path } };
  if (error.code === 'recording.disk-full')
    return { code: 'snapshot.no-space', facts: { path: error.facts['path'] ?? '', needed: null, available: null } };
  return error;
}
