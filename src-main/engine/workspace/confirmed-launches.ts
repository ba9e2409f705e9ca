import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { LaunchSpec, RecentLaunch } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { describeLaunch } from '../targets/index.ts';
import { JsonStore } from './json-store.ts';

const KEEP = 2_000;
/** Characters of the environment that go with the error; the whole is in the specification. */
const SHOWN = 4_000;
const schema = z.object({ digests: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(KEEP) });

/**
 * What was started on this machine with its user's consent, latest first. A project file may come from anybody, and so may
 * every word in it: whether what it says to run is known here is looked up in this list, in the app's own folder, and
 * nowhere else. What has fallen off its end is asked about once more.
 */
export class ConfirmedLaunches {
  readonly #path: string;
  readonly #log: Log;
  readonly #before: readonly string[];

  /** `before`: what was started here when there was no such list yet. */
  constructor(dataFolder: string, log: Log, before: readonly Pick<RecentLaunch, 'spec'>[]) {
    this.#path = join(dataFolder, 'confirmed-launches.json');
    this.#log = log;
    this.#before = before.map(({ spec }) => digestOf(spec));
  }

  /** Throws `launch.unconfirmed`, with what the user has to see. */
  mustHave(spec: LaunchSpec): void {
    if (!this.#read().value.digests.includes(digestOf(spec))) throw new HeapscopeError('launch.unconfirmed', factsOf(spec));
  }

  add(spec: LaunchSpec): void {
    const digest = digestOf(spec);
    const store = this.#read();
    const others = store.value.digests.filter((known) => known !== digest);
    store.set({ digests: [digest, ...others].slice(0, KEEP) });
  }

  /** Anew each time: a recording on the command line, beside the open window, adds to it too. */
  #read(): JsonStore<z.infer<typeof schema>> {
    return new JsonStore(this.#path, schema, { digests: [...this.#before] }, this.#log);
  }
}

/** Of everything that decides what runs; how often it is measured does not. */
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
