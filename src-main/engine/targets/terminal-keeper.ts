import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Disposable } from '../base/disposable.ts';

/** What keeps a program's terminal or output after the engine has gone. */
export interface KeeperPlan {
  /** Any Python 3. */
  python: string;
  /** Where `terminal_keeper.py` and `output_keeper.py` are. */
  folder: string;
}

/**
 * Starts a process that takes over the other side of a terminal if we are killed, so that the program goes on and its output can be
 * written. Once disposed, it ends at once. A failure does not affect the program: then there is no such process.
 */
export function keepTerminal({ python, folder }: KeeperPlan, terminal: number): Disposable {
  let keeper: ChildProcess;
  try {
    const args = ['-I', '-S', join(folder, 'terminal_keeper.py')];
    keeper = spawn(python, args, { stdio: ['pipe', 'ignore', 'ignore', terminal], detached: true, cwd: '/', env: {} });
  } catch {
    return { dispose: () => undefined };
  }
  keeper.on('error', () => undefined);
  keeper.stdin?.on('error', () => undefined);
  keeper.unref();
  return { dispose: () => void keeper.kill('SIGKILL') };
}
