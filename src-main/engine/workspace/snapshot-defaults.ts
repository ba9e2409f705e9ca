import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../base/log.ts';
import { optionsSchema, rulesSchema, type SnapshotPlanning } from '../project/index.ts';
import { JsonStore } from './json-store.ts';

export { captureMethodSchema, comparisonSchema, optionsSchema, rulesSchema } from '../project/index.ts';

/** Nothing by itself, no values, and the usual names of secrets for when values are wanted. */
export const NO_SNAPSHOT_RULES: SnapshotPlanning = {
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

/** How the next recording takes snapshots: as the last one that was told. */
export class SnapshotDefaults {
  readonly #store: JsonStore<SnapshotPlanning>;

  constructor(dataFolder: string, log: Log) {
    const schema = z.object({ rules: rulesSchema, options: optionsSchema });
    this.#store = new JsonStore(join(dataFolder, 'snapshots.json'), schema, NO_SNAPSHOT_RULES, log);
  }

  get(): SnapshotPlanning {
    return this.#store.value;
  }

  set(planning: SnapshotPlanning): void {
    this.#store.set(planning);
  }
}
