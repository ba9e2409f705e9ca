import { closeSync, openSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Disposable } from '../base/disposable.ts';
import { requireOwnLock, statOf } from './companions.ts';
import { SQLITE, sqliteCode } from './sqlite.ts';

const ATTEMPTS = 5;

/** Bytes of a name in a folder, on every file system we know. */
const LONGEST_NAME = 255;
/** Bytes of a path that SQLite takes. */
const LONGEST_PATH = 512;
/** SQLite appends this, and shorter endings, to the name of what it writes. */
const LONGEST_ENDING = '-journal'.length;

/** Whether the files that SQLite wants beside a file can have their names: without them it can only be read. */
export function canHaveCompanions(path: string): boolean {
  const bytes = (text: string): number => Buffer.byteLength(text) + LONGEST_ENDING;
  return bytes(basename(path)) <= LONGEST_NAME && bytes(path) <= LONGEST_PATH;
}

/** How long the name of a project may be. */
export const LONGEST_PROJECT_NAME = LONGEST_NAME - LONGEST_ENDING;

/** The file beside a project that whoever writes it holds locked. Shorter than SQLite's own names, so there is always room. */
function lockPath(path: string): string {
  return `${path}-lock`;
}

/**
 * Takes the right to write a project, for this process alone. The lock is SQLite's own on an empty database beside the file:
 * the operating system lets go of it when the process dies, so it is never stale. null: another process has it. Throws what
 * SQLite throws where the file beside cannot be made, and `file.foreign`, before anything is touched, where something else is there.
 */
export function acquireLock(path: string): Disposable | null {
  const file = lockPath(path);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    requireOwnLock(file);
    makeOwn(file);
    const before = inodeOf(file);
    const db = new DatabaseSync(file, { timeout: 0 });
    try {
      db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (thrown) {
      db.close();
      if (sqliteCode(thrown) === SQLITE.busy) return null;
      throw thrown;
    }
    // The holder before us may have removed the file between our opening and our locking it: then we hold nothing.
    const after = inodeOf(file);
    if (after !== null && (before === null || before === after)) return { dispose: () => release(db, file, after) };
    db.close();
  }
  return null;
}

/** For this user alone. Never one that is there: closing any handle of a file lets go of this process's locks on it. */
function makeOwn(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch {
    // It is there, or cannot be made, which SQLite will say.
  }
}

/** Removed while it is held: whoever opened it meanwhile sees that its file is gone and tries again. */
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
