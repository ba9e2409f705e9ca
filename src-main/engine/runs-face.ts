import { setImmediate as nextTurn } from 'node:timers/promises';
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

  /** What sessions and snapshots of a file are asked by. Throws as opening it does, and `project.unconfirmed` for one that the user has never chosen. */
  source(path: string, confirmed: boolean): RunSource {
    const { id, path: real, name, untitled } = this.#projects.openToRead(path, confirmed);
    return { project: id, path: real, name, untitled };
  }

  /** In the order asked for; null: the session, or its file, is not to be had. Only files that the user has opened or chosen are. */
  async figures(project: ProjectId, runs: readonly RunRef[], align: RunComparison['align']): Promise<(RunFigures | null)[]> {
    const all: (RunFigures | null)[] = [];
    for (const { path, uuid } of runs) {
      const where = path === null ? project : this.#opened(path);
      all.push(where === null ? null : runFigures(this.#projects.file(where), where, uuid, align));
      // One run at a time: programs are recorded meanwhile.
      await nextTurn();
    }
    return all;
  }

  #opened(path: string): ProjectId | null {
    try {
      return this.#projects.openToRead(path, false).id;
    } catch (thrown) {
      if (!(thrown instanceof HeapscopeError)) throw thrown;
      this.#log.info(`a run's file cannot be opened: ${thrown.message}`);
      return null;
    }
  }
}
