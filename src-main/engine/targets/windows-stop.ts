import { execFile } from 'node:child_process';
import { win32 } from 'node:path';
import type { StopSignal } from './target.ts';

/** The part of a terminal that is needed to stop its program. */
export interface StoppableTerminal {
  pid: number;
  write(data: string): void;
}

export type Run = (file: string, args: string[]) => void;

const runHidden: Run = (file, args) => void execFile(file, args, { windowsHide: true }, () => undefined);

/**
 * Windows has no signals: Ctrl-C is typed; anything stronger ends the program and the processes it started. node-pty's own `kill()` is not
 * used: it forks a helper from our executable, which would start a packaged app a second time (`windowsPtyAgent.js`,
 * `_getConsoleProcessList`), and that helper loses a race with the terminal's end anyway. When the program has ended, node-pty ends its
 * streams by itself. The full path is used, since Windows searches the working folder first.
 */
export function stopOnWindows(terminal: StoppableTerminal, how: StopSignal, env: NodeJS.ProcessEnv, run: Run = runHidden): void {
  if (how === 'interrupt') return terminal.write('\x03');
  const system = env.SystemRoot ?? env.windir ?? 'C:\\Windows';
  run(win32.join(system, 'System32', 'taskkill.exe'), ['/PID', String(terminal.pid), '/T', '/F']);
}
