import { closeSync, openSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import type {
  AnyEvent,
  Interpreter,
  LaunchSpec,
  ProjectId,
  ProjectInfo,
  RecordingState,
  SessionId,
  SnapshotPlan,
} from '../../../src-preload/contract/index.ts';
import { AgentServer, type SessionLink } from '../agent-link/agent-server.ts';
import { monotonicNow, unixNow } from '../base/clock.ts';
import type { Emitter } from '../base/emitter.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { ProjectFile, SessionWriter } from '../project/index.ts';
import type { DumpFolder, SnapshotImports } from '../snapshots/index.ts';
import {
  checkLaunch,
  chooseInterpreter,
  compileAgent,
  createTreeSampler,
  describeLaunch,
  findKeeper,
  hasTerminals,
  keepOutput,
  planLaunch,
  splitCommandLine,
  startInPty,
  startKept,
  startWithPipes,
  watchOutOfMemory,
  workingDirectory,
  type KeeperPlan,
  type LaunchPlan,
  type OutputKeeper,
  type StartedTarget,
  type Starter,
  type TreeSampler,
} from '../targets/index.ts';
import { Recording } from './recording.ts';
import { sessionParts } from './session-parts.ts';

const NAME_LIMIT = 200;
const OUR_OUTPUT = { stdout: 1, stderr: 2 };
/** Of a program for the window, where programs cannot have a terminal. */
const NOWHERE = '/dev/null';

export interface StartOptions {
  project: ProjectInfo;
  file: ProjectFile;
  columns: number;
  rows: number;
  consoleLimit: number;
  starter: Starter;
  /** How and when snapshots are taken from the start. */
  snapshots: SnapshotPlan;
}

export interface RecordingsSetup {
  agentFolder: string;
  home: string;
  events: Emitter<AnyEvent>;
  dumps: DumpFolder;
  imports: SnapshotImports;
  log: Log;
}

/** Starts recordings, keeps track of the running ones, and reports their events to the windows. */
export class Recordings {
  readonly #setup: RecordingsSetup;
  readonly #server: AgentServer;
  readonly #running = new Map<string, Recording>();

  private constructor(setup: RecordingsSetup, server: AgentServer) {
    this.#setup = setup;
    this.#server = server;
  }

  static async create(setup: RecordingsSetup): Promise<Recordings> {
    return new Recordings(setup, await AgentServer.listen());
  }

  states(): RecordingState[] {
    return [...this.#running.values()].map((recording) => recording.state());
  }

  /** Throws `recording.not-running`. */
  get(project: ProjectId, session: SessionId): Recording {
    const recording = this.find(project, session);
    if (!recording) throw new HeapscopeError('recording.not-running', { session });
    return recording;
  }

  find(project: ProjectId, session: SessionId): Recording | undefined {
    return this.#running.get(keyOf(project, session));
  }

  isRecording(project: ProjectId): boolean {
    return [...this.#running.values()].some((recording) => recording.project === project);
  }

  /** Checks the specification, starts the program and the recording. Throws the first problem found. */
  async start(spec: LaunchSpec, o: StartOptions): Promise<Recording> {
    const options = { env: process.env, home: this.#setup.home };
    const problem = (await checkLaunch(spec, options))[0];
    if (problem) throw new HeapscopeError(problem.error.code, problem.error.facts);
    const interpreter = await this.#prepareInterpreter(spec, options);
    const keeper = await findKeeper(this.#setup.agentFolder, interpreter, { cwd: workingDirectory(spec, options), ...options });
    const folder = this.#setup.dumps.forSession();
    const link = this.#openLink(spec, folder, o.snapshots.rules.atExit);
    let target: StartedTarget | null = null;
    let sampler: TreeSampler | null = null;
    let writer: SessionWriter | null = null;
    try {
      const { agentFolder } = this.#setup;
      const agent = { bootstrap: join(agentFolder, 'bootstrap'), link: link.environment };
      const plan = planLaunch(spec, { interpreter, agent, keeper, terminal: o.starter, ...options });
      const program = describeLaunch(spec);
      writer = o.file.newSession({
        name: sessionName(spec, program),
        program,
        origin: { kind: 'launched', spec },
        interpreter,
        startedAt: unixNow(),
        columns: o.columns,
        rows: o.rows,
        consoleLimit: o.consoleLimit,
      });
      o.file.snapshots.setPlan(writer.id, o.snapshots);
      const outOfMemory = watchOutOfMemory();
      // Before the clock starts: it takes as long as starting a small Python.
      const startProgram = await starterOf(o, keeper);
      const startedAt = monotonicNow();
      target = startProgram(plan);
      sampler = createTreeSampler(target.pid, { intervalMs: spec.intervalMs, mark: link.token, outOfMemory });
      const recording = new Recording({
        project: o.project.id,
        path: o.file.path,
        writer,
        program,
        intervalMs: spec.intervalMs,
        target,
        sampler,
        link,
        outOfMemory,
        startedAt,
        parts: sessionParts({ ...this.#setup, ...o, project: o.project.id, session: writer.id, folder }),
        log: this.#setup.log,
      });
      this.#register(recording, o.file);
      if (o.starter === 'pty' && !hasTerminals(process.env)) recording.onFault.emit(new HeapscopeError('launch.no-terminal', {}));
      return recording;
    } catch (thrown) {
      link.dispose();
      sampler?.dispose();
      target?.signal('kill');
      if (writer) {
        writer.finish({ state: 'ended', exit: null, duration: 0 });
        o.file.sessions.delete([writer.id]);
      }
      throw thrown;
    }
  }

  /** At once, without waiting for their end. */
  killPrograms(): void {
    for (const recording of this.#running.values()) if (recording.running) recording.stop('kill');
  }

  /** Ends all of them; `killPrograms` has their programs asked to end first, and killed after a while. Settles when all is written. */
  async endAll(killPrograms: boolean): Promise<void> {
    await Promise.all([...this.#running.values()].map((recording) => recording.abandon(killPrograms)));
  }

  async dispose(killPrograms: boolean): Promise<void> {
    await this.endAll(killPrograms);
    this.#server.dispose();
  }

  async #prepareInterpreter(spec: LaunchSpec, options: { env: NodeJS.ProcessEnv; home: string }): Promise<Interpreter | null> {
    const interpreter = await chooseInterpreter(spec, options);
    await compileAgent(this.#setup.agentFolder, interpreter, { cwd: workingDirectory(spec, options), env: options.env });
    return interpreter;
  }

  #openLink(
    { intervalMs: interval, tracemallocFrames: tracemalloc, sampling }: LaunchSpec,
    folder: string | null,
    atExit: boolean,
  ): SessionLink {
    const dumps = folder === null ? null : { folder, apart: (pid: number) => this.#setup.dumps.apart(folder, pid) };
    return this.#server.openSession({ interval, tracemalloc, sampling, dumps, atExit });
  }

  #register(recording: Recording, file: ProjectFile): void {
    const { project, session } = recording;
    const { events } = this.#setup;
    this.#running.set(keyOf(project, session), recording);
    recording.onState.on((state) => events.emit({ event: 'recording.state', payload: state }));
    recording.onAdvanced.on((until) => events.emit({ event: 'timeline.advanced', payload: { project, session, until } }));
    recording.onShape.on(() => events.emit({ event: 'session.shape', payload: { project, session } }));
    recording.onEvent.on((event) => events.emit({ event: 'event.added', payload: { project, event } }));
    recording.onConsole.on((part) => events.emit({ event: 'console.data', payload: { project, session, part } }));
    recording.onFault.on((error) =>
      events.emit({ event: 'notice', payload: { severity: 'warning', error: { code: error.code, facts: error.facts }, project, session } }),
    );
    void recording.ended.then(() => {
      this.#running.delete(keyOf(project, session));
      events.emit({ event: 'session.changed', payload: { project, row: file.sessions.get(session) } });
    });
    events.emit({ event: 'recording.state', payload: recording.state() });
    events.emit({ event: 'sessions.changed', payload: { project } });
  }
}

/** How a program is started: in a terminal of its own, or by pipes. */
async function starterOf(
  { starter, columns, rows }: StartOptions,
  keeper: KeeperPlan | null,
): Promise<(plan: LaunchPlan) => StartedTarget> {
  if (starter !== 'pipes' && hasTerminals(process.env)) return (plan) => startInPty(plan, { columns, rows });
  const output = keeper === null ? null : await keepFor(starter, keeper);
  return (plan) => startPiped(plan, starter, output);
}

/** The output of a program that the command line records is for the user; the window's programs have no reader but us. */
async function keepFor(starter: Starter, keeper: KeeperPlan): Promise<OutputKeeper | null> {
  if (starter !== 'pty') return await keepOutput(keeper, OUR_OUTPUT);
  const nowhere = openSync(NOWHERE, 'w');
  try {
    return await keepOutput(keeper, { stdout: nowhere, stderr: nowhere });
  } finally {
    closeSync(nowhere);
  }
}

function startPiped(plan: LaunchPlan, starter: Starter, output: OutputKeeper | null): StartedTarget {
  const stdin = starter === 'pty' ? 'ignore' : 'inherit';
  if (output !== null) return startKept(plan, output, stdin);
  const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
  return starter === 'pty' ? startWithPipes(plan, { stdin, stdout: nowhere(), stderr: nowhere() }) : startWithPipes(plan);
}

/** A short name for the user: program and scripts without their folders. The session's program keeps the whole command line. */
function sessionName(spec: LaunchSpec, program: string): string {
  if (spec.mode === 'script') return [basename(spec.target), ...spec.args].join(' ').slice(0, NAME_LIMIT);
  if (spec.mode !== 'command') return program.slice(0, NAME_LIMIT);
  const words = splitCommandLine(spec.target).map((word, n) => (n === 0 || word.endsWith('.py') ? basename(word) : word));
  return words.join(' ').replace(/\s+/g, ' ').slice(0, NAME_LIMIT);
}

function keyOf(project: ProjectId, session: SessionId): string {
  return `${project}/${session}`;
}
