import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { fileURLToPath, type URL } from 'node:url';
import { HeapscopeError, messageOf, systemCode } from '../base/errors.ts';
import { realPath } from './open-paths.ts';

/** First bytes of a rollback journal, and last ones of a journal that names another file (https://sqlite.org/fileformat2.html#rollbackjournal). */
const JOURNAL = Buffer.from('d9d505f920a163d7', 'hex');
/** First bytes of a log, by the byte order of its checksums. */
const LOGS = [Buffer.from('377f0682', 'hex'), Buffer.from('377f0683', 'hex')];
/** The smallest file that may end with the name of another file: length, checksum, `JOURNAL`. */
const NAME_END = 16;

type Problem = 'link' | 'kind' | 'shared' | 'header' | 'super-journal' | 'stray';

/** Files that SQLite may leave beside a database. */
export function filesBeside(path: string): string[] {
  return [`${path}-wal`, `${path}-shm`, `${path}-journal`];
}

/**
 * Throws `file.foreign` where SQLite would find a file beside a database that neither SQLite nor we have made: SQLite would wait for a
 * pipe, write through a link, delete something that is not a journal of ours, and delete whatever file a journal names as its
 * super-journal. We never attach a second database, so no journal of ours names one. This does not guard against a process that puts a file
 * there between this check and SQLite's own.
 */
export function requireOwnCompanions(database: string | URL): void {
  const path = realPath(typeof database === 'string' ? database : fileURLToPath(database));
  requireOwn(`${path}-journal`, journalProblem);
  requireOwn(`${path}-wal`, logProblem);
  // It is not opened: closing any handle of it would release this process's locks on it.
  requireOwn(`${path}-shm`, () => null);
}

/** Throws `file.foreign` if the lock beside a project is not the empty file that we make, or has files beside it, which ours never has. */
export function requireOwnLock(lock: string): void {
  requireOwn(lock, (_, { size }) => (size > 0 ? 'header' : null));
  for (const file of filesBeside(lock)) if (statOf(file) !== null) throw foreign(file, 'stray');
}

/** Like `lstat`; null: it does not exist, or cannot exist because the name is too long. */
export function statOf(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (thrown) {
    if (systemCode(thrown) === 'ENAMETOOLONG') return null;
    throw new HeapscopeError('file.forbidden', { path, detail: messageOf(thrown) }, thrown);
  }
}

function requireOwn(path: string, look: (path: string, stat: Stats) => Problem | null): void {
  const stat = statOf(path);
  if (stat === null) return;
  const problem = kindProblem(stat) ?? look(path, stat);
  if (problem !== null) throw foreign(path, problem);
}

function foreign(path: string, problem: Problem): HeapscopeError {
  return new HeapscopeError('file.foreign', { path, detail: problem });
}

function kindProblem(stat: Stats): Problem | null {
  if (stat.isSymbolicLink()) return 'link';
  if (!stat.isFile()) return 'kind';
  return stat.nlink > 1 ? 'shared' : null;
}

function journalProblem(path: string): Problem | null {
  const { head, tail, size } = endsOf(path);
  if (!beginsAs(head, JOURNAL)) return 'header';
  return size >= NAME_END && tail.equals(JOURNAL) ? 'super-journal' : null;
}

function logProblem(path: string): Problem | null {
  const { head } = endsOf(path);
  return LOGS.some((log) => beginsAs(head, log)) ? null : 'header';
}

/** Zeros are a header that never reached the disk; SQLite ignores both. */
function beginsAs(head: Buffer, magic: Buffer): boolean {
  const begun = head.subarray(0, magic.length);
  return begun.equals(magic.subarray(0, begun.length)) || begun.every((byte) => byte === 0);
}

/** The first and last eight bytes, fewer of a shorter file; empty if the file has just been deleted. */
function endsOf(path: string): { head: Buffer; tail: Buffer; size: number } {
  const nothing = { head: Buffer.alloc(0), tail: Buffer.alloc(0), size: 0 };
  let file: number;
  try {
    // Flags that Windows does not know are dropped.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return nothing;
    throw new HeapscopeError('file.forbidden', { path, detail: messageOf(thrown) }, thrown);
  }
  try {
    const { size } = fstatSync(file);
    return { head: piece(file, 0), tail: piece(file, Math.max(0, size - JOURNAL.length)), size };
  } finally {
    closeSync(file);
  }
}

function piece(file: number, at: number): Buffer {
  const bytes = Buffer.alloc(JOURNAL.length);
  return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, at));
}
