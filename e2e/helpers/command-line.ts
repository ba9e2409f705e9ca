import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { ownEnvironment } from './environment.ts';
import { HEADLESS } from './places.ts';

/** How one of our commands ended, and all its output. */
export interface Ran {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** One of our commands, running. */
export class Running {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;

  /** Always with the test's own data folder, so that recordings do not appear among the developer's recent programs. */
  constructor(args: string[], env: NodeJS.ProcessEnv, main = HEADLESS) {
    if (!isAbsolute(env['HEAPSCOPE_DATA'] ?? '') || env['HEAPSCOPE_DATA'] === process.env['HEAPSCOPE_DATA']) {
      throw new Error('a command of a test needs a data folder of its own');
    }
    this.child = spawn(process.execPath, [main, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => resolve({ code, signal, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  /** Settles with the first match in its output; throws when it ends without one. */
  async says(pattern: RegExp, from: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    const look = (): RegExpExecArray | null => pattern.exec(this[from]);
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const match = look();
        if (match) resolve(match);
      };
      this.child[from]?.on('data', check);
      void this.ended.then((ran) =>
        look() ? check() : reject(new Error(`ended with ${ran.code ?? ran.signal} before it said ${pattern}:\n${ran.stdout}${ran.stderr}`)),
      );
      check();
    });
  }
}

/** The environment of a command whose data is in a test's folder. */
export function ownData(folder: string): NodeJS.ProcessEnv {
  return ownEnvironment(join(folder, 'data'));
}

/** Runs `heapscope ARGS` to its end, with its data in a test's folder. */
export function heapscope(args: string[], folder: string): Promise<Ran> {
  const running = new Running(args, ownData(folder));
  running.child.stdin?.end();
  return running.ended;
}
