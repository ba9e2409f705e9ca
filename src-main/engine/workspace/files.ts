import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isProjectName, isScriptName, type FileEntry, type FileFilter } from '../../../src-preload/contract/index.ts';
import { HeapscopeError, messageOf, systemCode } from '../base/errors.ts';

/** A larger folder is shown truncated: nobody can pick from more by eye. */
const MOST_ENTRIES = 5_000;

export interface Listing {
  path: string;
  parent: string | null;
  entries: FileEntry[];
}

/** Content of a folder: folders first, then files that match the filter, by name. Throws `file.missing`, `file.forbidden`. */
export async function listFolder(path: string, filter: FileFilter, home: string): Promise<Listing> {
  const folder = resolve(path === '' ? home : path.replace(/^~(?=$|[/\\])/, home));
  const names = await readNames(folder);
  const entries = await Promise.all(names.slice(0, MOST_ENTRIES).map((name) => entryOf(folder, name)));
  const fitting = entries.filter((entry): entry is FileEntry => entry !== null && (entry.kind === 'folder' || fits(entry.name, filter)));
  fitting.sort((a, b) => (a.kind === b.kind ? a.name.localeCompare(b.name) : a.kind === 'folder' ? -1 : 1));
  const parent = dirname(folder);
  return { path: folder, parent: parent === folder ? null : parent, entries: fitting };
}

/** Saves a file that was dropped on a browser's window, since browsers do not give its path. Never replaces one. */
export async function receiveFile(folder: string, name: string, data: Uint8Array): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const plain =
    basename(name.replaceAll('\\', '/'))
      .replace(/[^\p{L}\p{N}._ -]/gu, '_')
      .replace(/^\.+/, '') || 'dropped';
  for (let attempt = 0; ; attempt += 1) {
    const path = join(folder, attempt === 0 ? plain : `${attempt}-${plain}`);
    try {
      await writeFile(path, data, { flag: 'wx', mode: 0o600 });
      return path;
    } catch (thrown) {
      if (systemCode(thrown) !== 'EEXIST' || attempt > 1000)
        throw new HeapscopeError('file.forbidden', { path, detail: messageOf(thrown) }, thrown);
    }
  }
}

async function readNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    const code = systemCode(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new HeapscopeError('file.missing', { path: folder }, thrown);
    throw new HeapscopeError('file.forbidden', { path: folder, detail: messageOf(thrown) }, thrown);
  }
}

async function entryOf(folder: string, name: string): Promise<FileEntry | null> {
  const path = join(folder, name);
  try {
    const facts = await stat(path);
    if (!facts.isDirectory() && !facts.isFile()) return null;
    return { name, path, kind: facts.isDirectory() ? 'folder' : 'file', size: facts.size, modified: facts.mtimeMs };
  } catch {
    return null; // it was removed in between, or a link is dangling
  }
}

function fits(name: string, filter: FileFilter): boolean {
  switch (filter) {
    case 'python':
      return isScriptName(name);
    case 'project':
      return isProjectName(name);
    case 'interpreter':
      return /^(python|pypy)/.test(name);
    case 'folder':
      return false;
    case 'any':
      return true;
  }
}
