/** Node entry: builds the command line and the browser shell. Runs without Electron. */
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { sep } from 'node:path';
import { CommanderError } from 'commander';
import type { AppInfo, EngineEnd, ErrorCode, LaunchSpec } from '../src-preload/contract/index.ts';
import { allocationCsv, allocationJson, allocationTable, nothingSampled } from './cli/allocations.ts';
import { findDesktop, openInBrowser, runDesktop, screenProblem, thisMachine } from './cli/desktop.ts';
import { FAILED, HUNG_UP } from './cli/exit-status.ts';
import { infoJson, infoTable } from './cli/info.ts';
import { print } from './cli/own-streams.ts';
import type { Actions, AllocationRequest, RecordedProgram, Recorder, RecordRequest, Streams } from './cli/ports.ts';
import { buildProgram, withCommand } from './cli/program.ts';
import { record } from './cli/record.ts';
import { wordError } from './cli/wording.ts';
import { readAllocations } from './engine/faces/allocations.ts';
import { monotonicNow, outliveReaders, silentLog, stderrLog, toErrorData } from './engine/faces/base.ts';
import { hasTerminals, quoteWord } from './engine/faces/launch.ts';
import { readProject } from './engine/faces/projects.ts';
import { DEFAULT_PLAN } from './engine/faces/snapshots.ts';
import { createEngine, type Engine } from './engine/index.ts';
import { documentProblem, isDocument, isProgram, isRunnable } from './own-files/document.ts';
import { dataFolder, findPlaces } from './own-files/places.ts';
import { NOTHING_ASKED, startRequest, type StartRequest } from './own-files/start-request.ts';
import { createRouter } from './rpc/index.ts';
import { startServer } from './serve/server.ts';

const SAME_SIGNAL_MS = 500;
/** Of one recorded program: a user whose options ask for a snapshot every second means it. */
const MOST_SNAPSHOTS = 10_000;

const places = findPlaces(null);
const data = dataFolder(process.env, process.platform);
const log = process.env.HEAPSCOPE_LOG ? stderrLog : silentLog;

const actions: Actions = {
  open: async (targets, { browser, electron, port }) => {
    const desktop = browser ? null : findDesktop(places.copy, thisMachine());
    if (desktop?.found) return await runDesktop(desktop.executable, places.copy, targets);
    // Without a display the line with the address is enough.
    if (desktop !== null && (electron || screenProblem(thisMachine()) === null))
      say(`${desktop.why}${electron ? '' : ', so the window opens in the browser'}`);
    return electron ? FAILED : await actions.serve(targets, { port, open: true });
  },
  serve,
  record: async (request) => {
    const engine = await makeEngine();
    try {
      return await record(request, recorder(engine));
    } finally {
      await engine.dispose();
    }
  },
  info: async (path, { json }) => {
    const content = readProject(path, log);
    return await print(json ? infoJson(content) : infoTable(content), process);
  },
  allocations,
};

async function allocations(path: string, request: AllocationRequest): Promise<number> {
  const answer = { path, report: await readAllocations(path, request, log) };
  const why = nothingSampled(answer);
  if (why !== null) {
    say(`${path}: ${why}`);
    return FAILED;
  }
  const { format } = request;
  const text = { table: allocationTable, json: allocationJson, csv: allocationCsv }[format](answer, request);
  return await print(text, process);
}

async function serve(targets: string[], { port, open }: { port: number | null; open: boolean }): Promise<number> {
  const engine = await makeEngine();
  const start = asked(targets);
  const router = createRouter(engine, { info: appInfo(start), log });
  try {
    const server = await startServer({ router, page: places.page, port: port ?? 0, token: givenToken(), log });
    process.stdout.write(`Heapscope: ${server.url}\n`);
    for (const path of start.open) {
      const code = documentProblem(path);
      if (code !== null) say(wordError({ code, facts: { path, detail: '' } }));
    }
    const problem = open ? screenProblem(thisMachine()) : null;
    if (problem !== null) say(`${problem}: open the address above in a browser (over SSH, forward port ${server.port} to the same port)`);
    else if (open && !(await openInBrowser(server.onceUrl()))) say('no browser could be opened: open the address above in one');
    const signal = await interrupted(() => engine.recording.killPrograms());
    const recordings = engine.recording.underWay();
    // First, so that the windows see their ends.
    await engine.recording.endAll();
    await server.close({ signal, recordings });
    return 0;
  } finally {
    await engine.dispose();
  }
}

/** For development, where the page has to outlive the server. */
function givenToken(): string | undefined {
  const token = process.env.HEAPSCOPE_TOKEN;
  return token !== undefined && /^[0-9a-f]{64}$/.test(token) ? token : undefined;
}

/**
 * Settles with the first SIGINT, SIGTERM or SIGHUP. A later one ends the process at once, after `last`; npm may deliver the same one twice.
 */
function interrupted(last: () => void): Promise<EngineEnd['signal']> {
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    const onSignal = (name: EngineEnd['signal']): void => {
      firstAt ??= monotonicNow();
      if (monotonicNow() - firstAt > SAME_SIGNAL_MS) {
        last();
        process.exit(130);
      }
      resolve(name);
    };
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => onSignal(name));
  });
}

function makeEngine(): Promise<Engine> {
  return createEngine({
    dataFolder: data,
    agentFolder: places.agent,
    samplesFolder: places.samples,
    log,
  });
}

/** The window requests the start's targets once; a second window, or a reload, does not open them again. */
function appInfo(start: StartRequest): (shell: AppInfo['shell']) => AppInfo {
  let waiting = start;
  return (shell) => {
    const given = waiting;
    waiting = NOTHING_ASKED;
    const platform = ['linux', 'darwin', 'win32'].includes(process.platform) ? (process.platform as AppInfo['platform']) : 'other';
    return {
      version: places.version,
      shell,
      platform,
      home: homedir(),
      cwd: userFolder(),
      separator: sep,
      start: given,
    };
  };
}

function asked(words: readonly string[]): StartRequest {
  return startRequest({ words, from: 'command-line' }, { cwd: userFolder(), quote: quoteWord, isRunnable, isProgram, isDocument });
}

/** npm runs scripts in the package's folder and passes the user's folder in an environment variable. */
function userFolder(): string {
  return process.env.INIT_CWD ?? process.cwd();
}

function recorder(engine: Engine): Recorder {
  return { hasTerminals: hasTerminals(process.env), start: (request, streams) => startRecording(engine, request, streams) };
}

async function startRecording(engine: Engine, request: RecordRequest, streams: Streams): Promise<RecordedProgram> {
  const isNew = !existsSync(request.output);
  const project = isNew ? engine.projects.createAt(request.output) : await engine.projects.open({ path: request.output });
  const size = streams.kind === 'pty' ? { columns: streams.columns, rows: streams.rows } : { columns: 80, rows: 24 };
  try {
    const rules = { ...DEFAULT_PLAN.rules, ...request.snapshots, limit: MOST_SNAPSHOTS };
    const snapshots = { rules, options: { ...DEFAULT_PLAN.options, ...request.manner } };
    const { recording } = await engine.recording.start({
      spec: specOf(request),
      project: project.id,
      confirmed: true,
      starter: streams.kind === 'pty' ? 'users-pty' : 'pipes',
      snapshots,
      ...size,
    });
    const ref = { project: project.id, session: recording.session };
    return {
      path: project.path,
      onState: (listener) => void recording.onState.on(listener),
      onOutput: (listener) => void recording.onConsole.on(({ data }) => listener(data)),
      onFault: (listener) => void recording.onFault.on(({ code, facts }) => listener({ code, facts })),
      onSnapshotFailed: (listener) =>
        void engine.events.on(({ event, payload }) => {
          if (event !== 'event.added' || payload.project !== project.id || payload.event.kind !== 'snapshot-failed') return;
          const { facts } = payload.event;
          listener({ code: facts['code'] as ErrorCode, facts });
        }),
      onProgramEnd: (listener) => void recording.onRootEnded.on(listener),
      showStatus: recording.showStatus,
      write: (data) => recording.write(data),
      resize: (columns, rows) => recording.resize(columns, rows),
      stop: (how) => recording.stop(how),
      letGo: async () => {
        await recording.abandon(false);
        await engine.dispose(false);
        // The program's terminal or pipes are still open here; a process that keeps them continues after we exit.
        process.exit(HUNG_UP);
      },
      ended: recording.ended,
      imported: (signal) => engine.snapshots.settled(project.id, signal),
      row: () => engine.sessions.get(ref),
      snapshots: () => engine.snapshots.list(ref),
    };
  } catch (thrown) {
    await engine.projects.close({ project: project.id });
    // A program that could not be started leaves no empty project behind.
    if (isNew) rmSync(request.output, { force: true });
    throw thrown;
  }
}

function specOf({ argv, cwd, intervalMs, tracemallocFrames, sampling }: RecordRequest): LaunchSpec {
  const target = argv.map(quoteWord).join(' ');
  return { mode: 'command', interpreter: '', target, args: [], cwd, env: {}, intervalMs, tracemallocFrames, sampling };
}

function say(text: string): void {
  process.stderr.write(`heapscope: ${text}\n`);
}

/** Node replaces what it cannot decode: the program would get another file name than the user gave. */
const isAltered = (word: string): boolean => word.includes('\uFFFD');

async function main(): Promise<void> {
  let status = 0;
  outliveReaders([process.stdin, process.stdout, process.stderr]);
  const words = process.argv.slice(2);
  const altered = words.find(isAltered);
  if (altered !== undefined) {
    say(`an argument is not UTF-8 and would reach the program as "${altered}"; nothing was started`);
    process.exitCode = FAILED;
    return;
  }
  try {
    const program = buildProgram(places.version, actions, (given) => (status = given));
    await program.parseAsync(withCommand(program, words), { from: 'user' });
  } catch (thrown) {
    // Help and version also end by an exception; commander has already printed its output.
    if (thrown instanceof CommanderError) status = thrown.exitCode === 0 ? 0 : FAILED;
    else {
      log.warn('command', thrown);
      say(wordError(toErrorData(thrown)));
      status = FAILED;
    }
  }
  process.exitCode = status;
}

await main();
