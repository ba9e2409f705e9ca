import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Disposable } from '../base/disposable.ts';

/** Who holds a program's terminal open once the engine is gone. */
export interface KeeperPlan {
  /** A Python. */
  python: string;
  /** `terminal_keeper.py` of the agent. */
  script: string;
}

/**
 * Starts a process that takes over the other side of a terminal should we be killed: so the program goes on, and its output has
 * somewhere to go. Let go of, it ends at once. A failure is none of the program's business: then there is no such process.
 */
export function keepTerminal({ python, script }: KeeperPlan, terminal: number): Disposable {
  let keeper: ChildProcess;
  try {
    keeper = spawn(python, ['-I', '-S', script], { stdio: ['pipe', 'ignore', 'ignore', terminal], detached: true, cwd: '/', env: {} });
  } catch {
    return { dispose: () => undefined };
  }
  keeper.on('error', () => undefined);
  keeper.stdin?.on('error', () => undefined);
  keeper.unref();
  return { dispose: () => void keeper.kill('SIGKILL') };
}
