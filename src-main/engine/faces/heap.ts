import type { Args, Progress, Result } from '../../../src-preload/contract/index.ts';
import type { Analysis, HeapQuery } from '../analysis/index.ts';
import type { Projects } from '../workspace/projects.ts';

export type { HeapQuery } from '../analysis/index.ts';

interface Parts {
  projects: Projects;
  analysis: Analysis;
}

/** Queries on stored snapshots of open projects, one or several together: `heap.*` and `compare.*`. */
export class HeapFace {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Answered by a worker. */
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
}
