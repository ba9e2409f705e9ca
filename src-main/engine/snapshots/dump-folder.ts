import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../base/disposable.ts';
import { systemCode } from '../base/errors.ts';
import type { Log } from '../base/log.ts';

/**
 * Where agents write dumps: a folder of this process alone, readable by nobody else, below one that all Heapscopes of the
 * user share. In the data folder, not with other temporary files: those are often in memory, and a dump is as large as a heap.
 */
export class DumpFolder implements Disposable {
  /** null: nothing can be written anywhere, so no snapshot can be taken. */
  readonly path: string | null;
  readonly #log: Log;

  /** Takes away what a Heapscope left that is gone. Where the data folder cannot be written, temporary files must do. */
  constructor(dataFolder: string, log: Log) {
    this.#log = log;
    this.path = this.#attempt(() => inDataFolder(dataFolder)) ?? this.#attempt(() => mkdtempSync(join(tmpdir(), 'heapscope-dumps-')));
  }

  /** A folder for one session; null: there can be none. */
  forSession(): string | null {
    const { path } = this;
    if (path === null) return null;
    return this.#attempt(() => {
      const folder = join(path, randomBytes(4).toString('hex'));
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    });
  }

  /** Within a session's folder, for one process whose dumps could be named as another's. */
  apart(session: string, pid: number): string | null {
    return this.#attempt(() => {
      const folder = join(session, String(pid));
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    });
  }

  remove(dump: string): void {
    this.#attempt(() => rmSync(dump, { force: true }));
  }

  dispose(): void {
    const { path } = this;
    if (path !== null) this.#attempt(() => rmSync(path, { recursive: true, force: true }));
  }

  #attempt<T>(work: () => T): T | null {
    try {
      return work();
    } catch (thrown) {
      this.#log.warn('the folder for dumps', thrown);
      return null;
    }
  }
}

function inDataFolder(dataFolder: string): string {
  const shared = join(dataFolder, 'dumps');
  mkdirSync(shared, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(shared)) if (!isOwned(name)) rmSync(join(shared, name), { recursive: true, force: true });
  const path = join(shared, `${process.pid}-${randomBytes(8).toString('hex')}`);
  mkdirSync(path, { mode: 0o700 });
  return path;
}

/** Bytes that the user may still write there; null: the system does not say. */
export function freeSpace(folder: string): Bytes | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** A folder whose process lives. A pid that came back keeps leftovers until the next start; no harm. */
function isOwned(name: string): boolean {
  const pid = Number(/^(\d+)-/.exec(name)?.[1]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return systemCode(thrown) === 'EPERM';
  }
}
