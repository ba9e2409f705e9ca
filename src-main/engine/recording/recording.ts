import type {
  ConsolePart,
  EventKind,
  EventRow,
  ExitStatus,
  Facts,
  ProcessId,
  ProjectId,
  RecordingState,
  SessionId,
  SessionTime,
} from '../../../src-preload/contract/index.ts';
import type { AgentConnection, CommandName } from '../agent-link/agent-connection.ts';
import type { Refusal } from '../agent-link/agent-server.ts';
import { Kind, type AgentMessage } from '../agent-link/messages.ts';
import { monotonicNow } from '../base/clock.ts';
import { hold } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { HeapscopeError, messageOf } from '../base/errors.ts';
import { SIGNALS, type TreeSample } from '../targets/index.ts';
import { collectAll, commandAll, type Answer } from './agent-commands.ts';
import { interpreterOf } from './agent-recorder.ts';
import { Ending, type FinalState, type SessionEnd } from './ending.ts';
import { Flusher } from './flush.ts';
import { recordOsSample } from './os-recorder.ts';
import { PartList, type PartFailure } from './part-list.ts';
import { ProcessBook, type Tracked } from './process-book.ts';
import type { RecordingSetup } from './recording-setup.ts';
import { SeriesSink } from './series-sink.ts';
import type { SessionHost, SessionPart } from './session-part.ts';
import { RecentSlope } from './slope.ts';
import { StrangerLog } from './stranger-log.ts';

const STATE_EVERY = 500;
const ADVANCED_EVERY = 100;
/** By then an agent has joined, or none will: the program runs in any case. */
const START_AT_MOST = 3_000;

/**
 * One session from the start of its program to the end of its last process. Runs in the engine's main thread. Besides processes and their
 * figures from the operating system, what is recorded is up to the parts (`session-part.ts`).
 *
 * A file that cannot be written any more ends the recording, never the program: terminal and controls keep working.
 */
export class Recording {
  readonly project: ProjectId;
  readonly session: SessionId;
  readonly onState = new Emitter<RecordingState>();
  readonly onAdvanced = new Emitter<SessionTime>();
  readonly onShape = new Emitter<void>();
  readonly onEvent = new Emitter<EventRow>();
  readonly onConsole = new Emitter<ConsolePart>();
  /** The program itself has ended; processes it left behind may still run. */
  readonly onRootEnded = new Emitter<ExitStatus>();
  readonly onFault = new Emitter<HeapscopeError>();
  readonly #setup: RecordingSetup;
  readonly #parts: PartList;
  readonly #sink: SeriesSink;
  readonly #book: ProcessBook;
  readonly #root: Tracked;
  readonly #ending: Ending;
  readonly #flusher: Flusher;
  readonly #slope = new RecentSlope();
  readonly #strangers = new StrangerLog({
    report: (facts) => void this.#event(null, this.now, 'stranger', facts),
    warn: ({ address, reason }) => this.onFault.emit(new HeapscopeError('agent.stranger', { address, detail: reason })),
  });
  readonly #resources = new DisposableStack();
  #phase: RecordingState['phase'] = 'starting';
  #paused = false;
  #stopAsked: RecordingState['stopAsked'] = null;
  #exit: ExitStatus | null = null;
  #peak = 0;
  #advancedAt = 0;

  constructor(setup: RecordingSetup) {
    const { writer, path, log } = setup;
    this.#setup = setup;
    this.project = setup.project;
    this.session = writer.id;
    this.#sink = new SeriesSink(writer, () => this.onShape.emit());
    this.#book = new ProcessBook({
      addProcess: (o) => writer.addProcess(o),
      updateProcess: (id, patch) => writer.updateProcess(id, patch),
      event: (process, t, kind, facts) => void this.#event(process, t, kind, facts),
    });
    const host = this.#hostOfParts();
    this.#parts = new PartList(
      setup.parts.map((make) => make(host)),
      (failure) => this.#partFailed(failure),
    );
    this.#ending = new Ending(
      {
        isOver: () => this.#exit !== null && !this.#book.isAwaiting,
        hasAgents: () => setup.link.connections.size > 0,
        endParts: (patience) => this.#parts.end(patience),
        release: () => this.#release(),
        close: (state) => this.#close(state),
      },
      log,
    );
    this.#root = this.#book.root(setup.target.pid, setup.program);
    this.#flusher = hold(this.#resources, new Flusher({ writer, path, onFailed: (error) => this.#stopWriting(error) }));
    this.#listen();
  }

  /** Settles when no process of the session runs any more; never rejects. */
  get ended(): Promise<SessionEnd> {
    return this.#ending.ended;
  }

  get now(): SessionTime {
    return monotonicNow() - this.#setup.startedAt;
  }

  get running(): boolean {
    return !this.#ending.begun;
  }

  /** A part of this session, by its class. */
  part<T extends SessionPart>(kind: abstract new (...args: never[]) => T): T {
    return this.#parts.get(kind);
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

  /** Asks the program to end; escalation is up to the user. After the root has ended, the signal goes to the remaining tree. */
  stop(how: 'interrupt' | 'terminate' | 'kill'): void {
    this.#mustRun();
    this.#stopAsked = how;
    for (const { pid } of this.#book.stopping(this.now)) this.onFault.emit(new HeapscopeError('agent.unrelated', { pid }));
    if (this.#phase !== 'stopping') this.#phase = 'stopping';
    this.#event(null, this.now, 'stop', { how });
    if (this.#exit === null) this.#setup.target.signal(how);
    else this.#setup.sampler.signal(SIGNALS[how]);
    this.#ending.check();
    this.#emitState();
  }

  /** null: the code that shows the program's output has to draw the status line itself. */
  get showStatus(): ((text: string) => boolean) | null {
    const { terminal } = this.#setup.target;
    return terminal?.showStatus ? (text) => terminal.showStatus?.(text) ?? false : null;
  }

  write(data: string): void {
    this.#mustRun();
    this.#setup.target.terminal?.write(data);
  }

  resize(columns: number, rows: number): void {
    this.#mustRun();
    this.#setup.target.terminal?.resize(columns, rows);
    if (!this.#flusher.failed) this.#setup.writer.resizeConsole(columns, rows);
  }

  mark(name: string): EventRow {
    this.#mustRun();
    return this.#event(null, this.now, 'mark', { name, source: 'user' });
  }

  pause(paused: boolean): void {
    this.#mustRun();
    if (this.#paused === paused) return;
    this.#paused = paused;
    this.#setup.link.welcome.paused = paused;
    for (const connection of this.#setup.link.connections) {
      connection.command(paused ? 'pause' : 'resume').catch((thrown: unknown) => this.#setup.log.warn('pausing an agent', thrown));
    }
    if (paused) {
      this.#setup.sampler.pause();
      this.#sink.gap(this.now);
    } else this.#setup.sampler.resume();
    this.#event(null, this.now, 'sampling', { paused });
    this.#emitState();
  }

  /** A full collection in every process with an agent. */
  async collect(): Promise<{ processes: number; collected: number; uncollectable: number }> {
    this.#mustRun();
    return collectAll(this.#book, this.session, (process, facts) => void this.#event(process, this.now, 'collect', facts));
  }

  /** `frames` 0 stops tracing. The following samples report the result. */
  async tracemalloc(frames: number): Promise<{ processes: number }> {
    const answers = await (frames > 0 ? this.#command('tracemalloc_start', { frames }) : this.#command('tracemalloc_stop', {}));
    return { processes: answers.length };
  }

  /** Changes the mean distance of sampled allocations; processes that come later get it at their start. */
  async setSampling(mean: number): Promise<void> {
    this.#mustRun();
    this.#setup.link.welcome.sampling = mean;
    if (this.#setup.link.connections.size > 0) await this.#command('sampling', { mean });
  }

  /** Ends the recording, as when the app quits; `kill` ends the program first: it is asked to terminate, and killed after a while. */
  async abandon(kill: boolean): Promise<void> {
    const signal = (how: 'terminate' | 'kill'): void => {
      if (this.#exit === null) this.#setup.target.signal(how);
      this.#setup.sampler.signal(SIGNALS[how]);
    };
    await this.#ending.abandon(kill ? signal : null);
  }

  #hostOfParts(): SessionHost {
    return {
      session: this.session,
      samples: this.#sink,
      now: () => this.now,
      sessionTime: (engineTime) => this.#bounded(engineTime),
      processes: () => this.#book.alive,
      event: (process, t, kind, facts) => void this.#event(process, t, kind, facts),
    };
  }

  /** An agent's clock is a claim: its times are never before the session or in the future. */
  #bounded(engineTime: number): SessionTime {
    return Math.min(Math.max(0, engineTime - this.#setup.startedAt), this.now);
  }

  #listen(): void {
    const { target, sampler, link } = this.#setup;
    if (target.terminal !== null)
      hold(
        this.#resources,
        target.terminal.onData((bytes) => this.#console(bytes)),
      );
    target.onExit((exit) => this.#rootEnded(exit));
    sampler.onTick((sample) => this.#tick(sample));
    hold(this.#resources, link);
    hold(this.#resources, sampler);
    hold(
      this.#resources,
      link.onJoined.on((connection) => this.#agentJoined(connection)),
    );
    hold(
      this.#resources,
      link.onRefused.on((refusal) => this.#refused(refusal)),
    );
    const timer = setInterval(() => this.#emitState(), STATE_EVERY);
    this.#resources.defer(() => clearInterval(timer));
    link.identify = (peer) => sampler.identify(peer);
    link.ownPorts = (ports, enginePort) => sampler.ownPorts(ports, enginePort);
  }

  #tick(sample: TreeSample): void {
    if (!this.running) return;
    const t = Math.max(0, sample.t - this.#setup.startedAt);
    let shape = false;
    for (const process of sample.processes) {
      const { tracked, isNew } = this.#book.sampled(process, t);
      shape ||= isNew;
      recordOsSample(this.#sink, tracked, t, process);
    }
    // Taken from the sink, since on macOS and Windows the agents measure it.
    this.#parts.notify(
      'tick',
      [...this.#book.alive].map(({ row }) => ({ process: row.id, rss: this.#sink.value(row.id, 'rss') })),
    );
    for (const gone of sample.ended) {
      const tracked = this.#book.byPid(gone.pid);
      if (!tracked || tracked === this.#root || (tracked.key !== null && tracked.key !== gone.key)) continue;
      this.#processEnded(tracked, gone.exit, Math.max(0, gone.t - this.#setup.startedAt));
      shape = true;
    }
    if (this.#phase === 'starting' && t > START_AT_MOST) this.#phase = 'running';
    this.#book.checkAgents(t, this.#paused, this.#setup.intervalMs, (process) => this.#parts.isBusy(process));
    if (!this.#paused) this.#sink.putTotal('processes', t, this.#book.size);
    this.#sink.sum(t);
    const rss = this.#sink.total('rss');
    if (rss !== null) {
      this.#slope.add(t, rss);
      this.#peak = Math.max(this.#peak, rss);
    }
    if (shape) this.onShape.emit();
    this.#advance(t);
    this.#ending.check();
  }

  #advance(t: SessionTime): void {
    if (!this.#flusher.failed) this.#setup.writer.touch(t, this.#peak > 0 ? this.#peak : null);
    if (t - this.#advancedAt < ADVANCED_EVERY * 0.9) return;
    this.#advancedAt = t;
    this.onAdvanced.emit(t);
  }

  #agentJoined(connection: AgentConnection): void {
    if (!this.running) return;
    if (this.#phase === 'starting') this.#phase = 'running';
    if (!this.#book.takes(connection)) return this.#letGo(connection);
    const { tracked } = this.#book.addAgent(connection, this.now);
    const { kind } = connection.identity;
    if (kind === 'unknown') this.onFault.emit(new HeapscopeError('agent.unidentified', { pid: connection.pid }));
    if (kind === 'connected' && !tracked.saysItDescends) this.onFault.emit(new HeapscopeError('agent.unrelated', { pid: connection.pid }));
    connection.onMessage.on((message) => this.#agentMessage(tracked, connection, message));
    connection.onClosed.on(({ detail }) => this.#agentLeft(tracked, connection, detail));
    this.#parts.notify('joined', tracked, connection);
    this.#setup.writer.identify(interpreterOf(connection.hello));
    this.onShape.emit();
    this.#emitState();
  }

  /** Beyond the limit of unidentified agents: counted as a stranger. */
  #letGo(connection: AgentConnection): void {
    const { address, pid } = connection;
    connection.close();
    this.#strangers.add({ address, reason: 'unidentified', detail: `pid ${pid}`, hello: null, identity: null });
  }

  /** All messages of agents pass here. */
  #agentMessage(tracked: Tracked, connection: AgentConnection, message: AgentMessage): void {
    if (message.kind === Kind.bye) {
      this.#expectExit(connection);
      this.#book.announced(tracked, message.body.code);
    }
    this.#parts.notify('onMessage', tracked, connection, message);
  }

  #agentLeft(tracked: Tracked, connection: AgentConnection, detail: string | null): void {
    this.#parts.notify('left', tracked, connection, tracked.key !== null && this.#setup.sampler.runs(tracked.key));
    this.#book.disconnected(tracked, connection, this.now);
    this.#expectExit(connection);
    if (!this.running) return;
    if (detail !== null) this.#setup.log.info(`agent of ${connection.pid}: ${detail}`);
    // The sampler never saw it, so nothing else will report its end. A process that the sampler sees still runs, whatever happened to the
    // connection.
    const isTold = tracked === this.#root || tracked.key !== null;
    if (!isTold || this.#book.byPid(tracked.row.pid) !== tracked) this.#processEnded(tracked, null, this.now);
  }

  /** The kernel keeps the exit status from now until the parent reads it: a millisecond or two. */
  #expectExit({ identity }: AgentConnection): void {
    if ('key' in identity) this.#setup.sampler.expectExit(identity.key);
  }

  #refused(refusal: Refusal): void {
    const { reason, hello, identity } = refusal;
    if ((reason === 'version' || reason === 'python') && hello) {
      const { pid, python, agent, v } = hello;
      const tracked = identity !== null && 'pid' in identity ? this.#book.byPid(identity.pid) : undefined;
      if (tracked) this.#book.setAgent(tracked, 'refused');
      const because = reason === 'python' ? `Python ${python}` : `${agent} (${v})`;
      this.#event(tracked?.row.id ?? null, this.now, 'agent-refused', { pid, reason: because });
      const error =
        reason === 'python'
          ? new HeapscopeError('agent.python', { pid, python })
          : new HeapscopeError('agent.version', { pid, agent, engine: v });
      this.onFault.emit(error);
      return;
    }
    this.#strangers.add(refusal);
  }

  #rootEnded(exit: { code: number | null; signal: string | null }): void {
    const outOfMemory = exit.signal === 'SIGKILL' && this.#stopAsked !== 'kill' && this.#setup.outOfMemory.happened();
    this.#exit = { ...exit, outOfMemory };
    if (this.#phase === 'starting') this.#phase = 'running';
    this.#processEnded(this.#root, this.#exit, this.now);
    this.onRootEnded.emit(this.#exit);
    this.onShape.emit();
    this.#ending.check();
  }

  #processEnded(tracked: Tracked, exit: ExitStatus | null, t: SessionTime): void {
    this.#sink.drop(tracked.row.id);
    this.#parts.notify('processEnded', tracked.row.id);
    this.#book.endProcess(tracked, exit, t);
  }

  #release(): void {
    this.#sink.sum(this.now); // what agents sent since the last tick
    this.#strangers.end();
    this.#resources.dispose();
  }

  #close(wanted: FinalState): SessionEnd {
    const state = this.#flusher.failed ? 'stopped-recording' : wanted;
    this.#phase = 'ended';
    try {
      this.#book.close();
      this.#setup.writer.finish({ state, exit: this.#exit, duration: this.now });
    } catch (thrown) {
      this.#setup.log.warn('closing the session in the file', thrown);
    }
    this.onAdvanced.emit(this.now);
    this.onShape.emit();
    this.#emitState();
    return { state, exit: this.#exit };
  }

  #console(bytes: Uint8Array): void {
    const t = this.now;
    this.onConsole.emit(this.#flusher.failed ? { offset: -1, t, data: bytes } : this.#setup.writer.appendConsole(t, bytes));
  }

  #event(process: ProcessId | null, t: SessionTime, kind: EventKind, facts: Facts): EventRow {
    const row = this.#setup.writer.addEvent(process, t, kind, facts);
    this.onEvent.emit(row);
    if (kind === 'mark') this.#parts.notify('marked', process, String(facts['name']));
    return row;
  }

  /** No more data is accepted, since it cannot be stored; the program and its terminal go on. */
  #stopWriting(error: HeapscopeError): void {
    this.#event(null, this.now, 'recording-fault', { code: error.code, detail: String(error.facts['detail'] ?? '') });
    this.#setup.sampler.pause();
    this.#setup.link.dispose();
    this.onFault.emit(error);
    this.#emitState();
  }

  #partFailed({ part, call, thrown }: PartFailure): void {
    this.#setup.log.warn(`${part}: ${call}`, thrown);
    this.onFault.emit(new HeapscopeError('internal', { detail: `${part}, ${call}: ${messageOf(thrown)}` }, thrown));
  }

  #emitState(): void {
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
