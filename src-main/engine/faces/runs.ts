import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Args, ProjectId, RunComparison, RunFigures, RunSource } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { runFigures } from '../runs/run-figures.ts';
import type { Projects } from '../workspace/projects.ts';

export { comparisonSchema } from '../project/index.ts';

/** Runs compared with each other, of open projects and of other files. */
export class RunsFace {
  readonly #projects: Projects;
  readonly #log: Log;

  constructor(projects: Projects, log: Log) {
    this.#projects = projects;
    this.#log = log;
  }

  /** Gives access to sessions and snapshots of a file. Throws like opening it, and `project.unconfirmed` for a file never chosen here. */
  async source({ path, confirmed }: Args<'runs.source'>): Promise<RunSource> {
    const { id, path: real, name, untitled } = await this.#projects.openToRead(path, confirmed);
    return { project: id, path: real, name, untitled };
  }

  /** In the order asked for; null: the session or its file is not available. Only files that the user has opened or chosen are read. */
  async figures({ project, runs, align }: Args<'runs.figures'>): Promise<(RunFigures | null)[]> {
    const all: (RunFigures | null)[] = [];
    for (const { path, uuid } of runs) {
      const where = path === null ? project : await this.#opened(path);
      all.push(where === null ? null : runFigures(this.#projects.file(where), where, uuid, align));
      // One run at a time, since programs are being recorded in the same thread.
      await nextTurn();
    }
    return all;
  }

  list({ project }: Args<'runs.list'>): RunComparison[] {
    return this.#projects.file(project).comparisons.list();
  }

  save({ project, comparison }: Args<'runs.save'>): RunComparison {
    return this.#projects.writable(project).comparisons.save(comparison);
  }

  delete({ project, id }: Args<'runs.delete'>): void {
    this.#projects.writable(project).comparisons.delete(id);
  }

  async #opened(path: string): Promise<ProjectId | null> {
    try {
      return (await this.#projects.openToRead(path, false)).id;
    } catch (thrown) {
      if (!(thrown instanceof HeapscopeError)) throw thrown;
      this.#log.info(`a run's file cannot be opened: ${thrown.message}`);
      return null;
    }
  }
}
