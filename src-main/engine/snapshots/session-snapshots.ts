import type {
  Bytes,
  ProcessId,
  SessionTime,
  SnapshotForecast,
  SnapshotId,
  SnapshotOptions,
  SnapshotPlan,
  SnapshotProgress,
  SnapshotRow,
  SnapshotTrigger,
} from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import { Kind } from '../agent-link/messages.ts';
import type { Emitter } from '../base/emitter.ts';
import { HeapscopeError, toErrorData } from '../base/errors.ts';
import { CaptureBook, type CaptureHost, type SnapshotParts } from './capture-book.ts';
import { agentArguments, methodOf, type CaptureProcess } from './capture.ts';
import { freeSpace } from './dump-folder.ts';
import { RuleWatch } from './rule-watch.ts';

/** A dump is at most so large beside what the process has in memory, as measured on mixed heaps: half of it, with a margin. */
const DUMP_SHARE = 0.75;
const SPACE_LEFT: Bytes = 64 << 20;

/** What snapshots need of the recording. */
export interface SnapshotHost extends Omit<CaptureHost, 'rss'> {
  now(): SessionTime;
}

interface Asked {
  trigger: SnapshotTrigger;
  name: string;
  options: SnapshotOptions;
}

/**
 * The snapshots of one session while it is recorded: who asks for them (the user, rules), and how those are to be taken that
 * the program asks for. What becomes of one is `CaptureBook`'s. Runs in the engine's main thread.
 */
export class SessionSnapshots {
  readonly #parts: SnapshotParts;
  readonly #host: SnapshotHost;
  readonly #book: CaptureBook;
  readonly #rules: RuleWatch;
  readonly #rss = new Map<ProcessId, Bytes>();
  #options: SnapshotOptions;
  /** What the agents were told of the end of their processes. */
  #armed: boolean;

  constructor(parts: SnapshotParts, host: SnapshotHost) {
    this.#parts = parts;
    this.#host = host;
    this.#options = parts.plan.options;
    this.#rules = new RuleWatch(parts.plan.rules, host.now());
    this.#armed = this.#rules.atExit;
    this.#book = new CaptureBook(parts, { ...host, rss: (process) => this.#rss.get(process) ?? null });
    this.#book.onTaken.on(({ process, trigger, rss }) => {
      this.#rules.took(process, trigger, rss);
      if (this.#armed !== this.#rules.atExit) this.#tellAgents();
    });
  }

  get onProgress(): Emitter<SnapshotProgress> {
    return this.#book.onProgress;
  }

  get plan(): SnapshotPlan {
    return { rules: this.#rules.rules, options: this.#options };
  }

  /** From now on, for what rules, the program and the end of processes take; kept with the session. */
  setPlan(plan: SnapshotPlan): void {
    this.#parts.store.setPlan(this.#parts.session, plan);
    this.#rules.change(plan.rules, this.#host.now());
    this.#options = plan.options;
    this.#tellAgents();
  }

  /** What taking one would do now, in each process whose agent answers. Throws `recording.no-agent`. */
  async forecast(method = this.#options.method): Promise<SnapshotForecast[]> {
    return await fulfilled(this.#withAgent(null).map((process) => this.#forecastOf(process, method)));
  }

  /**
   * Of the given processes, or of all with an agent; settles once they are being captured. What some cannot do does not keep the
   * others from it: only when none can is the first failure thrown: `recording.no-agent`, `snapshot.busy`, `snapshot.no-space`,
   * or what the agent says.
   */
  async take(o: { processes: readonly ProcessId[] | null; name: string; options: SnapshotOptions }): Promise<SnapshotRow[]> {
    const asked: Asked = { trigger: 'user', name: o.name, options: o.options };
    return await fulfilled(this.#withAgent(o.processes).map((process) => this.#begin(process, asked)));
  }

  /** Its agent may be silent for as long as the walk takes. */
  isCapturing(process: ProcessId): boolean {
    return this.#book.isBusy(process);
  }

  /** Whether it was being captured. */
  cancel(snapshot: SnapshotId): boolean {
    return this.#book.cancel(snapshot);
  }

  /** An agent joined: it is told how, and what it says of snapshots is heard. */
  joined(process: CaptureProcess, connection: AgentConnection): void {
    this.#tellOptions(connection);
    connection.onMessage.on((message) => {
      if (message.kind === Kind.snapshot) this.#book.heard(process, connection, message.body, this.#options);
    });
    connection.onClosed.on(() => this.#book.lost(process.row.id, 'agent.gone'));
  }

  /** One tick of the sampler, with the RSS of each process as last measured. */
  tick(processes: readonly { process: ProcessId; rss: Bytes | null }[]): void {
    for (const { process, rss } of processes) if (rss !== null) this.#sampled(process, rss);
    if (this.#rules.due(this.#host.now())) this.#byRule(null, 'interval', '');
  }

  /** A mark by the user (`process` null), or by a process of its own. */
  marked(process: ProcessId | null, name: string): void {
    if (this.#rules.mark(name)) this.#byRule(process === null ? null : [process], 'mark', name);
  }

  processEnded(process: ProcessId): void {
    this.#book.lost(process, 'agent.gone');
    this.#rss.delete(process);
    this.#rules.gone(process);
  }

  /** The recording ends: what is not captured by now will not be. */
  end(): void {
    this.#book.end();
  }

  #sampled(process: ProcessId, rss: Bytes): void {
    this.#rss.set(process, rss);
    const trigger = this.#rules.rss(process, rss);
    if (trigger) this.#byRule([process], trigger, '');
  }

  async #begin(process: CaptureProcess, asked: Asked): Promise<SnapshotRow> {
    const { row, connection } = process;
    if (!connection) throw new HeapscopeError('agent.gone', { pid: row.pid });
    if (this.#book.isBusy(row.id)) throw new HeapscopeError('snapshot.busy', { pid: row.pid });
    this.#checkSpace(row.id);
    const capture = this.#book.open(process, asked);
    try {
      const { number } = await connection.command('snapshot', { ...agentArguments(asked.options), name: asked.name });
      return this.#book.taken(capture, typeof number === 'number' ? number : null);
    } catch (thrown) {
      const error = refusal(thrown, row.pid);
      this.#book.refused(capture, toErrorData(error));
      throw error;
    }
  }

  /** Nobody waits for these: what goes wrong is an event of the session. A process that is busy is passed over. */
  #byRule(processes: readonly ProcessId[] | null, trigger: SnapshotTrigger, name: string): void {
    for (const process of this.#host.processes()) {
      const { id, pid } = process.row;
      if (process.connection === null || this.#book.isBusy(id) || !(processes?.includes(id) ?? true)) continue;
      this.#begin(process, { name, options: this.#options, trigger }).catch((thrown: unknown) => {
        const { code, facts } = toErrorData(thrown);
        if (code === 'agent.gone') return; // it ends, and has no more ear for us
        this.#host.event(id, this.#host.now(), 'snapshot-failed', { pid, name, code, detail: String(facts['detail'] ?? '') });
      });
    }
  }

  #withAgent(ids: readonly ProcessId[] | null): CaptureProcess[] {
    const found = [...this.#host.processes()].filter(
      ({ row, connection }) => connection !== null && (ids === null || ids.includes(row.id)),
    );
    if (found.length === 0) throw new HeapscopeError('recording.no-agent', { session: this.#parts.session });
    return found;
  }

  async #forecastOf({ row, connection }: CaptureProcess, method: SnapshotOptions['method']): Promise<SnapshotForecast> {
    if (!connection) throw new HeapscopeError('agent.gone', { pid: row.pid });
    const answer = await connection.command('snapshot_plan', agentArguments({ ...this.#options, method }));
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
    const { folder: path } = this.#parts;
    if (path === null) return;
    const needed = Math.round((this.#rss.get(process) ?? 0) * DUMP_SHARE) + SPACE_LEFT;
    const available = freeSpace(path);
    if (available !== null && available < needed) throw new HeapscopeError('snapshot.no-space', { path, needed, available });
  }

  #tellAgents(): void {
    for (const { connection } of this.#host.processes()) if (connection) this.#tellOptions(connection);
  }

  #tellOptions(connection: AgentConnection): void {
    this.#armed = this.#rules.atExit;
    connection.command('snapshot_options', { ...agentArguments(this.#options), at_exit: this.#armed }).catch((thrown: unknown) => {
      this.#parts.log.info(`telling an agent how to take snapshots: ${String(thrown)}`);
    });
  }
}

/** The agent's word for a snapshot that the program has begun itself. */
function refusal(thrown: unknown, pid: number): unknown {
  const isBusy =
    thrown instanceof HeapscopeError && thrown.code === 'agent.failed' && /another snapshot/.test(String(thrown.facts['detail']));
  return isBusy ? new HeapscopeError('snapshot.busy', { pid }, thrown) : thrown;
}

/** What went well; when nothing did, the first failure is thrown. */
async function fulfilled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  const values = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failure = settled.find((each) => each.status === 'rejected');
  if (values.length === 0 && failure) throw failure.reason;
  return values;
}
