import { spawn, type ChildProcess } from 'node:child_process';
import { getSystemErrorName } from 'node:util';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { HeapscopeError, messageOf } from '../base/errors.ts';
import { ExitOnce } from './exit-once.ts';
import { isDirectory, isExecutable } from './find-program.ts';
import type { LaunchPlan } from './launch-plan.ts';
import type { Frame } from './output-frames.ts';
import type { OutputKeeper } from './output-keeper.ts';
import type { StartedTarget, StopSignal, TargetExit, TargetTerminal } from './target.ts';
import { TerminalNewlines } from './terminal-newlines.ts';

/**
 * Starts a program for the command line whose output is passed on by a keeper: when we are killed, the program goes on and its output still reaches the user. As with plain pipes it stays in our process group, so that Ctrl-C reaches it directly.
 * @throws launch.failed, launch.directory-missing, launch.command-missing
 */
export function startKept(plan: LaunchPlan, keeper: OutputKeeper, stdin: 'inherit' | 'ignore' = 'inherit'): StartedTarget {
  try {
    if (!isDirectory(plan.cwd)) throw new HeapscopeError('launch.directory-missing', { path: plan.cwd });
    if (!isExecutable(plan.file)) throw new HeapscopeError('launch.command-missing', { command: plan.file });
    const target = new KeptTarget(spawnInto(plan, keeper, stdin), keeper);
    keeper.closeWriters();
    return target;
  } catch (thrown) {
    keeper.dispose();
    throw thrown;
  }
}

function spawnInto(plan: LaunchPlan, { writers }: OutputKeeper, stdin: 'inherit' | 'ignore'): ChildProcess {
  let child: ChildProcess;
  try {
    child = spawn(plan.file, plan.args, { cwd: plan.cwd, env: plan.env, stdio: [stdin, writers.stdout, writers.stderr] });
  } catch (thrown) {
    throw new HeapscopeError('launch.failed', { command: plan.file, detail: messageOf(thrown) }, thrown);
  }
  child.on('error', () => undefined);
  if (child.pid === undefined) throw new HeapscopeError('launch.failed', { command: plan.file, detail: 'spawn' });
  return child;
}

class KeptTarget implements StartedTarget {
  readonly #child: ChildProcess;
  readonly #keeper: OutputKeeper;
  readonly #data = new Emitter<Uint8Array>();
  readonly #exit = new ExitOnce();
  readonly #newlines = new Map<number, TerminalNewlines>();
  readonly terminal: TargetTerminal = {
    onData: (listener) => this.#data.on(listener),
    write: () => undefined, // the program reads our input directly
    resize: () => undefined, // there is no terminal of ours
    showStatus: (text) => this.#keeper.showStatus(text),
  };
  #programEnded = false;
  #outputEnded = false;

  constructor(child: ChildProcess, keeper: OutputKeeper) {
    this.#child = child;
    this.#keeper = keeper;
    keeper.onFrame.on((frame) => this.#onFrame(frame));
    keeper.onEnd.on(() => this.#endOutput());
    child.once('exit', () => {
      this.#programEnded = true;
      keeper.programEnded();
      this.#endWhenBoth();
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  onExit(listener: (exit: TargetExit) => void): Disposable {
    return this.#exit.onExit(listener);
  }

  /** Only the program itself: its process group is ours. */
  signal(how: StopSignal): void {
    if (this.#exit.ended) return;
    this.#child.kill(how === 'interrupt' ? 'SIGINT' : how === 'terminate' ? 'SIGTERM' : 'SIGKILL');
  }

  #onFrame({ kind, stream, data }: Frame): void {
    if (kind === 'O') this.#data.emit(this.#newlinesOf(stream).convert(data));
    else if (kind === 'D') this.#emitNote(`${data.toString('latin1')} bytes of output were not recorded`);
    else if (kind === 'E') this.#emitNote(`output could not be passed on (${getSystemErrorName(-Number(data.toString('latin1')))})`);
    else if (kind === 'I') this.#endOutput();
  }

  /** Where it happened, in the recorded console. */
  #emitNote(text: string): void {
    this.#data.emit(Buffer.from(`\r\n[heapscope: ${text}]\r\n`));
  }

  #newlinesOf(stream: number): TerminalNewlines {
    const known = this.#newlines.get(stream) ?? new TerminalNewlines();
    this.#newlines.set(stream, known);
    return known;
  }

  #endOutput(): void {
    this.#outputEnded = true;
    this.#endWhenBoth();
  }

  #endWhenBoth(): void {
    if (!this.#programEnded || !this.#outputEnded) return;
    this.#exit.end({ code: this.#child.exitCode, signal: this.#child.signalCode });
  }
}
