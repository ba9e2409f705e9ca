import type { Args, RangeStats, SeriesWindow } from '../../../src-preload/contract/index.ts';
import type { Projects } from '../workspace/projects.ts';

/** Series over time, of open projects. */
export class TimelineFace {
  readonly #projects: Projects;

  constructor(projects: Projects) {
    this.#projects = projects;
  }

  window({ project, ...request }: Args<'timeline.window'>): SeriesWindow[] {
    return this.#projects.file(project).window(request);
  }

  stats({ project, series, from, to }: Args<'timeline.stats'>): RangeStats[] {
    return this.#projects.file(project).stats(series, from, to);
  }
}
