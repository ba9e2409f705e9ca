import type { Args, ProjectId, RunComparison, RunFigures, RunSource } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { runFigures } from '../runs/run-figures.ts';
import type { Projects } from '../workspace/projects.ts';

export { comparisonSchema } from '../project/index.ts';

/** Runs beside each other, of open projects and of other files. */
export class RunsFace {
  readonly #projects: Projects;
  readonly #log: Log;

  constructor(projects: Projects, log: Log) {
    this.#projects = projects;
    this.#log = log;
  }

  /** What a file has to compare. Throws as opening it does. */
  source({ path }: Args<'runs.source'>): RunSource {
    const { id, path: real, name, untitled } = this.#projects.openToRead(path);
    return { project: id, path: real, name, untitled, sessions: this.#projects.file(id).sessions.list() };
  }

  /** In the order asked for; null: the session, or its file, is not to be had. */
  figures({ project, runs, align }: Args<'runs.figures'>): (RunFigures | null)[] {
    return runs.map(({ path, uuid }) => {
      const where = path === null ? project : this.#opened(path);
      return where === null ? null : runFigures(this.#projects.file(where), where, uuid, align);
    });
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

  #opened(path: string): ProjectId | null {
    try {
      return this.#projects.openToRead(path).id;
    } catch (thrown) {
      if (!(thrown instanceof HeapscopeError)) throw thrown;
      this.#log.info(`a run's file cannot be opened: ${thrown.message}`);
      return null;
    }
  }
}
