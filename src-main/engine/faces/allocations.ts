import type {
  AllocationFlame,
  AllocationGrouping,
  AllocationMeasure,
  AllocationState,
  AllocationTable,
  AllocationTimeline,
  Args,
  ProjectId,
  SessionId,
  SessionRow,
  SessionTime,
} from '../../../src-preload/contract/index.ts';
import { AllocationQueries } from '../allocations/index.ts';
import type { Log } from '../base/log.ts';
import type { ProjectFile } from '../project/index.ts';
import { openFileToRead } from './projects.ts';
import type { Projects } from '../workspace/projects.ts';

/** What is asked of a file on the command line. */
export interface AllocationRequest {
  /** null: the last session that has any. */
  session: SessionId | null;
  from: SessionTime | null;
  to: SessionTime | null;
  by: AllocationGrouping;
  of: AllocationMeasure;
  top: number;
  mine: boolean;
}

export interface AllocationReport {
  session: SessionRow;
  states: (AllocationState & { pid: number | null })[];
  table: AllocationTable;
}

/** Read without an engine, as `readProject` does. Throws `session.missing`; null: there is no session. */
export async function readAllocations(path: string, request: AllocationRequest, log: Log): Promise<AllocationReport | null> {
  using opened = openFileToRead(path, log);
  const { file } = opened;
  const queries = new AllocationQueries();
  const sessions = file.sessions.list();
  const sampled = sessions.findLast(({ id }) => queries.states(file, id).some(({ to, from }) => to > from));
  const session = request.session === null ? (sampled ?? sessions.at(-1)) : file.sessions.get(request.session);
  if (session === undefined) return null;
  const pids = new Map(file.sessions.processes(session.id).map(({ id, pid }) => [id, pid]));
  const states = queries.states(file, session.id).map((state) => ({ ...state, pid: pids.get(state.process) ?? null }));
  const { from, to, by, of, top, mine } = request;
  const question = { session: session.id, process: null, from, to, mine, by, of, filter: null, sort: null, first: 0, count: top };
  const table = await queries.rows(file, question, { signal: new AbortController().signal, check: () => undefined });
  return { session, states, table };
}

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
