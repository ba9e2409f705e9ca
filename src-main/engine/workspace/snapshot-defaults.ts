import type { SnapshotPlan } from '../../../src-preload/contract/index.ts';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../base/log.ts';
import { optionsSchema, rulesSchema } from '../project/index.ts';
import { JsonStore } from './json-store.ts';

/** No automatic snapshots, no values, and the usual names of secrets in case values are recorded. */
export const DEFAULT_PLAN: SnapshotPlan = {
  rules: { every: null, rssAbove: null, rssStep: null, atMark: null, atExit: false, limit: 50 },
  options: {
    method: 'auto',
    collectFirst: false,
    previews: false,
    redact: ['password', 'passwd', 'secret', 'token', 'api_key', 'apikey', 'authorization', 'credential', 'cookie', 'private_key'],
    memoryLimit: null,
    joinPages: false,
  },
};

/** The snapshot settings of the next recording: those of the recording that was configured last. */
export class SnapshotDefaults {
  readonly #store: JsonStore<SnapshotPlan>;

  constructor(dataFolder: string, log: Log) {
    const schema = z.object({ rules: rulesSchema, options: optionsSchema });
    this.#store = new JsonStore(join(dataFolder, 'snapshots.json'), schema, DEFAULT_PLAN, log);
  }

  get(): SnapshotPlan {
    return this.#store.value;
  }

  set(plan: SnapshotPlan): void {
    this.#store.set(plan);
  }
}
