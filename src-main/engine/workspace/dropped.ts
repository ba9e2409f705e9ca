import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { unixNow } from '../base/clock.ts';
import { receiveFile } from './files.ts';
import type { Recents } from './recents.ts';

/** Another Heapscope may just have received a file and not used it yet. */
const FRESH_MS = 24 * 60 * 60 * 1000;
const PROJECT = /\.heapscope(-\w+)?$/i;

/**
 * Copies of files that were dropped on a browser's window. A script is used as long as something lately run names it. A project
 * that was only looked at goes when it is closed; one that was written to is the only place of what was written, and stays.
 */
export class DroppedFiles {
  readonly #folder: string;
  readonly #recents: Recents;
  readonly #log: Log;

  constructor(dataFolder: string, recents: Recents, log: Log) {
    this.#folder = join(dataFolder, 'dropped');
    this.#recents = recents;
    this.#log = log;
  }

  receive(name: string, data: Uint8Array): Promise<string> {
    return receiveFile(this.#folder, name, data);
  }

  has(path: string): boolean {
    return dirname(path) === this.#folder;
  }

  /** On starting: what nothing names any more. */
  empty(): void {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      // One that was made by an earlier version was open to all.
      chmodSync(this.#folder, 0o700);
      const used = JSON.stringify(this.#recents.launches().map(({ spec }) => spec));
      for (const name of readdirSync(this.#folder)) {
        const path = join(this.#folder, name);
        const quoted = JSON.stringify(path).slice(1, -1);
        if (!PROJECT.test(name) && !used.includes(quoted) && unixNow() - statSync(path).mtimeMs > FRESH_MS)
          rmSync(path, { recursive: true });
      }
    } catch (thrown) {
      this.#log.warn(`dropped files could not be tidied: ${messageOf(thrown)}`, thrown);
    }
  }
}
