import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from '../../../src-preload/contract/index.ts';
import { Emitter } from '../base/emitter.ts';
import type { Log } from '../base/log.ts';
import { JsonStore } from './json-store.ts';

/** Largest state that a window may store. */
const MAX_WINDOW_STATE = 262_144;

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'zh-CN']),
  window: z.string().max(MAX_WINDOW_STATE),
  consoleLimit: z
    .number()
    .int()
    .min(1 << 20)
    .max(1 << 30),
});

const DEFAULTS: Settings = { theme: 'system', language: 'system', window: '', consoleLimit: 16 << 20 };

/** Settings of the app, shared by all windows. */
export class SettingsKeeper {
  readonly onChange = new Emitter<Settings>();
  readonly #store: JsonStore<Settings>;

  constructor(dataFolder: string, log: Log) {
    this.#store = new JsonStore(join(dataFolder, 'settings.json'), settingsSchema, DEFAULTS, log);
  }

  get(): Settings {
    return this.#store.value;
  }

  set(patch: Partial<Settings>): Settings {
    this.#store.set({ ...this.#store.value, ...patch });
    this.onChange.emit(this.#store.value);
    return this.#store.value;
  }
}
