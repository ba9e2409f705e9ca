import type { ProjectId, RunComparison, RunFigures, RunRef, RunSource } from '../../src-preload/contract/index.ts';
import { HeapscopeError } from './base/errors.ts';
import type { Log } from './base/log.ts';
import { runFigures } from './compare/run-figures.ts';
import type { Projects } from './workspace/projects.ts';

/** Runs beside each other, of open projects and of other files. */
export class Runs {
  readonly #projects: Projects;
  readonly #log: Log;

  constructor(projects: Projects, log: Log) {
    this.#projects = projects;
    this.#log = log;
  }

  /** What a file has to compare. Throws as opening it does. */
  source(path: string): RunSource {
    const { id, path: real, name, untitled } = this.#projects.openToRead(path);
    return { project: id, path: real, name, untitled, sessions: this.#projects.file(id).sessions.list() };
  }

  /** In the order asked for; null: the session, or its file, is not to be had. */
  figures(project: ProjectId, runs: readonly RunRef[], align: RunComparison['align']): (RunFigures | null)[] {
    return runs.map(({ path, uuid }) => {
      const where = path === null ? project : this.#opened(path);
      return where === null ? null : runFigures(this.#projects.file(where), where, uuid, align);
    });
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
