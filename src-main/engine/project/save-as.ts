import { closeSync, existsSync, mkdtempSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backup } from 'node:sqlite';
import type { Progress } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../base/disposable.ts';
import { HeapscopeError } from '../base/errors.ts';
import { filesBeside, requireOwnCompanions } from './companions.ts';
import { acquireLock } from './lock.ts';
import { fileError, OWN_FILE, requireWritableName } from './open.ts';
import { Sqlite } from './sqlite.ts';

/** Pages (4 KiB each) copied between two breaths of the event loop. */
const RATE = 512;
/** A write may slip in between the last page and the end of the copy. From the second attempt on, recordings hold theirs back. */
const ATTEMPTS = 5;

/** A whole copy of a project that is not in its place yet. */
export interface Copy {
  /** Puts it in its place; from then on it is the project. */
  place(): void;
  discard(): void;
  /** Held on the new place. */
  readonly lock: Disposable;
}

/** The project that is copied. */
export interface CopySource {
  readonly db: Sqlite;
  /** Changes with each write and is in the file; null: it is not written to by us. */
  stamp(): string | null;
  /** Recordings keep what they have in memory from now on. */
  hold(): void;
}

export interface CopyOptions {
  overwrite: boolean;
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
}

/**
 * Copies the live database beside the wanted place, while it may be written to: SQLite carries over what the same connection
 * writes meanwhile. By its stamp, a copy which missed the last write is noticed.
 */
export async function copyFile(source: CopySource, path: string, o: CopyOptions): Promise<Copy> {
  o.signal.throwIfAborted();
  requireWritableName(path);
  if (!o.overwrite && existsSync(path)) throw new HeapscopeError('project.exists', { path });
  const lock = lockPlace(path);
  let folder: string | null = null;
  try {
    // They go with the file that is replaced.
    requireOwnCompanions(path);
    folder = mkdtempSync(join(dirname(path), '.heapscope-'));
    const copy = join(folder, 'copy');
    closeSync(openSync(copy, 'wx', OWN_FILE));
    await copyUntilWhole(source, copy, o);
    return placing(copy, folder, path, lock);
  } catch (thrown) {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
    lock.dispose();
    throw fileError(thrown, path);
  }
}

function lockPlace(path: string): Disposable {
  let lock: Disposable | null;
  try {
    lock = acquireLock(path);
  } catch (thrown) {
    throw existsSync(dirname(path)) ? fileError(thrown, path) : new HeapscopeError('file.missing', { path: dirname(path) }, thrown);
  }
  if (lock === null) throw new HeapscopeError('project.in-use', { path });
  return lock;
}

async function copyUntilWhole(source: CopySource, copy: string, { onProgress, signal }: CopyOptions): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) source.hold();
    onProgress({ done: 0, step: 'save' });
    await backup(source.db.db, copy, {
      rate: RATE,
      progress: ({ totalPages, remainingPages }) => {
        signal.throwIfAborted();
        onProgress({ done: totalPages > 0 ? 1 - remainingPages / totalPages : null, step: 'save' });
      },
    });
    signal.throwIfAborted();
    if (stampOf(copy) === source.stamp()) return;
  }
  throw new Error('the project was written to faster than it could be copied');
}

function stampOf(copy: string): string | null {
  const db = new Sqlite(copy);
  try {
    const stamp = db.get("SELECT value FROM meta WHERE key = 'stamp'")?.['value'];
    db.run("DELETE FROM meta WHERE key = 'stamp'");
    db.run("UPDATE meta SET value = '0' WHERE key = 'untitled'");
    db.get('PRAGMA wal_checkpoint(TRUNCATE)');
    db.get('PRAGMA journal_mode = DELETE');
    return typeof stamp === 'string' ? stamp : null;
  } finally {
    db.close();
  }
}

function placing(copy: string, folder: string, path: string, lock: Disposable): Copy {
  return {
    lock,
    place: () => {
      // A journal of the file that is replaced must not be taken for one of the new file.
      for (const file of filesBeside(path)) rmSync(file, { force: true });
      renameSync(copy, path);
      rmSync(folder, { recursive: true, force: true });
    },
    discard: () => {
      rmSync(folder, { recursive: true, force: true });
      lock.dispose();
    },
  };
}
