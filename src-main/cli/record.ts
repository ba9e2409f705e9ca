import { spawnSync } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import type { ErrorData, RecordingState } from '../../src-preload/contract/index.ts';
import { hold, type Disposable, monotonicNow } from '../engine/faces/base.ts';
import { exitStatusOf } from './exit-status.ts';
import { onHangUp, type OwnStreams } from './own-streams.ts';
import type { RecordedProgram, Recorder, RecordRequest } from './ports.ts';
import { failureLines, fitted, statusText, summaryText } from './status-line.ts';
import { wordError } from './wording.ts';
import { FloatingLine, LastRow, type Screen } from './terminal.ts';

/** Processes that a program leaves running usually end shortly after it. */
const SETTLED_MS = 1500;

/**
 * Runs a program and records it. In a terminal the program gets its own terminal, and the last row of ours shows the recording's status;
 * otherwise it uses our streams, and nothing is written except to a terminal's standard error. Returns the program's exit status. Throws
 * HeapscopeError when the program cannot be started.
 */
export async function record(request: RecordRequest, recorder: Recorder, own: OwnStreams = process): Promise<number> {
  const inTerminal = own.stdin.isTTY && own.stdout.isTTY;
  if (inTerminal && !recorder.hasTerminals && !request.quiet)
    own.stderr.write(`heapscope: ${wordError({ code: 'launch.no-terminal', facts: {} })}\n`);
  const watch = watchTerminal(own);
  try {
    return inTerminal && recorder.hasTerminals
      ? await recordInPty(request, recorder, watch)
      : await recordInPipes(request, recorder, watch);
  } finally {
    watch.resources.dispose();
  }
}

/** Our streams, and when their terminal is closed: known before the program starts, since it may happen as soon as that runs. */
interface Watch {
  own: OwnStreams;
  hungUp: Promise<null>;
  /** Disposed when the recording has ended. */
  resources: DisposableStack;
}

function watchTerminal(own: OwnStreams): Watch {
  const resources = new DisposableStack();
  const hungUp = new Promise<null>((resolve) =>
    hold(
      resources,
      onHangUp(own, () => resolve(null)),
    ),
  );
  return { own, hungUp, resources };
}

async function recordInPty(request: RecordRequest, recorder: Recorder, watch: Watch): Promise<number> {
  const { own, resources } = watch;
  const row = own.stderr.isTTY && !request.quiet ? new LastRow(screenOf(own)) : null;
  const size = (): [number, number] => [own.stdout.columns, row?.programRows ?? own.stdout.rows];
  const [columns, rows] = size();
  const program = await recorder.start(request, { kind: 'pty', columns, rows });
  row?.begin();
  program.onOutput((data) => {
    own.stdout.write(data);
    row?.passed(data);
  });
  const onResize = (): void => {
    row?.resized();
    program.resize(...size());
  };
  own.stdout.on('resize', onResize);
  resources.defer(() => void own.stdout.off('resize', onResize));
  const keyboard = hold(resources, forwardKeyboard(program, own.stdin));
  // Remaining processes have no use for keys; Ctrl-C is ours again.
  program.onProgramEnd(() => keyboard.dispose());
  return await untilEnd(request, program, watch, { show: (text) => row?.show(text), end: () => row?.end() }, true);
}

async function recordInPipes(request: RecordRequest, recorder: Recorder, watch: Watch): Promise<number> {
  const { own } = watch;
  const program = await recorder.start(request, { kind: 'pipes' });
  const place = own.stderr.isTTY && !request.quiet ? linePlace(program, own.stderr) : { show: () => undefined, end: () => undefined };
  return await untilEnd(request, program, watch, place, !sharesTerminal(own));
}

/** Whoever passes on the output must also draw the status line below it; otherwise one lands inside the other. */
function linePlace(program: RecordedProgram, stderr: NodeJS.WriteStream): StatusPlace {
  const { showStatus } = program;
  const line = new FloatingLine(stderr);
  if (showStatus === null) {
    program.onOutput((data) => line.passing(data));
    return { show: (text) => line.show(text), end: () => line.end() };
  }
  return {
    show: (text) => void (showStatus(fitted(text, stderr.columns)) || line.show(text)),
    end: () => void (showStatus('') || line.end()),
  };
}

/** Written to standard error, but sized by standard output, which learns of a new size first. */
function screenOf({ stdout, stderr }: OwnStreams): Screen {
  return {
    write: (text) => stderr.write(text),
    get columns() {
      return stdout.columns;
    },
    get rows() {
      return stdout.rows;
    },
  };
}

interface StatusPlace {
  show(text: string): void;
  end(): void;
}

async function untilEnd(
  request: RecordRequest,
  program: RecordedProgram,
  { own, hungUp, resources }: Watch,
  place: StatusPlace,
  forwardInterrupt: boolean,
): Promise<number> {
  const faults: ErrorData[] = [];
  program.onFault((error) => faults.push(error));
  const failures: ErrorData[] = [];
  program.onSnapshotFailed((error) => failures.push(error));
  let programEndedAt = Infinity;
  program.onProgramEnd(() => (programEndedAt = monotonicNow()));
  let toldOfRest = false;
  program.onState((state: RecordingState) => {
    if (state.phase === 'ended') return;
    if (!request.quiet && !toldOfRest && monotonicNow() - programEndedAt > SETTLED_MS && state.processes > 0) {
      toldOfRest = true;
      place.end();
      own.stderr.write(
        `heapscope: the program has ended; what it started (${state.processes}) still runs and is recorded: Ctrl-C ends it\n`,
      );
    }
    place.show(statusText(state, program.path));
  });
  const onInterrupt = (): void => (forwardInterrupt || programEndedAt !== Infinity ? program.stop('interrupt') : undefined);
  hold(resources, forwardSignal('SIGINT', onInterrupt));
  hold(
    resources,
    forwardSignal('SIGTERM', () => program.stop('terminate')),
  );
  // The terminal is closed: nobody reads our output, and the program is not ours to end. A second signal changes nothing.
  const end = await Promise.race([program.ended, hungUp]);
  if (end === null) return await program.letGo();
  const { exit } = end;
  resources.dispose();
  await untilImported(program, place, own);
  place.end();
  for (const line of failureLines(failures)) own.stderr.write(`${line}\n`);
  if (!request.quiet || faults.length > 0) own.stderr.write(`${summaryText(program.row(), program.snapshots(), program.path, faults)}\n`);
  return exitStatusOf(exit);
}

/** Large heaps take a while. A user who does not want to wait loses the unfinished ones. */
async function untilImported(program: RecordedProgram, place: StatusPlace, own: OwnStreams): Promise<void> {
  const stop = new AbortController();
  const signals = new DisposableStack();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    hold(
      signals,
      forwardSignal(signal, () => stop.abort()),
    );
  }
  hold(
    signals,
    onHangUp(own, () => stop.abort()),
  );
  place.show('reading heap snapshots…');
  await program.imported(stop.signal);
  signals.dispose();
}

function forwardSignal(signal: NodeJS.Signals, act: () => void): Disposable {
  process.on(signal, act);
  return { dispose: () => void process.off(signal, act) };
}

/** Keys are passed to the program unchanged: its own terminal turns Ctrl-C into a signal, and has already ended lines with CR LF. */
function forwardKeyboard(program: RecordedProgram, stdin: NodeJS.ReadStream): Disposable {
  const decoder = new StringDecoder('utf8');
  const onData = (data: Buffer): void => program.write(decoder.write(data));
  stdin.setRawMode(true);
  // Node's raw mode still puts a CR before each LF, which breaks programs that draw; Node restores the previous mode in any case.
  if (process.platform !== 'win32') spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
  stdin.on('data', onData);
  stdin.resume();
  return {
    dispose: () => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

/**
 * Whether Ctrl-C reaches the program without us, because it is in the terminal's foreground group: a second interrupt from us would break
 * into its clean-up. Where none of our streams is a terminal, an interrupt was sent to us alone.
 */
function sharesTerminal({ stdin, stdout, stderr }: OwnStreams): boolean {
  return stdin.isTTY || stdout.isTTY || stderr.isTTY;
}
