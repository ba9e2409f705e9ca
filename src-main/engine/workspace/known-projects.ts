import { join, resolve } from 'node:path';
import { z } from 'zod';
import { HeapscopeError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { JsonStore } from './json-store.ts';

const KEEP = 2_000;
const schema = z.object({ paths: z.array(z.string()).max(KEEP) });

/**
 * Files that the user has opened, created or chosen on this machine, latest first. A comparison stored in a project, or a link, names other
 * files by their paths, and may come from anybody: a file that is not in this list is not even looked up, since a path can lead to another
 * machine or to something that is not a regular file.
 */
export class KnownProjects {
  readonly #path: string;
  readonly #log: Log;
  readonly #before: readonly string[];

  /** `before`: files opened here before this list existed. */
  constructor(dataFolder: string, log: Log, before: readonly string[]) {
    this.#path = join(dataFolder, 'known-projects.json');
    this.#log = log;
    this.#before = before;
  }

  /** Throws `project.unconfirmed`. Paths are compared as they are written: a link to a known file is not known. */
  mustHave(path: string): void {
    if (!this.has(resolve(path))) throw new HeapscopeError('project.unconfirmed', { path });
  }

  has(path: string): boolean {
    return this.#read().value.paths.includes(path);
  }

  add(path: string): void {
    const store = this.#read();
    if (store.value.paths[0] === path) return;
    store.set({ paths: [path, ...store.value.paths.filter((known) => known !== path)].slice(0, KEEP) });
  }

  remove(path: string): void {
    const store = this.#read();
    if (store.value.paths.includes(path)) store.set({ paths: store.value.paths.filter((known) => known !== path) });
  }

  /** Read from disk each time: the command line, beside the open window, adds to it too. */
  #read(): JsonStore<z.infer<typeof schema>> {
    return new JsonStore(this.#path, schema, { paths: [...this.#before] }, this.#log);
  }
}
