import { chmodSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { unixNow } from '../base/clock.ts';
import { hasProjectHeader } from '../project/index.ts';
import { receiveFile } from './files.ts';
import type { Recents } from './recents.ts';

/** Another Heapscope may just have received a file and not used it yet. */
const FRESH_MS = 24 * 60 * 60 * 1000;
/** A project, and the files that SQLite leaves beside one. */
const PROJECT = /^(.*\.heapscope)(-\w+)?$/i;

/**
 * Copies of files that were dropped on a browser's window. A script is kept as long as a recent launch names it. A project that cannot be
 * opened is removed at once, one that was only viewed when it is closed; one that was written to is the only copy of its data, and is kept.
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

  /** `path` with its links resolved. */
  has(path: string): boolean {
    try {
      return dirname(path) === realpathSync(this.#folder);
    } catch {
      return false; // nothing was dropped yet
    }
  }

  /** Removes an unusable copy: its owner has the original. */
  remove(path: string): void {
    if (this.has(path)) rmSync(path, { force: true });
  }

  /** On start: removes copies that nothing refers to any more. */
  empty(): void {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      // A folder made by an earlier version was readable by all users.
      chmodSync(this.#folder, 0o700);
      const used = JSON.stringify([this.#recents.launches().map(({ spec }) => spec), this.#recents.projects().map(({ path }) => path)]);
      const named = (path: string): boolean => used.includes(JSON.stringify(path).slice(1, -1));
      for (const name of readdirSync(this.#folder)) {
        const path = join(this.#folder, name);
        const fresh = unixNow() - lstatSync(path).mtimeMs <= FRESH_MS;
        if (!fresh && !named(path) && !this.#ofProject(name)) rmSync(path, { recursive: true });
      }
    } catch (thrown) {
      this.#log.warn(`dropped files could not be tidied: ${messageOf(thrown)}`, thrown);
    }
  }

  /** Whether it is a project by more than its name, or a file beside one. */
  #ofProject(name: string): boolean {
    const project = PROJECT.exec(name)?.[1];
    return project !== undefined && hasProjectHeader(join(this.#folder, project));
  }
}
