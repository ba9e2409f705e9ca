import type { Interpreter, LaunchProblem, LaunchSpec } from '../../../src-preload/contract/index.ts';
import { checkInterpreter, checkLaunch, findInterpreters, clearInterpreterCache } from '../targets/index.ts';

/** What the window asks before a program is started, on this machine and in the engine's own environment. */
export class Launcher {
  readonly #home: string;

  constructor(home: string) {
    this.#home = home;
  }

  /** `refresh`: ask all of them again. */
  interpreters(cwd: string, refresh: boolean, signal: AbortSignal): Promise<Interpreter[]> {
    if (refresh) clearInterpreterCache();
    return findInterpreters({ cwd, env: process.env, home: this.#home, signal });
  }

  checkInterpreter(path: string): Promise<Interpreter> {
    return checkInterpreter(path);
  }

  checkLaunch(spec: LaunchSpec, signal: AbortSignal): Promise<LaunchProblem[]> {
    return checkLaunch(spec, { env: process.env, home: this.#home, signal });
  }
}
