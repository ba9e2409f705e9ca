import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import type { IPty } from 'node-pty';
import type { Disposable } from '../base/disposable.ts';
import { HeapscopeError, messageOf } from '../base/errors.ts';
import { ExitOnce, signalName } from './exit-once.ts';
import { isDirectory, isExecutable } from './find-program.ts';
import { JoinedOutput } from './joined-output.ts';
import type { LaunchPlan } from './launch-plan.ts';
import type { StartedTarget, StopSignal, TargetExit, TargetTerminal } from './target.ts';
import { SessionGroups } from './process-groups.ts';
import { keepTerminal, type KeeperPlan } from './terminal-keeper.ts';
import { stopOnWindows } from './windows-stop.ts';

export interface TerminalSize {
  columns: number;
  rows: number;
}

type Pty = typeof import('node-pty');

/** Loaded only here: where its native part was not built, the rest of the engine still works. */
const loadPty = (): Pty => createRequire(import.meta.url)('node-pty') as Pty;

/** Whether programs can have a terminal: npm leaves the module out where there is no compiler. HEAPSCOPE_NO_PTY=1 does without it, too. */
export function hasTerminals(env: NodeJS.ProcessEnv): boolean {
  if (env['HEAPSCOPE_NO_PTY'] === '1') return false;
  try {
    loadPty();
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a program as the leader of a new session with its own terminal, like a terminal window. As there, processes it leaves in the foreground group get SIGHUP when it ends.
 * @throws launch.failed, launch.directory-missing, launch.command-missing
 */
export function startInPty(plan: LaunchPlan, size: TerminalSize): StartedTarget {
  // node-pty reports neither: the child would print a line and exit with 1.
  if (!isDirectory(plan.cwd)) throw new HeapscopeError('launch.directory-missing', { path: plan.cwd });
  if (!isExecutable(plan.file)) throw new HeapscopeError('launch.command-missing', { command: plan.file });
  return new PtyTarget(spawn(plan, size), plan.keeper);
}

function spawn(plan: LaunchPlan, size: TerminalSize): IPty {
  const { columns, rows } = clampSize(size.columns, size.rows);
  try {
    // `encoding: null` gives raw bytes: a character may be split between two pieces, and output need not be UTF-8.
    return loadPty().spawn(plan.file, plan.args, {
      name: plan.env['TERM'] ?? 'xterm-256color',
      cols: columns,
      rows,
      cwd: plan.cwd,
      env: plan.env,
      encoding: null,
    });
  } catch (thrown) {
    throw new HeapscopeError('launch.failed', { command: plan.file, detail: messageOf(thrown) }, thrown);
  }
}

function clampSize(columns: number, rows: number): TerminalSize {
  const clamp = (value: number, fallback: number): number => (value >= 1 ? Math.min(Math.floor(value), 2000) : fallback);
  return { columns: clamp(columns, 80), rows: clamp(rows, 24) };
}

class PtyTarget implements StartedTarget {
  readonly #pty: IPty;
  readonly #output = new JoinedOutput();
  readonly #exit = new ExitOnce();
  readonly #keeper: Disposable | null;
  readonly #groups: SessionGroups;
  readonly terminal: TargetTerminal = {
    onData: (listener) => this.#output.onData(listener),
    write: (data) => this.#write(data),
    resize: (columns, rows) => this.#resize(columns, rows),
  };

  constructor(terminal: IPty, keeper: KeeperPlan | null) {
    this.#pty = terminal;
    this.#groups = new SessionGroups(terminal.pid);
    // Not a documented member; where it is missing (Windows) there is nothing to keep.
    this.#keeper = keeper !== null && 'fd' in terminal && typeof terminal.fd === 'number' ? keepTerminal(keeper, terminal.fd) : null;
    // Typed as a string; with `encoding: null` it is bytes.
    terminal.onData((chunk: string | Uint8Array) => this.#output.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
    terminal.onExit(({ exitCode, signal }) => this.#ended(exitCode, signal ?? 0));
    eraseWholeCharacters(terminal);
  }

  get pid(): number {
    return this.#pty.pid;
  }

  onExit(listener: (exit: TargetExit) => void): Disposable {
    return this.#exit.onExit(listener);
  }

  signal(how: StopSignal): void {
    if (this.#exit.ended) return;
    if (process.platform === 'win32') return stopOnWindows(this.#pty, how, process.env);
    if (how === 'interrupt') return this.#interrupt();
    const name = how === 'kill' ? 'SIGKILL' : 'SIGTERM';
    if (this.#groups.foreground !== this.pid) this.#groups.signalForeground(name);
    this.#groups.signalLeader(name);
  }

  #write(data: string | Uint8Array): void {
    if (!this.#exit.ended && alive(this.pid)) this.#pty.write(typeof data === 'string' ? data : Buffer.from(data));
  }

  #resize(columns: number, rows: number): void {
    if (this.#exit.ended) return;
    const size = clampSize(columns, rows);
    try {
      this.#pty.resize(size.columns, size.rows);
    } catch {
      // The terminal closed together with the program, whose exit event follows.
    }
  }

  /** A signal rather than the character: it also works when the program has its terminal in raw mode. */
  #interrupt(): void {
    if (!this.#groups.signalForeground('SIGINT')) this.#pty.write('\x03');
  }

  #ended(code: number, signal: number): void {
    this.#keeper?.dispose();
    this.#output.finish();
    this.#exit.end(signal === 0 ? { code, signal: null } : { code: null, signal: signalName(signal) ?? `SIG${signal}` });
  }
}

/**
 * Sets IUTF8 on the terminal, so that Backspace deletes a whole character in `input()`: node-pty sets it only together with decoding the
 * output. Failure is harmless.
 */
function eraseWholeCharacters(terminal: IPty): void {
  if (process.platform === 'win32' || !('ptsName' in terminal) || typeof terminal.ptsName !== 'string') return;
  const flag = process.platform === 'darwin' ? '-f' : '-F';
  execFile('stty', [flag, terminal.ptsName, 'iutf8'], { timeout: 2000 }, () => undefined);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
