import { closeSync, openSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Disposable } from '../base/disposable.ts';
import { requireOwnLock, statOf } from './companions.ts';
import { SQLITE, sqliteCode } from './sqlite.ts';

const ATTEMPTS = 5;
/** Longer than another process looks at the lock (`isLocked`), which holds it for that moment. */
const LOOKED_AT_MS = 20;

/** Maximum bytes of a file name on every file system we know. */
const LONGEST_NAME = 255;
/** Maximum bytes of a path in SQLite. */
const LONGEST_PATH = 512;
/** SQLite appends this, and shorter suffixes, to the names of its files. */
const LONGEST_ENDING = '-journal'.length;

/** Whether the names of SQLite's files beside a file are possible: otherwise it can only be read. */
export function canHaveCompanions(path: string): boolean {
  const bytes = (text: string): number => Buffer.byteLength(text) + LONGEST_ENDING;
  return bytes(basename(path)) <= LONGEST_NAME && bytes(path) <= LONGEST_PATH;
}

/** The maximum length of a project's file name. */
export const LONGEST_PROJECT_NAME = LONGEST_NAME - LONGEST_ENDING;

/** The file beside a project that its writer keeps locked. Its name is shorter than SQLite's own, so it is always possible. */
function lockPath(path: string): string {
  return `${path}-lock`;
}

/**
 * Acquires the right to write a project, for this process alone. The lock is SQLite's own on an empty database beside the file: the
 * operating system releases it when the process dies, so it is never stale. null: another process has it. Throws SQLite's error if the lock
 * file cannot be created, and `file.foreign`, before anything is touched, if something else is there.
 */
export function acquireLock(path: string): Disposable | null {
  const file = lockPath(path);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    requireOwnLock(file);
    makeOwn(file);
    const before = inodeOf(file);
    const db = new DatabaseSync(file, { timeout: LOOKED_AT_MS });
    try {
      db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (thrown) {
      db.close();
      if (sqliteCode(thrown) === SQLITE.busy) return null;
      throw thrown;
    }
    // The previous holder may have removed the file between our opening and our locking it: then our lock is worthless.
    const after = inodeOf(file);
    if (after !== null && (before === null || before === after)) return { dispose: () => release(db, file, after) };
    db.close();
  }
  return null;
}

/** Whether another process may write a project. Makes nothing; what cannot be looked at counts as no lock. */
export function isLocked(path: string): boolean {
  const file = lockPath(path);
  try {
    if (statOf(file) === null) return false;
    requireOwnLock(file);
    const db = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    try {
      db.prepare('PRAGMA schema_version').get();
      return false;
    } finally {
      db.close();
    }
  } catch (thrown) {
    return sqliteCode(thrown) === SQLITE.busy;
  }
}

/** Readable by this user alone. Never opens an existing file: closing any handle of a file releases this process's locks on it. */
function makeOwn(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch {
    // It exists, or cannot be created, which SQLite will report.
  }
}

/** Removed while it is locked: a process that has opened it sees that its file is gone and tries again. */
function release(db: DatabaseSync, file: string, inode: number): void {
  if (!db.isOpen) return;
  const ours = inodeOf(file) === inode;
  try {
    if (ours) rmSync(file, { force: true });
  } catch {
    // Windows does not remove an open file.
  }
  db.close();
  if (ours && process.platform === 'win32') rmSync(file, { force: true });
}

function inodeOf(file: string): number | null {
  return statOf(file)?.ino ?? null;
}
