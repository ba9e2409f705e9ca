import type {
  ConsolePart,
  EventKind,
  EventRow,
  ExitStatus,
  Facts,
  ProjectId,
  RecordingState,
  SessionId,
  SessionState,
  SessionTime,
} from '../../../src-preload/contract/index.ts';
import type { AgentConnection, CommandName } from '../agent-link/agent-connection.ts';
import type { Refusal } from '../agent-link/agent-server.ts';
import { Kind } from '../agent-link/messages.ts';
import { monotonicNow } from '../base/clock.ts';
import { Disposables } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { HeapscopeError } from '../base/errors.ts';
import { SIGNALS, type TreeSample } from '../targets/index.ts';
import { collectAll, commandAll, type Answer } from './agent-commands.ts';
import { flush } from './flush.ts';
import { interpreterOf, recordAgentMessage, type AgentRecorderHost } from './agent-recorder.ts';
import { recordOsSample } from './os-recorder.ts';
import { ProcessBook, type Tracked } from './process-book.ts';
import type { RecordingParts } from './recording-parts.ts';
import { SeriesSink } from './series-sink.ts';
import { StrangerLog } from './stranger-log.ts';
import { RecentSlope } from './slope.ts';
import { SessionSnapshots } from '../snapshots/index.ts';

/** DESIGN.md: a crash of the app loses at most the last second. */
const FLUSH_EVERY = 500;
const STATE_EVERY = 500;
const ADVANCED_EVERY = 100;
/** By then an agent has joined, or none will: the program runs all the same. */
const START_AT_MOST = 3_000;
const DRAIN = { atLeast: 200, atMost: 700 };
/** For a program asked to terminate when the app quits. */
const PATIENCE = 1_500;

/**
 * One session from the start of its program to the end of its last process. Runs in the engine's main thread.
 *
 * A file that cannot be written any more ends the recording, never the program: terminal and controls stay.
 */
export class Recording {
  readonly project: ProjectId;
  readonly session: SessionId;
  readonly snapshots: SessionSnapshots;
  readonly onState = new Emitter<RecordingState>();
  readonly onAdvanced = new Emitter<SessionTime>();
  readonly onShape = new Emitter<void>();
  readonly onEvent = new Emitter<EventRow>();
  readonly onConsole = new Emitter<ConsolePart>();
  /** The program itself has ended; processes it left behind may go on. */
  readonly onRootEnded = new Emitter<ExitStatus>();
  readonly onFault = new Emitter<HeapscopeError>();
  /** Settles when nothing of the session runs any more; never rejects. */
  readonly ended: Promise<{ state: SessionState; exit: ExitStatus | null }>;

  readonly #parts: RecordingParts;
  readonly #sink: SeriesSink;
  readonly #book: ProcessBook;
  readonly #root: Tracked;
  readonly #slope = new RecentSlope();
  readonly #strangers = new StrangerLog({
    report: (facts) => void this.#event(null, this.now, 'stranger', facts),
    warn: ({ address, reason }) => this.onFault.emit(new HeapscopeError('agent.stranger', { address, detail: reason })),
  });
  readonly #resources = new Disposables();
  readonly #agentHost: AgentRecorderHost;
  #phase: RecordingState['phase'] = 'starting';
  #paused = false;
  #stopAsked: RecordingState['stopAsked'] = null;
  #exit: ExitStatus | null = null;
  #peak = 0;
  #writing = true;
  #draining = false;
  #advancedAt = 0;
  #settle: (end: { state: SessionState; exit: ExitStatus | null }) => void = () => undefined;

  constructor(parts: RecordingParts) {
    this.#parts = parts;
    this.project = parts.project;
    this.session = parts.writer.id;
    this.ended = new Promise((resolve) => (this.#settle = resolve));
    this.#sink = new SeriesSink(parts.writer, () => this.onShape.emit());
    this.#book = new ProcessBook({
      addProcess: (o) => parts.writer.addProcess(o),
      updateProcess: (id, patch) => parts.writer.updateProcess(id, patch),
      event: (process, t, kind, facts) => void this.#event(process, t, kind, facts),
    });
    this.#agentHost = {
      sink: this.#sink,
      osFromAgent: parts.osFromAgent,
      event: (process, t, kind, facts) => void this.#event(process, t, kind, facts),
      sessionTime: (engineTime) => this.#bounded(engineTime),
      announced: (tracked, code) => this.#book.announced(tracked, code),
    };
    this.snapshots = new SessionSnapshots(parts.snapshots, {
      now: () => this.now,
      sessionTime: (engineTime) => this.#bounded(engineTime),
      processes: () => this.#book.alive,
      event: (process, t, kind, facts) => void this.#event(process, t, kind, facts),
    });
    this.#root = this.#book.root(parts.target.pid, parts.program);
    this.#listen();
  }

  get now(): SessionTime {
    return monotonicNow() - this.#parts.startedAt;
  }

  /** An agent's clock is its own word: nothing it says lies before the session or in the future. */
  #bounded(engineTime: number): SessionTime {
    return Math.min(Math.max(0, engineTime - this.#parts.startedAt), this.now);
  }

  get running(): boolean {
    return this.#phase !== 'ended';
  }

  state(): RecordingState {
    const agents = [...this.#book.alive]
      .filter((tracked) => tracked.row.agent !== 'none')
      .map(({ row, tracemallocFrames }) => ({ process: row.id, pid: row.pid, state: row.agent, tracemallocFrames }));
    return {
      project: this.project,
      session: this.session,
      phase: this.#phase,
      paused: this.#paused,
      stopAsked: this.#stopAsked,
      now: this.now,
      rss: this.#sink.total('rss'),
      rssSlope: this.#slope.perMinute(),
      processes: this.#book.size,
      agents,
    };
  }

  /** Asks the program to end; each step up is the user's. After the root is gone it goes to what is left of the tree. */
  stop(how: 'interrupt' | 'terminate' | 'kill'): void {
    this.#mustRun();
    this.#stopAsked = how;
    if (this.#phase !== 'stopping') this.#phase = 'stopping';
    this.#event(null, this.now, 'stop', { how });
    if (this.#exit === null) this.#parts.target.signal(how);
    else this.#parts.sampler.signal(SIGNALS[how]);
    this.#announce();
  }

  /** null: what shows a line below the program's output has to draw it itself. */
  get showStatus(): ((text: string) => boolean) | null {
    const { target } = this.#parts;
    return target.showStatus ? (text) => target.showStatus?.(text) ?? false : null;
  }

  write(data: string): void {
    this.#mustRun();
    this.#parts.target.write(data);
  }

  resize(columns: number, rows: number): void {
    this.#mustRun();
    this.#parts.target.resize(columns, rows);
    if (this.#writing) this.#parts.writer.resizeConsole(columns, rows);
  }

  mark(name: string): EventRow {
    this.#mustRun();
    return this.#event(null, this.now, 'mark', { name, source: 'user' });
  }

  pause(paused: boolean): void {
    this.#mustRun();
    if (this.#paused === paused) return;
    this.#paused = paused;
    this.#parts.link.welcome.paused = paused;
    for (const connection of this.#parts.link.connections) {
      connection.command(paused ? 'pause' : 'resume').catch((thrown: unknown) => this.#parts.log.warn('pausing an agent', thrown));
    }
    if (paused) {
      this.#parts.sampler.pause();
      this.#sink.gap(this.now);
    } else this.#parts.sampler.resume();
    this.#event(null, this.now, 'sampling', { paused });
    this.#announce();
  }

  /** A full collection in every process with an agent. */
  async collect(): Promise<{ processes: number; collected: number; uncollectable: number }> {
    this.#mustRun();
    return collectAll(this.#book, this.session, (process, facts) => void this.#event(process, this.now, 'collect', facts));
  }

  /** `frames` 0 stops tracing. The samples that follow tell the rest. */
  async tracemalloc(frames: number): Promise<{ processes: number }> {
    const answers = await (frames > 0 ? this.#command('tracemalloc_start', { frames }) : this.#command('tracemalloc_stop', {}));
    return { processes: answers.length };
  }

  /** Ends the recording, as when the app quits; `kill` ends the program before: politely, then not. */
  async abandon(kill: boolean): Promise<void> {
    if (!this.running) return;
    for (const how of kill ? (['terminate', 'kill'] as const) : []) {
      if (!this.running) return;
      if (this.#exit === null) this.#parts.target.signal(how);
      this.#parts.sampler.signal(SIGNALS[how]);
      await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    }
    if (this.running) this.#finish('stopped-recording');
  }

  #listen(): void {
    const { target, sampler, link } = this.#parts;
    this.#resources.add(target.onData((bytes) => this.#console(bytes)));
    target.onExit((exit) => this.#rootEnded(exit));
    sampler.onTick((sample) => this.#tick(sample));
    this.#resources.add(link);
    this.#resources.add(sampler);
    this.#resources.add(link.onJoined.on((connection) => this.#agentJoined(connection)));
    this.#resources.add(link.onRefused.on((refusal) => this.#refused(refusal)));
    this.#every(FLUSH_EVERY, () => this.#flush());
    this.#every(STATE_EVERY, () => this.#announce());
    link.identify = (peer) => sampler.identify(peer);
    link.ownPorts = (ports, enginePort) => sampler.ownPorts(ports, enginePort);
  }

  #every(ms: number, action: () => void): void {
    const timer = setInterval(action, ms);
    this.#resources.add({ dispose: () => clearInterval(timer) });
  }

  #tick(sample: TreeSample): void {
    if (!this.running) return;
    const t = Math.max(0, sample.t - this.#parts.startedAt);
    let shape = false;
    for (const process of sample.processes) {
      const { tracked, isNew } = this.#book.seen(process, t);
      shape ||= isNew;
      recordOsSample(this.#sink, tracked, t, process);
    }
    // From the sink, since on macOS and Windows the agents measure it.
    this.snapshots.tick([...this.#book.alive].map(({ row }) => ({ process: row.id, rss: this.#sink.value(row.id, 'rss') })));
    for (const gone of sample.ended) {
      const tracked = this.#book.byPid(gone.pid);
      if (!tracked || tracked === this.#root || (tracked.key !== null && tracked.key !== gone.key)) continue;
      this.#processEnded(tracked, gone.exit, Math.max(0, gone.t - this.#parts.startedAt));
      shape = true;
    }
    if (this.#phase === 'starting' && t > START_AT_MOST) this.#phase = 'running';
    this.#book.checkAgents(t, this.#paused, this.#parts.intervalMs, (process) => this.snapshots.isCapturing(process));
    if (!this.#paused) this.#sink.putTotal('processes', t, this.#book.size);
    this.#sink.sum(t);
    const rss = this.#sink.total('rss');
    if (rss !== null) {
      this.#slope.add(t, rss);
      this.#peak = Math.max(this.#peak, rss);
    }
    if (shape) this.onShape.emit();
    this.#advance(t);
    this.#endIfEmpty();
  }

  #advance(t: SessionTime): void {
    if (this.#writing) this.#parts.writer.touch(t, this.#peak > 0 ? this.#peak : null);
    if (t - this.#advancedAt < ADVANCED_EVERY * 0.9) return;
    this.#advancedAt = t;
    this.onAdvanced.emit(t);
  }

  #agentJoined(connection: AgentConnection): void {
    if (this.#phase === 'starting') this.#phase = 'running';
    const { identity } = connection;
    const key = 'key' in identity ? identity.key : null;
    const { tracked } = this.#book.joined(connection, this.now);
    if (identity.kind === 'unknown') this.onFault.emit(new HeapscopeError('agent.unidentified', { pid: connection.pid }));
    if (identity.kind === 'connected') this.onFault.emit(new HeapscopeError('agent.unrelated', { pid: connection.pid }));
    this.snapshots.joined(tracked, connection);
    this.#parts.writer.identify(interpreterOf(connection.hello));
    connection.onMessage.on((message) => {
      // The kernel has the exit status from now until the parent asks for it: a matter of a millisecond or two.
      if (message.kind === Kind.bye && key !== null) this.#parts.sampler.expectExit(key);
      recordAgentMessage(this.#agentHost, tracked, connection, message);
    });
    connection.onClosed.on(({ detail }) => {
      this.#book.disconnected(tracked, connection, this.now);
      if (key !== null) this.#parts.sampler.expectExit(key);
      if (detail !== null && this.running) this.#parts.log.info(`agent of ${connection.pid}: ${detail}`);
      // The sampler never saw it, so nobody else will tell its end.
      if ((key === null || this.#book.byPid(tracked.row.pid) !== tracked) && this.running) this.#processEnded(tracked, null, this.now);
    });
    this.onShape.emit();
    this.#announce();
  }

  #refused(refusal: Refusal): void {
    const { reason, hello, identity } = refusal;
    if (reason === 'version' && hello) {
      const tracked = identity !== null && 'pid' in identity ? this.#book.byPid(identity.pid) : undefined;
      if (tracked) this.#book.setAgent(tracked, 'refused');
      this.#event(tracked?.row.id ?? null, this.now, 'agent-refused', { pid: hello.pid, reason: `${hello.agent} (${hello.v})` });
      this.onFault.emit(new HeapscopeError('agent.version', { pid: hello.pid, agent: hello.agent, engine: hello.v }));
      return;
    }
    this.#strangers.add(refusal);
  }

  #rootEnded(exit: { code: number | null; signal: string | null }): void {
    const outOfMemory = exit.signal === 'SIGKILL' && this.#stopAsked !== 'kill' && this.#parts.outOfMemory.happened();
    this.#exit = { ...exit, outOfMemory };
    if (this.#phase === 'starting') this.#phase = 'running';
    this.#processEnded(this.#root, this.#exit, this.now);
    this.onRootEnded.emit(this.#exit);
    this.onShape.emit();
    this.#endIfEmpty();
  }

  #processEnded(tracked: Tracked, exit: ExitStatus | null, t: SessionTime): void {
    this.#sink.drop(tracked.row.id);
    this.snapshots.processEnded(tracked.row.id);
    this.#book.ended(tracked, exit, t);
  }

  #endIfEmpty(): void {
    if (this.#exit === null || this.#book.isAwaiting || !this.running || this.#draining) return;
    this.#draining = true;
    this.#drain(monotonicNow());
  }

  /**
   * What the agents sent last may still be on its way when the processes are gone already; and a child whose parent
   * ended at once may be about to join.
   */
  #drain(since: number): void {
    if (!this.running) return;
    const waited = monotonicNow() - since;
    const quiet = this.#parts.link.connections.size === 0 && waited > DRAIN.atLeast;
    if (this.#book.isAwaiting) this.#draining = false;
    else if (quiet || waited > DRAIN.atMost) this.#finish('ended');
    else setTimeout(() => this.#drain(since), 20);
  }

  #finish(state: 'ended' | 'stopped-recording'): void {
    this.#phase = 'ended';
    this.snapshots.end();
    this.#strangers.end();
    this.#resources.dispose();
    const end: SessionState = this.#writing ? state : 'stopped-recording';
    try {
      this.#parts.writer.finish({ state: end === 'ended' ? 'ended' : 'stopped-recording', exit: this.#exit, duration: this.now });
    } catch (thrown) {
      this.#parts.log.warn('closing the session in the file', thrown);
    }
    this.onAdvanced.emit(this.now);
    this.onShape.emit();
    this.#announce();
    this.#settle({ state: end, exit: this.#exit });
  }

  #console(bytes: Uint8Array): void {
    const t = this.now;
    if (this.#writing) this.onConsole.emit(this.#parts.writer.appendConsole(t, bytes));
    else this.onConsole.emit({ offset: -1, t, data: bytes });
  }

  #event(process: number | null, t: SessionTime, kind: EventKind, facts: Facts): EventRow {
    const row = this.#parts.writer.addEvent(process, t, kind, facts);
    this.onEvent.emit(row);
    if (kind === 'mark') this.snapshots.marked(process, String(facts['name']));
    return row;
  }

  #flush(): void {
    if (!this.#writing) return;
    const failure = flush(this.#parts.writer, this.#parts.path);
    if (failure !== null) this.#stopWriting(failure);
  }

  /** Nothing more is taken in, since it could go nowhere; the program and its terminal go on. */
  #stopWriting(error: HeapscopeError): void {
    this.#event(null, this.now, 'recording-fault', { code: error.code, detail: String(error.facts['detail'] ?? '') });
    this.#writing = false;
    this.#parts.sampler.pause();
    this.#parts.link.dispose();
    this.onFault.emit(error);
    this.#announce();
  }

  #announce(): void {
    this.onState.emit(this.state());
  }

  #mustRun(): void {
    if (!this.running) throw new HeapscopeError('recording.not-running', { session: this.session });
  }

  #command(name: CommandName, args: Record<string, unknown>): Promise<Answer[]> {
    this.#mustRun();
    return commandAll(this.#book, this.session, name, args);
  }
}
