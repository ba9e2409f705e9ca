import type {
  Bytes,
  Milliseconds,
  ProcessId,
  SnapshotForecast,
  SnapshotId,
  SnapshotOptions,
  SnapshotPlan,
  SnapshotRow,
  SnapshotTrigger,
} from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import { Kind, type AgentMessage } from '../agent-link/messages.ts';
import { HeapscopeError, toErrorData } from '../base/errors.ts';
import type { ProcessRss, SessionHost, SessionPart, SessionProcess } from '../recording/session-part.ts';
import { CaptureBook, type SnapshotSetup } from './capture-book.ts';
import { agentArguments, captureError, methodOf } from './capture.ts';
import { freeSpace } from './dump-folder.ts';
import type { Pausing } from './pauses.ts';
import { RuleWatch } from './rule-watch.ts';

/** Upper limit of a dump's size relative to the process's memory, as measured on mixed heaps: half of it, with a margin. */
const DUMP_SHARE = 0.75;
const SPACE_LEFT: Bytes = 64 << 20;

interface SnapshotRequest {
  trigger: SnapshotTrigger;
  name: string;
  options: SnapshotOptions;
}

/**
 * The snapshots of one session while it is recorded: handles requests by the user and by rules, and passes on the settings for those that
 * the program takes itself. `CaptureBook` follows each of them to its end. Runs in the engine's main thread.
 */
export class SessionSnapshots implements SessionPart, Pausing {
  readonly name = 'snapshots';
  readonly #setup: SnapshotSetup;
  readonly #host: SessionHost;
  readonly #book: CaptureBook;
  readonly #rules: RuleWatch;
  readonly #rss = new Map<ProcessId, Bytes>();
  /** Processes that have begun their snapshot at exit. */
  readonly #exits = new Set<ProcessId>();
  readonly #unwatch: () => void;
  #options: SnapshotOptions;
  /** The settings for snapshots at exit that were sent to the agents. */
  #armed: boolean;

  constructor(setup: SnapshotSetup, host: SessionHost) {
    this.#setup = setup;
    this.#host = host;
    this.#options = setup.plan.options;
    this.#rules = new RuleWatch(setup.plan.rules, host.now());
    this.#armed = this.#rules.atExit;
    this.#book = new CaptureBook(setup, { ...host, rss: (process) => this.#rss.get(process) ?? null });
    this.#unwatch = setup.imports.pauses.watch(this);
    this.#book.onTaken.on(({ process, trigger, rss }) => {
      this.#rules.count(process, trigger, rss);
      if (this.#armed !== this.#rules.atExit) this.#sendOptionsToAll();
    });
  }

  get plan(): SnapshotPlan {
    return { rules: this.#rules.rules, options: this.#options };
  }

  /** Applies from now on to snapshots by rules, by the program and at exit; stored with the session. */
  setPlan(plan: SnapshotPlan): void {
    this.#setup.store.setPlan(this.#setup.session, plan);
    this.#rules.change(plan.rules, this.#host.now());
    this.#options = plan.options;
    this.#sendOptionsToAll();
  }

  /** What taking one now would do, in each process whose agent answers. Throws `recording.no-agent`. */
  async forecast(method = this.#options.method): Promise<SnapshotForecast[]> {
    return await fulfilled(this.#withAgent(null).map((process) => this.#forecastOf(process, method)));
  }

  /**
   * Of the given processes, or of all with an agent; settles once they are being captured. A failure in some does not affect the others:
   * only when all fail is the first failure thrown: `recording.no-agent`, `snapshot.busy`, `snapshot.no-space`, or the agent's error.
   */
  async take(o: { processes: readonly ProcessId[] | null; name: string; options: SnapshotOptions }): Promise<SnapshotRow[]> {
    const request: SnapshotRequest = { trigger: 'user', name: o.name, options: o.options };
    return await fulfilled(this.#withAgent(o.processes).map((process) => this.#begin(process, request)));
  }

  /** Its agent may be silent for as long as the walk takes. */
  isBusy(process: ProcessId): boolean {
    return this.#book.isBusy(process);
  }

  /** Returns whether it was being captured. */
  cancel(snapshot: SnapshotId): boolean {
    return this.#book.cancel(snapshot);
  }

  joined(process: SessionProcess, connection: AgentConnection): void {
    this.#book.joined(process, connection);
    this.#sendOptions(connection);
  }

  onMessage(process: SessionProcess, connection: AgentConnection, message: AgentMessage): void {
    if (message.kind === Kind.snapshot) {
      if (message.body.trigger === 'exit') this.#exits.add(process.row.id);
      this.#book.onMessage(process, connection, message.body, this.#options);
    } else if (message.kind === Kind.bye && message.body.reason === 'exit') this.#exited(process);
  }

  left({ row }: SessionProcess, _connection: AgentConnection, runs: boolean): void {
    this.#exits.delete(row.id);
    this.#book.left(row.id, runs);
  }

  tick(processes: readonly ProcessRss[]): void {
    this.#book.ticked();
    for (const { process, rss } of processes) if (rss !== null) this.#sampled(process, rss);
    if (this.#rules.due(this.#host.now())) this.#byRule(null, 'interval', '');
  }

  marked(process: ProcessId | null, name: string): void {
    if (this.#rules.mark(name)) this.#byRule(process === null ? null : [process], 'mark', name);
  }

  processEnded(process: ProcessId): void {
    this.#book.forget(process);
    this.#rss.delete(process);
    this.#rules.remove(process);
  }

  untilPause(): Milliseconds | null {
    if (this.#book.isPausing) return 0;
    const anyAgent = [...this.#host.processes()].some(({ connection }) => connection !== null);
    return anyAgent ? this.#rules.untilDue(this.#host.now()) : null;
  }

  /** Unfinished captures have failed from here on. */
  end(): void {
    this.#unwatch();
    this.#book.end();
  }

  /** An agent that was not told in time takes none at its exit; it sends BYE all the same. */
  #exited(process: SessionProcess): void {
    const { id, pid } = process.row;
    if (!this.#rules.atExit || this.#exits.has(id)) return;
    this.#book.refuse(process, { trigger: 'exit', name: '', options: this.#options }, { code: 'snapshot.unanswered', facts: { pid } });
  }

  #sampled(process: ProcessId, rss: Bytes): void {
    this.#rss.set(process, rss);
    const trigger = this.#rules.rss(process, rss);
    if (trigger) this.#byRule([process], trigger, '');
  }

  async #begin(process: SessionProcess, request: SnapshotRequest): Promise<SnapshotRow> {
    const { row, connection } = process;
    if (!connection) throw new HeapscopeError('agent.gone', { pid: row.pid });
    if (this.#book.isBusy(row.id)) throw new HeapscopeError('snapshot.busy', { pid: row.pid });
    this.#checkSpace(row.id);
    const capture = this.#book.open(process, request);
    try {
      const { number } = await connection.command('snapshot', { ...agentArguments(request.options), name: request.name });
      return this.#book.confirm(capture, typeof number === 'number' ? number : null);
    } catch (thrown) {
      const error = refusal(thrown, process, this.#setup.folder);
      this.#book.reject(capture, toErrorData(error));
      throw error;
    }
  }

  /** Nothing awaits these: failures are rows. A process that is busy when the interval is over is skipped: the next one comes. */
  #byRule(processes: readonly ProcessId[] | null, trigger: SnapshotTrigger, name: string): void {
    for (const process of this.#host.processes()) {
      const { id } = process.row;
      if (process.connection === null || !(processes?.includes(id) ?? true)) continue;
      if (trigger === 'interval' && this.#book.isBusy(id)) continue;
      const request: SnapshotRequest = { name, options: this.#options, trigger };
      this.#begin(process, request).catch((thrown: unknown) => {
        const error = toErrorData(thrown);
        if (error.code === 'agent.gone') return; // it is ending, and does not read commands any more
        if (error.code === 'snapshot.busy' && trigger === 'interval') return;
        this.#book.refuse(process, request, error);
      });
    }
  }

  #withAgent(ids: readonly ProcessId[] | null): SessionProcess[] {
    const found = [...this.#host.processes()].filter(
      ({ row, connection }) => connection !== null && (ids === null || ids.includes(row.id)),
    );
    if (found.length === 0) throw new HeapscopeError('recording.no-agent', { session: this.#setup.session });
    return found;
  }

  async #forecastOf({ row, connection }: SessionProcess, method: SnapshotOptions['method']): Promise<SnapshotForecast> {
    if (!connection) throw new HeapscopeError('agent.gone', { pid: row.pid });
    const answer = await connection.command('snapshot_forecast', agentArguments({ ...this.#options, method }));
    const { why, expected_pause: pause } = answer;
    return {
      process: row.id,
      pid: row.pid,
      method: methodOf(answer['method']) ?? 'python',
      methodReason: typeof why === 'string' ? why : '',
      expectedPause: typeof pause === 'number' && pause >= 0 ? pause * 1000 : 0,
    };
  }

  #checkSpace(process: ProcessId): void {
    const { folder: path } = this.#setup;
    if (path === null) return;
    const needed = Math.round((this.#rss.get(process) ?? 0) * DUMP_SHARE) + SPACE_LEFT;
    const available = freeSpace(path);
    if (available !== null && available < needed) throw new HeapscopeError('snapshot.no-space', { path, needed, available });
  }

  #sendOptionsToAll(): void {
    for (const { connection } of this.#host.processes()) if (connection) this.#sendOptions(connection);
  }

  #sendOptions(connection: AgentConnection): void {
    this.#armed = this.#rules.atExit;
    connection.command('snapshot_options', { ...agentArguments(this.#options), at_exit: this.#armed }).catch((thrown: unknown) => {
      this.#setup.log.info(`telling an agent how to take snapshots: ${String(thrown)}`);
    });
  }
}

/** An agent's refusal as an error of a snapshot; "busy": the program is taking one itself. */
function refusal(thrown: unknown, process: SessionProcess, folder: string | null): unknown {
  if (!(thrown instanceof HeapscopeError) || thrown.code !== 'agent.failed') return thrown;
  const { reason, detail } = thrown.facts;
  if (reason === 'busy') return new HeapscopeError('snapshot.busy', { pid: process.row.pid }, thrown);
  const failure = { code: String(reason), error: String(detail), signal: null };
  const { code, facts } = captureError(failure, { process, seconds: 0, cancelled: false }, folder);
  return new HeapscopeError(code, facts, thrown);
}

/** The successful results; when there are none, the first failure is thrown. */
async function fulfilled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  const values = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failure = settled.find((each) => each.status === 'rejected');
  if (values.length === 0 && failure) throw failure.reason;
  return values;
}
