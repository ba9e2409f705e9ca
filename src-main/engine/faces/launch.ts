import type { Args, Interpreter, LaunchProblem, RecentLaunch, Sample } from '../../../src-preload/contract/index.ts';
import { checkInterpreter, checkLaunch, findInterpreters, clearInterpreterCache } from '../targets/index.ts';
import type { ConfirmedLaunches } from '../workspace/confirmed-launches.ts';
import type { Recents } from '../workspace/recents.ts';
import { listSamples } from '../workspace/samples.ts';

export { hasTerminals, quoteWord } from '../targets/index.ts';
export { launchSchema } from '../workspace/launch-schema.ts';

interface Parts {
  home: string;
  samplesFolder: string;
  confirmed: ConfirmedLaunches;
  recents: Recents;
}

/** Queries before a program is started, on this machine and in the engine's own environment. */
export class LaunchFace {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * `refresh`: probe all interpreters again. Environments in a folder are not probed (that would run them) unless the user has named the
   * folder (`confirmed`) or started something in it here.
   */
  async interpreters({ cwd, refresh, confirmed }: Args<'interpreters.list'>, signal: AbortSignal): Promise<Interpreter[]> {
    if (refresh) clearInterpreterCache();
    const { home, recents } = this.#parts;
    const isOwn = confirmed || recents.launches().some(({ spec }) => spec.cwd === cwd);
    return await findInterpreters({ cwd: isOwn ? cwd : home, env: process.env, home, signal });
  }

  async checkInterpreter({ path }: Args<'interpreters.check'>): Promise<Interpreter> {
    return await checkInterpreter(path);
  }

  /** Problems of a specification. Throws `launch.unconfirmed`. */
  async check({ spec, confirmed }: Args<'launch.check'>, signal: AbortSignal): Promise<LaunchProblem[]> {
    if (!confirmed) this.#parts.confirmed.mustHave(spec);
    return await checkLaunch(spec, { env: process.env, home: this.#parts.home, signal });
  }

  recents(): RecentLaunch[] {
    return this.#parts.recents.launches();
  }

  forget({ id }: Args<'launch.forget'>): void {
    this.#parts.recents.forgetLaunch(id);
  }

  samples(): Sample[] {
    return listSamples(this.#parts.samplesFolder);
  }
}
