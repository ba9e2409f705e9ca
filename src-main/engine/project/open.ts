import { accessSync, closeSync, constants, existsSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ProjectInfo } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../base/disposable.ts';
import { HeapscopeError, messageOf, systemCode } from '../base/errors.ts';
import { checkHeader, DamagedFile } from './header.ts';
import { acquireLock, canHaveCompanions, isLocked, LONGEST_PROJECT_NAME } from './lock.ts';
import { openReadOnly } from './read-only.ts';
import { createSchema } from './schema.ts';
import { BadCell, isCorrupt, SQLITE, sqliteCode, Sqlite } from './sqlite.ts';
import { readAsNewest, UPGRADERS, upgrade, type Upgrader } from './upgraders.ts';
import { checkWhole, stateOf } from './whole.ts';

/** A heap contains secrets. SQLite gives the files beside it the same mode. */
export const OWN_FILE = 0o600;

export interface OpenFile {
  db: Sqlite;
  readOnlyReason: ProjectInfo['readOnlyReason'];
  /** Held while the file may be written. */
  lock: Disposable | null;
}

/** Where files may be written; injected, since root may write anywhere. */
export interface Permissions {
  canWrite(path: string): boolean;
}

const osPermissions: Permissions = {
  canWrite: (path) => {
    try {
      accessSync(path, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  },
};

export interface OpenOptions {
  permissions?: Permissions;
  upgraders?: readonly Upgrader[];
  /** The state in which the file was just found intact (`checkElsewhere`): if it is unchanged it is not checked again. */
  known?: string | null;
}

/** Throws `file.name-too-long` if a project of that name could not be written. */
export function requireWritableName(path: string): void {
  if (!canHaveCompanions(path)) throw new HeapscopeError('file.name-too-long', { path, longest: LONGEST_PROJECT_NAME });
}

/**
 * Creates a new project file and locks it; one of an older version if fewer steps are given. Throws `project.exists`, `file.missing` (the
 * folder), `file.forbidden`, `file.name-too-long`, `file.foreign` (a foreign file beside it).
 */
export function createFile(path: string, untitled: boolean, upgraders: readonly Upgrader[] = UPGRADERS): OpenFile {
  requireWritableName(path);
  try {
    closeSync(openSync(path, 'wx', OWN_FILE));
  } catch (thrown) {
    throw fileError(thrown, path);
  }
  let lock: Disposable | null = null;
  try {
    lock = acquireLock(path);
    if (lock === null) throw new HeapscopeError('project.in-use', { path });
    const db = new Sqlite(path);
    createSchema(db, upgraders);
    db.run('INSERT INTO meta (key, value) VALUES (?, ?)', 'untitled', untitled ? '1' : '0');
    beginWriting(db);
    return { db, readOnlyReason: null, lock };
  } catch (thrown) {
    lock?.dispose();
    rmSync(path, { force: true });
    throw sqliteCode(thrown) === null ? thrown : new HeapscopeError('file.forbidden', { path, detail: messageOf(thrown) }, thrown);
  }
}

/**
 * Opens an intact file, for writing where that is possible. Throws `DamagedFile` for a damaged one, `file.foreign` if SQLite would find a
 * foreign file beside it; the file is untouched.
 */
export function openFile(path: string, { permissions = osPermissions, upgraders = UPGRADERS, known = null }: OpenOptions = {}): OpenFile {
  const version = checkHeader(path, upgraders.length + 1);
  const { lock, readOnlyReason } = claim(path, permissions);
  try {
    if (lock !== null) rollBackHotJournal(path);
    if (known !== stateOf(path)) checkWhole(path, version, upgraders);
    if (lock === null) return { db: openReadOnlyAt(path, version, readOnlyReason, upgraders), readOnlyReason, lock };
    return { db: openForWriting(path, upgraders), readOnlyReason, lock };
  } catch (thrown) {
    lock?.dispose();
    if (sqliteCode(thrown) === SQLITE.full) {
      return { db: openReadOnlyAt(path, version, 'disk-full', upgraders), readOnlyReason: 'disk-full', lock: null };
    }
    if (isCorrupt(thrown)) throw new DamagedFile(messageOf(thrown), { cause: thrown });
    if (sqliteCode(thrown) !== null) throw new HeapscopeError('file.forbidden', { path, detail: messageOf(thrown) }, thrown);
    throw thrown;
  }
}

function openForWriting(path: string, upgraders: readonly Upgrader[]): Sqlite {
  const db = new Sqlite(path);
  try {
    leaveWal(db);
    upgrade(db, path, upgraders);
    beginWriting(db);
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/**
 * Switches to writing in an intact file that is already locked: the copy of one that was perhaps read-only, so it may be of an older
 * version.
 */
export function adoptFile(path: string, lock: Disposable): OpenFile {
  const db = new Sqlite(path);
  upgrade(db, path);
  beginWriting(db);
  return { db, readOnlyReason: null, lock };
}

/** Merges everything into the one file and closes it. */
export function closeFile({ db, lock }: OpenFile): void {
  try {
    // Another process that reads keeps the file in WAL mode; the checkpoint alone then makes it complete.
    if (lock !== null) leaveWal(db);
  } catch (thrown) {
    // On a full disk the committed data stays in the file beside it, where the next opening finds it.
    if (sqliteCode(thrown) !== SQLITE.full) throw thrown;
  } finally {
    db.close();
    lock?.dispose();
  }
}

/** Turns an error of the file system or SQLite into an error with facts. */
export function fileError(thrown: unknown, path: string): unknown {
  if (thrown instanceof HeapscopeError) return thrown;
  const code = systemCode(thrown);
  const detail = messageOf(thrown);
  if (thrown instanceof BadCell || isCorrupt(thrown)) return new HeapscopeError('project.damaged', { path, detail }, thrown);
  if (code === 'EEXIST') return new HeapscopeError('project.exists', { path }, thrown);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new HeapscopeError('file.missing', { path: dirname(path) }, thrown);
  if (code === 'ERR_SQLITE_ERROR') {
    return new HeapscopeError(sqliteCode(thrown) === SQLITE.full ? 'recording.disk-full' : 'file.forbidden', { path, detail }, thrown);
  }
  return code === null
    ? thrown
    : new HeapscopeError(code === 'ENOSPC' ? 'recording.disk-full' : 'file.forbidden', { path, detail }, thrown);
}

function claim(path: string, permissions: Permissions): Pick<OpenFile, 'lock' | 'readOnlyReason'> {
  if (!canHaveCompanions(path)) return { lock: null, readOnlyReason: 'name' };
  if (!permissions.canWrite(path) || !permissions.canWrite(dirname(path)))
    return { lock: null, readOnlyReason: isLocked(path) ? 'in-use' : 'permission' };
  try {
    const lock = acquireLock(path);
    return { lock, readOnlyReason: lock === null ? 'in-use' : null };
  } catch (thrown) {
    if (thrown instanceof HeapscopeError && thrown.code === 'file.foreign') return { lock: null, readOnlyReason: 'lock' };
    if (sqliteCode(thrown) === null) throw thrown;
    return { lock: null, readOnlyReason: 'permission' };
  }
}

/** An interrupted upgrade has left its journal; only a connection that may write restores the old state. */
function rollBackHotJournal(path: string): void {
  if (!existsSync(`${path}-journal`)) return;
  const db = new Sqlite(path);
  db.number('PRAGMA user_version');
  db.close();
}

function openReadOnlyAt(path: string, version: number, reason: OpenFile['readOnlyReason'], upgraders: readonly Upgrader[]): Sqlite {
  const db = openReadOnly(path);
  if (readAsNewest(db, version, upgraders)) return db;
  db.close();
  throw new HeapscopeError('project.read-only', { path, reason });
}

/**
 * In WAL mode a commit is one append, and readers do not block it. The newest commits may be lost in a power failure, but not when the app
 * dies.
 */
function beginWriting(db: Sqlite): void {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216');
}

function leaveWal(db: Sqlite): void {
  // After a step that renames, the schema has to be read again; a checkpoint that had to do so would be refused by its own lock.
  db.number('SELECT count(*) FROM sqlite_schema');
  db.get('PRAGMA wal_checkpoint(TRUNCATE)');
  try {
    db.get('PRAGMA journal_mode = DELETE');
  } catch (thrown) {
    if (sqliteCode(thrown) !== SQLITE.busy) throw thrown;
  }
}
