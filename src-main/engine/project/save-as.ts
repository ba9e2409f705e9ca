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

/** Pages (4 KiB each) copied between two yields to the event loop. */
const RATE = 512;
/** A write may happen between the last page and the end of the copy. From the second attempt on, recordings hold theirs back. */
const ATTEMPTS = 5;

/** A complete copy of a project that is not at its final place yet. */
export interface Copy {
  /** Moves it to its place; from then on it is the project. */
  place(): void;
  discard(): void;
  /** The claim of the new place. */
  readonly lock: Disposable;
}

/** The project that is copied. */
export interface CopySource {
  readonly db: Sqlite;
  /** Changes with each write and is stored in the file; null: we do not write to the project. */
  stamp(): string | null;
  /** From now on recordings keep their data in memory. */
  hold(): void;
}

export interface CopyOptions {
  overwrite: boolean;
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
}

/**
 * Copies the live database beside the target place, while it may be written to: SQLite includes what the same connection writes during the
 * copy. The stamp shows when a copy missed the last write.
 */
export async function copyFile(source: CopySource, path: string, o: CopyOptions): Promise<Copy> {
  o.signal.throwIfAborted();
  requireWritableName(path);
  if (!o.overwrite && existsSync(path)) throw new HeapscopeError('project.exists', { path });
  const lock = lockPlace(path);
  let folder: string | null = null;
  try {
    // They are removed with the file that is replaced.
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
      // A journal of the replaced file must not be taken for one of the new file.
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
