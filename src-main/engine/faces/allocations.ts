import type {
  AllocationFlame,
  AllocationState,
  AllocationTable,
  AllocationTimeline,
  Args,
  ProjectId,
} from '../../../src-preload/contract/index.ts';
import { AllocationQueries } from '../allocations/index.ts';
import type { ProjectFile } from '../project/index.ts';
import type { Projects } from '../workspace/projects.ts';

/** Sampled allocations of open projects. Each throws `session.missing`; those with a signal `call.cancelled`, and `project.not-open` once it is closed. */
export class AllocationsFace {
  readonly #projects: Projects;
  readonly #queries = new AllocationQueries();

  constructor(projects: Projects) {
    this.#projects = projects;
  }

  states({ project, session }: Args<'allocations.states'>): AllocationState[] {
    return this.#queries.states(this.#projects.file(project), session);
  }

  timeline(args: Args<'allocations.timeline'>, signal: AbortSignal): Promise<AllocationTimeline> {
    return this.#queries.timeline(this.#projects.file(args.project), args, this.#context(args.project, signal));
  }

  rows(args: Args<'allocations.rows'>, signal: AbortSignal): Promise<AllocationTable> {
    return this.#queries.rows(this.#projects.file(args.project), args, this.#context(args.project, signal));
  }

  flame(args: Args<'allocations.flame'>, signal: AbortSignal): Promise<AllocationFlame> {
    return this.#queries.flame(this.#projects.file(args.project), args, this.#context(args.project, signal));
  }

  #context(project: ProjectId, signal: AbortSignal): { signal: AbortSignal; check: () => ProjectFile } {
    return { signal, check: () => this.#projects.file(project) };
  }
}
