import type { Args, Result, Settings } from '../../../src-preload/contract/index.ts';
import type { DroppedFiles } from '../workspace/dropped.ts';
import { listFolder } from '../workspace/files.ts';
import type { SettingsKeeper } from '../workspace/settings.ts';

export { settingsSchema } from '../workspace/settings.ts';

interface Parts {
  home: string;
  settings: SettingsKeeper;
  dropped: DroppedFiles;
}

/** Settings of the app, and files of the machine that runs the engine. */
export class AppFace {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  settings(): Settings {
    return this.#parts.settings.get();
  }

  changeSettings(patch: Args<'settings.set'>): Settings {
    return this.#parts.settings.set(patch);
  }

  async listFiles({ path, filter }: Args<'files.list'>): Promise<Result<'files.list'>> {
    return await listFolder(path, filter, this.#parts.home);
  }

  async receiveFile({ name, data }: Args<'files.receive'>): Promise<Result<'files.receive'>> {
    return { path: await this.#parts.dropped.receive(name, data) };
  }
}
