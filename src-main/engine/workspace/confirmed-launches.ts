import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { LaunchSpec, RecentLaunch } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { describeLaunch } from '../targets/index.ts';
import { JsonStore } from './json-store.ts';

const KEEP = 2_000;
/** Characters of the environment that are included in the error; the specification has the whole. */
const SHOWN = 4_000;
const schema = z.object({ digests: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(KEEP) });

/**
 * What was started on this machine with its user's consent, latest first. A project file may come from anybody, and nothing in it can be
 * trusted: whether its program is known here is looked up only in this list, in the app's own folder. Entries that have dropped off its end
 * must be confirmed again.
 */
export class ConfirmedLaunches {
  readonly #path: string;
  readonly #log: Log;
  readonly #before: readonly string[];

  /** `before`: launches made here before this list existed. */
  constructor(dataFolder: string, log: Log, before: readonly Pick<RecentLaunch, 'spec'>[]) {
    this.#path = join(dataFolder, 'confirmed-launches.json');
    this.#log = log;
    this.#before = before.map(({ spec }) => digestOf(spec));
  }

  /** Throws `launch.unconfirmed`, with what the user has to check. */
  mustHave(spec: LaunchSpec): void {
    if (!this.has(spec)) throw new HeapscopeError('launch.unconfirmed', factsOf(spec));
  }

  has(spec: LaunchSpec): boolean {
    return this.#read().value.digests.includes(digestOf(spec));
  }

  add(spec: LaunchSpec): void {
    const digest = digestOf(spec);
    const store = this.#read();
    const others = store.value.digests.filter((known) => known !== digest);
    store.set({ digests: [digest, ...others].slice(0, KEEP) });
  }

  /** Read from disk each time: a recording on the command line, beside the open window, adds to it too. */
  #read(): JsonStore<z.infer<typeof schema>> {
    return new JsonStore(this.#path, schema, { digests: [...this.#before] }, this.#log);
  }
}

/** A key of everything that decides what runs; the sampling interval does not. */
function digestOf({ mode, interpreter, target, args, cwd, env }: LaunchSpec): string {
  const variables = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([mode, interpreter, target, args, cwd, variables]))
    .digest('hex');
}

function factsOf(spec: LaunchSpec): Record<string, string> {
  const environment = Object.entries(spec.env).map(([name, value]) => (value === null ? `-${name}` : `${name}=${value}`));
  const { interpreter, cwd } = spec;
  return { program: describeLaunch(spec), interpreter, cwd, environment: environment.join('\n').slice(0, SHOWN) };
}
