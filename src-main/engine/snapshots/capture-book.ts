import type {
  AnyEvent,
  Bytes,
  ErrorData,
  ProcessId,
  ProjectId,
  SessionId,
  SnapshotId,
  SnapshotOptions,
  SnapshotPlan,
  SnapshotProgress,
  SnapshotRow,
  SnapshotTrigger,
} from '../../../src-preload/contract/index.ts';
import type { AgentConnection } from '../agent-link/agent-connection.ts';
import type { SnapshotMessage } from '../agent-link/messages.ts';
import { monotonicNow } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { SnapshotStore } from '../project/index.ts';
import type { SessionHost, SessionProcess } from '../recording/session-part.ts';
import { Capture, captureError, dumpPath, failureFacts, methodOf, writeFailure } from './capture.ts';
import type { DumpFolder } from './dump-folder.ts';
import type { SnapshotImports } from './snapshot-imports.ts';

/** The window's message key for the step that an agent reports; by default it is walking. */
const STEPS: Partial<Record<SnapshotMessage['state'], string>> = { preparing: 'preparing', started: 'starting' };

/**
 * Ticks after the end of a process in which all that it sent is read, each being a turn of the event loop. A child that inherited its connection
 * may hold that open for longer.
 */
const LAST_WORDS = 10;

/** Settings of the snapshots of one session. */
export interface SnapshotSetup {
  project: ProjectId;
  session: SessionId;
  /** For the windows. */
  events: Emitter<AnyEvent>;
  store: SnapshotStore;
  imports: SnapshotImports;
  dumps: DumpFolder;
  /** Where the agents of this session write their dumps; null: nowhere, and they refuse to take any. */
  folder: string | null;
  plan: SnapshotPlan;
  log: Log;
}

/** Its process has ended, or has closed the agent's connection and goes on, or we end. */
type AbortCode = 'agent.gone' | 'agent.closed' | 'snapshot.interrupted';

/** What captures need of the recording. */
interface CaptureHost extends Pick<SessionHost, 'now' | 'sessionTime' | 'event'> {
  rss(process: ProcessId): Bytes | null;
}

/**
 * The running captures in the processes of a session, several in one where its program takes them: their rows follow the agents' messages. A capture ends with a
 * dump that is queued for import, or with a row that says why it failed.
 */
export class CaptureBook {
  /** A row was added: an agent has begun a snapshot. */
  readonly onTaken = new Emitter<SnapshotRow>();
  readonly #setup: SnapshotSetup;
  readonly #host: CaptureHost;
  readonly #captures = new Set<Capture>();
  /**
   * Numbers of captures whose connection was lost: the agent may continue them, and report them after it reconnects. The value says
   * whether the dump is removed then: not the one that a forked copy writes, whose import waits for it.
   */
  readonly #lost = new Map<ProcessId, Map<number, { remove: boolean }>>();
  readonly #connections = new Map<ProcessId, readonly AgentConnection[]>();
  /** Processes that have ended, and how many ticks ago. */
  readonly #ended = new Map<ProcessId, number>();
  #count = 0;

  constructor(setup: SnapshotSetup, host: CaptureHost) {
    this.#setup = setup;
    this.#host = host;
  }

  /** Only the same agent continues a capture that it had begun; another one numbers its captures from the start. */
  joined({ row }: SessionProcess, connection: AgentConnection): void {
    this.#connections.set(row.id, [...this.#open(row.id), connection]);
    if (connection.hello.reason !== 'reconnect') this.#lost.delete(row.id);
  }

  /** A connection to its agent is closed: everything that came by it has been read. `runs`: its process goes on. */
  left(process: ProcessId, runs: boolean): void {
    this.abort(process, runs ? 'agent.closed' : 'agent.gone');
    if (this.#ended.has(process)) this.#forgetLost(process);
  }

  isBusy(process: ProcessId): boolean {
    return this.#of(process).length > 0;
  }

  /** A program is paused for a capture, or is about to be. */
  get isPausing(): boolean {
    return [...this.#captures].some(({ taken }) => taken === null);
  }

  open(process: SessionProcess, o: { trigger: SnapshotTrigger; name: string; options: SnapshotOptions }): Capture {
    const capture = new Capture(process, o);
    this.#captures.add(capture);
    return capture;
  }

  /** One that nobody waits for was refused: its row says why. */
  refuse(process: SessionProcess, o: { trigger: SnapshotTrigger; name: string; options: SnapshotOptions }, error: ErrorData): void {
    const capture = this.open(process, o);
    this.#drop(capture);
    try {
      this.#rowOf(capture);
      this.#failRow(capture, error);
    } catch (thrown) {
      this.#setup.log.warn(`a refused snapshot of process ${process.row.pid}`, thrown);
    }
  }

  /**
   * The agent has accepted the request: from here on there is a row. A request that is refused at once leaves none, nor does one that was given
   * up before the answer; then it throws `agent.gone`.
   */
  confirm(capture: Capture, number: number | null): SnapshotRow {
    if (capture.row === null && !this.#captures.has(capture)) throw new HeapscopeError('agent.gone', { pid: capture.process.row.pid });
    capture.number ??= number;
    const row = this.#rowOf(capture);
    if (capture.cancelled) this.#stopAgent(capture);
    return row;
  }

  reject(capture: Capture, error: ErrorData): void {
    this.#drop(capture);
    this.#failRow(capture, error);
  }

  /** Returns whether it was being captured. Its row fails at once; the agent may need a moment to stop. */
  cancel(snapshot: SnapshotId): boolean {
    const capture = [...this.#captures].find(({ row }) => row?.id === snapshot);
    if (capture) this.#cancel(capture);
    return capture !== undefined;
  }

  /** An agent's message about a snapshot that the engine, the program or its end has asked for. */
  onMessage(process: SessionProcess, connection: AgentConnection, message: SnapshotMessage, options: SnapshotOptions): void {
    const known = this.#captureOf(process, message);
    if (known === null && this.#isLost(process, message)) return this.#discardLost(process, connection, message);
    const capture = known ?? this.#openForAgent(process, message, options);
    capture.number = message.number;
    capture.path = capture.dumpPath(message.path) ?? capture.path;
    if (message.stream) this.#receive(capture, connection, message.stream);
    if (message.at !== null) capture.taken = this.#taken(connection, message.at, message.pause);
    try {
      const row = this.#rowOf(capture);
      if (message.state === 'started') this.#change(capture, { method: methodOf(message.method), methodReason: message.why });
      else if (message.state === 'done') this.#captured(capture, message);
      else if (message.state === 'failed') this.#failed(capture, message);
      if (message.state !== 'done' && message.state !== 'failed') this.#emitProgress(row, message);
    } catch (thrown) {
      // The row could not be written: the snapshot cannot be kept.
      this.#setup.log.warn(`snapshot of process ${process.row.pid}`, thrown);
      this.#cancel(capture);
      if (message.state === 'done' || message.state === 'failed') this.#discard(capture);
    }
  }

  /** The process has ended, or its connection is lost. A forked copy finishes its dump by itself. */
  abort(process: ProcessId, code: AbortCode): void {
    for (const capture of this.#of(process)) this.#abort(capture, code);
  }

  #of(process: ProcessId): Capture[] {
    return [...this.#captures].filter((capture) => capture.process.row.id === process);
  }

  /** The dump comes by a connection of its own, and we write the file that the agent could not make. */
  #receive(capture: Capture, { streams }: AgentConnection, key: string): void {
    if (capture.stream !== null) return;
    capture.stream = key;
    capture.path = capture.plannedPath;
    if (capture.path !== null) streams?.expect(key, capture.path);
  }

  #abort(capture: Capture, code: AbortCode): void {
    const process = capture.process.row.id;
    const error = { code, facts: { pid: capture.process.row.pid } };
    const finishes = code !== 'snapshot.interrupted' && capture.isCopy && !capture.cancelled && this.#importLater(capture, error);
    if (!finishes) this.#discard(capture);
    if (capture.number !== null) {
      this.#lost.set(
        process,
        (this.#lost.get(process) ?? new Map<number, { remove: boolean }>()).set(capture.number, { remove: !finishes }),
      );
    }
    if (!finishes && !capture.cancelled) this.#failRow(capture, error);
  }

  /** Returns whether the dump will be imported once the copy has finished it. */
  #importLater(capture: Capture, incomplete: ErrorData): boolean {
    const { path, row, taken } = capture;
    if (path === null || row === null || taken === null) return false;
    this.#drop(capture);
    try {
      this.#import(capture, path, taken, incomplete);
      return true;
    } catch (thrown) {
      this.#setup.log.warn(`snapshot ${row.id} of a process that has ended`, thrown);
      return false;
    }
  }

  /** The process has ended. What its agent sent last may not be read yet: its captures go on until the connection is closed. */
  forget(process: ProcessId): void {
    this.#ended.set(process, 0);
    if (this.#open(process).length > 0) return;
    this.abort(process, 'agent.gone');
    this.#forgetLost(process);
  }

  /** Must be called at each tick. */
  ticked(): void {
    for (const { process } of [...this.#captures]) {
      const ticks = this.#ended.get(process.row.id);
      if (ticks !== undefined && ticks >= LAST_WORDS) this.abort(process.row.id, 'agent.gone');
    }
    for (const [process, ticks] of this.#ended) this.#ended.set(process, ticks + 1);
  }

  end(): void {
    for (const capture of [...this.#captures])
      this.#abort(capture, this.#ended.has(capture.process.row.id) ? 'agent.gone' : 'snapshot.interrupted');
  }

  #open(process: ProcessId): AgentConnection[] {
    return (this.#connections.get(process) ?? []).filter(({ closed }) => !closed);
  }

  #forgetLost(process: ProcessId): void {
    if (this.#open(process).length > 0) return;
    this.#lost.delete(process);
    this.#connections.delete(process);
  }

  /** One without a number is ours, and the agent's first word of it has it. */
  #captureOf({ row }: SessionProcess, { number, trigger }: SnapshotMessage): Capture | null {
    const known = this.#of(row.id);
    const unnumbered = trigger === 'command' ? known.find((capture) => capture.number === null) : undefined;
    return known.find((capture) => capture.number === number) ?? unnumbered ?? null;
  }

  /** Its row already has its result. A snapshot that we requested has a capture, or had one until it was given up. */
  #isLost({ row }: SessionProcess, { number, trigger }: SnapshotMessage): boolean {
    return trigger === 'command' || (this.#lost.get(row.id)?.has(number) ?? false);
  }

  /** Nothing waits for its dump. */
  #discardLost({ row }: SessionProcess, { dumps }: AgentConnection, { number, state, path }: SnapshotMessage): void {
    const dump = dumpPath(dumps, path);
    const remove = this.#lost.get(row.id)?.get(number)?.remove ?? true;
    if (remove && state === 'done' && dump !== null) this.#setup.dumps.remove(dump);
  }

  /** `at` and `pause` in seconds, `at` by the agent's clock. */
  #taken(connection: AgentConnection, at: number, pause: number | null): NonNullable<Capture['taken']> {
    return { t: Math.max(0, this.#host.sessionTime(connection.toEngineTime(at))), pause: pause === null ? null : pause * 1000 };
  }

  #openForAgent(process: SessionProcess, { trigger, name }: SnapshotMessage, options: SnapshotOptions): Capture {
    return this.open(process, trigger === 'exit' ? { trigger, name: '', options } : { trigger: 'program', name, options });
  }

  #rowOf(capture: Capture): SnapshotRow {
    if (capture.row) return capture.row;
    const { process, trigger, options } = capture;
    this.#count += 1;
    capture.row = this.#setup.store.add({
      session: this.#setup.session,
      process: process.row.id,
      pid: process.row.pid,
      t: this.#host.now(),
      name: capture.name || `#${this.#count}`,
      note: '',
      trigger,
      state: 'capturing',
      error: null,
      method: null,
      methodReason: '',
      collected: options.collectFirst,
      previews: options.previews,
      frames: 0,
      python: process.row.python,
      pause: null,
      captureTime: null,
      importTime: null,
      dumpBytes: null,
      storedBytes: null,
      objects: null,
      tracked: null,
      references: null,
      size: null,
      garbage: null,
      rss: this.#host.rss(process.row.id),
    });
    const dump = capture.path ?? capture.plannedPath;
    if (dump !== null) this.#setup.dumps.note(dump, this.#setup.store.key(capture.row.id));
    this.onTaken.emit(capture.row);
    return capture.row;
  }

  #captured(capture: Capture, message: SnapshotMessage): void {
    const { path } = capture;
    if (capture.cancelled) return this.#discard(capture);
    this.#drop(capture);
    if (path === null)
      return this.#failRow(capture, { code: 'snapshot.failed', facts: { pid: capture.process.row.pid, detail: String(message.path) } });
    const facts = { pid: capture.process.row.pid, detail: 'the dump that the copy sent is not whole' };
    const arriving: ErrorData | undefined = capture.stream === null ? undefined : { code: 'snapshot.failed', facts };
    const patch: Partial<SnapshotRow> = {
      t: capture.taken?.t ?? this.#host.now(),
      method: methodOf(message.method),
      methodReason: message.why,
      pause: message.pause === null ? null : message.pause * 1000,
      captureTime: monotonicNow() - capture.requestedAt,
      objects: message.nodes,
      tracked: message.tracked,
      references: message.edges,
      dumpBytes: message.bytes,
    };
    this.#import(capture, path, patch, arriving);
  }

  #import(capture: Capture, path: string, patch: Partial<SnapshotRow>, incomplete?: ErrorData): void {
    const row = this.#change(capture, { ...patch, state: 'importing' });
    const { id, name, pid, process, trigger, t } = row;
    this.#host.event(process, t, 'snapshot', { pid, snapshot: id, name, trigger });
    const { project, store, imports, dumps } = this.#setup;
    imports.add({ project, row, store, path, removeDump: () => dumps.remove(path), ...(incomplete ? { incomplete } : {}) });
  }

  #failed(capture: Capture, message: SnapshotMessage): void {
    this.#discard(capture);
    if (capture.cancelled) return;
    const unwritten = capture.stream === null ? undefined : capture.process.connection?.streams?.failure(capture.stream);
    const cause = unwritten === undefined ? message : { ...message, ...writeFailure(unwritten) };
    this.#failRow(capture, captureError(cause, capture, this.#setup.folder));
  }

  /** It is over, and its dump is removed. */
  #discard(capture: Capture): void {
    this.#drop(capture);
    const path = capture.path ?? capture.plannedPath;
    if (path !== null) this.#setup.dumps.remove(path);
  }

  #cancel(capture: Capture): void {
    if (capture.cancelled) return;
    capture.cancelled = true;
    if (capture.row) this.#failRow(capture, { code: 'snapshot.cancelled', facts: { pid: capture.process.row.pid } });
    this.#stopAgent(capture);
  }

  #stopAgent({ process, number }: Capture): void {
    if (number === null) return;
    process.connection
      ?.command('snapshot_cancel', { number })
      .catch((thrown: unknown) => this.#setup.log.info(`cancelling a snapshot of ${process.row.pid}: ${String(thrown)}`));
  }

  #failRow(capture: Capture, error: ErrorData): void {
    const { row, process } = capture;
    if (!row) return;
    try {
      capture.row = this.#setup.store.fail(row.id, error);
    } catch (thrown) {
      this.#setup.log.warn(`snapshot ${row.id} could not be marked as failed`, thrown);
    }
    if (error.code === 'snapshot.cancelled') return;
    this.#host.event(process.row.id, this.#host.now(), 'snapshot-failed', failureFacts(row, error));
  }

  #change(capture: Capture, patch: Partial<SnapshotRow>): SnapshotRow {
    const row = this.#rowOf(capture);
    if (capture.cancelled) return row;
    capture.row = this.#setup.store.update(row.id, patch);
    return capture.row;
  }

  #emitProgress({ id, session }: SnapshotRow, { nodes, state }: SnapshotMessage): void {
    const { project, events } = this.#setup;
    const progress: SnapshotProgress = { id, session, state: 'capturing', step: STEPS[state] ?? 'walking', done: null, objects: nodes };
    events.emit({ event: 'snapshot.progress', payload: { project, progress } });
  }

  #drop(capture: Capture): void {
    this.#captures.delete(capture);
  }
}
