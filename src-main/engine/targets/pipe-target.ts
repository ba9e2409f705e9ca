import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { HeapscopeError, messageOf } from '../base/errors.ts';
import { Emitter } from '../base/emitter.ts';
import type { Disposable } from '../base/disposable.ts';
import { ExitOnce } from './exit-once.ts';
import { isDirectory, isExecutable } from './find-program.ts';
import type { LaunchPlan } from './launch-plan.ts';
import type { StartedTarget, StopSignal, TargetExit, TargetTerminal } from './target.ts';
import { TerminalNewlines } from './terminal-newlines.ts';

export interface PipeOptions {
  /** Where the program's output is forwarded to. Default: our own standard output and error. */
  stdout?: Writable;
  stderr?: Writable;
  /** Default `inherit`: the user's input reaches the program directly. */
  stdin?: 'inherit' | 'ignore';
}

/**
 * A background child may hold the pipes open for ever; the program's own end counts, after so many looks without output. They are turns of
 * the event loop, since after a hold-up of ours output that has long been written is still to be read.
 */
const QUIET = { looks: 10, everyMs: 25 } as const;

/**
 * Starts a program for the command line where no keeper can forward its output (`kept-target.ts`): it reads our input; its output passes through us and is recorded on the way.
 * It stays in our process group, so that it may read the terminal and Ctrl-C reaches it directly.
 * @throws launch.failed, launch.directory-missing, launch.command-missing
 */
export function startWithPipes(plan: LaunchPlan, options: PipeOptions = {}): StartedTarget {
  if (!isDirectory(plan.cwd)) throw new HeapscopeError('launch.directory-missing', { path: plan.cwd });
  if (!isExecutable(plan.file)) throw new HeapscopeError('launch.command-missing', { command: plan.file });
  return new PipeTarget(spawnPiped(plan, options), options);
}

function spawnPiped(plan: LaunchPlan, options: PipeOptions): ChildProcess {
  let child: ChildProcess;
  try {
    child = spawn(plan.file, plan.args, { cwd: plan.cwd, env: plan.env, stdio: [options.stdin ?? 'inherit', 'pipe', 'pipe'] });
  } catch (thrown) {
    throw new HeapscopeError('launch.failed', { command: plan.file, detail: messageOf(thrown) }, thrown);
  }
  // A child that could not be started has no pid; its `error` event comes later and adds nothing.
  child.on('error', () => undefined);
  if (child.pid === undefined) throw new HeapscopeError('launch.failed', { command: plan.file, detail: 'spawn' });
  return child;
}

class PipeTarget implements StartedTarget {
  readonly #child: ChildProcess;
  readonly #data = new Emitter<Uint8Array>();
  readonly #exit = new ExitOnce();
  readonly terminal: TargetTerminal = {
    onData: (listener) => this.#data.on(listener),
    write: () => undefined, // the program reads our input directly
    resize: () => undefined, // there is no terminal of ours
  };
  /** Looks since the last output, once the program has ended. */
  #quietLooks = 0;

  constructor(child: ChildProcess, options: PipeOptions) {
    this.#child = child;
    if (child.stdout) this.#forward(child.stdout, options.stdout ?? process.stdout);
    if (child.stderr) this.#forward(child.stderr, options.stderr ?? process.stderr);
    child.once('exit', () => this.#endWhenQuiet([child.stdout, child.stderr]));
    child.once('close', () => this.#end());
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

  #forward(from: Readable, to: Writable): void {
    const newlines = new TerminalNewlines();
    from.on('data', (chunk: Buffer) => {
      this.#quietLooks = 0;
      this.#data.emit(newlines.convert(chunk));
      if (!to.writable || to.write(chunk)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    // Our reader has closed the pipe (`heapscope record … | head`): the program should see the same on its side.
    const onError = (): void => void from.destroy();
    to.on('error', onError);
    from.once('close', () => to.off('error', onError));
  }

  #endWhenQuiet(pipes: readonly (Readable | null)[]): void {
    // Output that waits for a slow reader of ours is not the quiet of the program.
    const waits = pipes.some((pipe) => pipe !== null && !pipe.destroyed && pipe.isPaused());
    this.#quietLooks = waits ? 0 : this.#quietLooks + 1;
    if (this.#quietLooks > QUIET.looks) this.#abandonPipes();
    else if (!this.#exit.ended) setTimeout(() => this.#endWhenQuiet(pipes), QUIET.everyMs);
  }

  #abandonPipes(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    this.#end();
  }

  #end(): void {
    this.#exit.end({ code: this.#child.exitCode, signal: this.#child.signalCode });
  }
}
