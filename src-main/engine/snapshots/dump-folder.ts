import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../base/disposable.ts';
import { systemCode } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { dumpsByKey, isWanted, noteOf, writeNote } from './left-dumps.ts';

/**
 * Where agents write dumps: a folder of this process, readable only by its user, below one that all Heapscopes of the user share. It is in
 * the data folder, not with other temporary files: those are often in memory, and a dump is as large as a heap.
 */
export class DumpFolder implements Disposable {
  /** null: nothing can be written anywhere, so no snapshot can be taken. */
  readonly path: string | null;
  readonly #log: Log;
  readonly #shared: string;

  /**
   * Removes files left by a Heapscope that has ended, except for dumps that a project may still need. Where the data folder cannot be
   * written, the system's temporary folder is used.
   */
  constructor(dataFolder: string, log: Log) {
    this.#log = log;
    this.#shared = join(dataFolder, 'dumps');
    this.path = this.#attempt(() => this.#inDataFolder()) ?? this.#attempt(() => mkdtempSync(join(tmpdir(), 'heapscope-dumps-')));
  }

  /** A folder for one session; null: none can be created. */
  forSession(): string | null {
    const { path } = this;
    if (path === null) return null;
    return this.#attempt(() => {
      const folder = join(path, randomBytes(4).toString('hex'));
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    });
  }

  /** Within a session's folder, for one process whose dumps could get the same names as another's. */
  apart(session: string, pid: number): string | null {
    return this.#attempt(() => {
      const folder = join(session, String(pid));
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    });
  }

  remove(dump: string): void {
    this.#attempt(() => [dump, noteOf(dump)].forEach((file) => rmSync(file, { force: true })));
  }

  /** Records beside a dump which row it is for, in case we are killed before it is imported. */
  note(dump: string, key: string): void {
    this.#attempt(() => writeNote(dump, key));
  }

  /** Dumps left by a Heapscope that was killed, by the keys of their rows. */
  left(): Map<string, string> {
    const found = this.#attempt(() => {
      const gone = readdirSync(this.#shared).filter((name) => !isOwned(name));
      return new Map(gone.flatMap((name) => [...dumpsByKey(join(this.#shared, name))]));
    });
    return found ?? new Map<string, string>();
  }

  dispose(): void {
    const { path } = this;
    if (path !== null) this.#attempt(() => rmSync(path, { recursive: true, force: true }));
  }

  #inDataFolder(): string {
    const shared = this.#shared;
    mkdirSync(shared, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(shared)) {
      const folder = join(shared, name);
      if (!isOwned(name) && !this.#attempt(() => isWanted(folder))) rmSync(folder, { recursive: true, force: true });
    }
    const path = join(shared, `${process.pid}-${randomBytes(8).toString('hex')}`);
    mkdirSync(path, { mode: 0o700 });
    return path;
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

/** Bytes that the user may still write there; null: the system does not report it. */
export function freeSpace(folder: string): Bytes | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** A folder whose process is alive. If the pid was reused, the files stay until the next start, which is harmless. */
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
