import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newSession, TestFolder } from './testing.ts';

let folder: TestFolder;
let lock: string;
let elsewhere: string;

beforeEach(() => {
  folder = new TestFolder();
  lock = folder.file('a.heapscope-lock');
  elsewhere = mkdtempSync(join(tmpdir(), 'heapscope-elsewhere-'));
  const project = folder.create();
  project.newSession(newSession()).finish({ state: 'ended', exit: null, duration: 1 });
  project.close();
});

afterEach(() => {
  folder[Symbol.dispose]();
  rmSync(elsewhere, { recursive: true, force: true });
});

/** A database of another program, in that program's journal mode. */
function databaseAt(path: string): Buffer {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE x (y)');
  db.close();
  return readFileSync(path);
}

function expectReadOnly(): void {
  const project = folder.open();
  expect(project.facts()).toMatchObject({ access: 'read-only', readOnlyReason: 'lock', damage: null });
  expect(project.sessions.list()).toHaveLength(1);
  expect(() => project.sessions.update(1, { name: 'x' })).toThrow('project.read-only');
  project.close();
}

describe('a lock that is none of ours', () => {
  it('as a link leaves what it leads to as it was', () => {
    const places = join(elsewhere, 'places.sqlite');
    const bytes = databaseAt(places);
    symlinkSync(places, lock);
    expectReadOnly();
    expect(readFileSync(places)).toEqual(bytes);
    expect(lstatSync(lock).isSymbolicLink()).toBe(true);
    expect(readdirSync(elsewhere)).toEqual(['places.sqlite']);
  });

  it('as a link that leads nowhere makes nothing there', () => {
    symlinkSync(join(elsewhere, 'new'), lock);
    expectReadOnly();
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.each([
    ['a link to a device', () => symlinkSync('/dev/zero', lock)],
    ['a folder', () => mkdirSync(lock)],
    ['a text', () => writeFileSync(lock, 'a text of mine')],
    ['a database', () => void databaseAt(lock)],
  ])('as %s is read past, and stays', (_, make) => {
    make();
    expectReadOnly();
    expect(readdirSync(folder.path)).toEqual(['a.heapscope', 'a.heapscope-lock']);
  });

  it('as an empty file with another name stays', () => {
    writeFileSync(join(elsewhere, 'empty'), '');
    linkSync(join(elsewhere, 'empty'), lock);
    expectReadOnly();
    expect(existsSync(lock)).toBe(true);
  });

  it.each(['-journal', '-wal', '-shm'])('as a file of SQLite beside the lock, %s, stays, and no lock is made', (ending) => {
    writeFileSync(`${lock}${ending}`, '');
    expectReadOnly();
    expect(readdirSync(folder.path)).toEqual(['a.heapscope', `a.heapscope-lock${ending}`]);
  });

  it('keeps a new project from being made, and one from being saved there', async () => {
    writeFileSync(folder.file('b.heapscope-lock'), 'a text of mine');
    expect(() => folder.create('b.heapscope')).toThrow(`file.foreign {"path":"${folder.file('b.heapscope-lock')}"`);
    const project = folder.open();
    const save = project.saveAs(folder.file('b.heapscope'), true, () => undefined, new AbortController().signal);
    await expect(save).rejects.toMatchObject({ code: 'file.foreign' });
    project.close();
    expect(readdirSync(folder.path)).toEqual(['a.heapscope', 'b.heapscope-lock']);
  });
});

describe('our lock', () => {
  it('that was left behind is taken again, and goes', () => {
    writeFileSync(lock, '');
    const project = folder.open();
    expect(project.facts().access).toBe('write');
    project.close();
    expect(existsSync(lock)).toBe(false);
  });

  it('does not take with it what somebody put in its place', () => {
    const project = folder.open();
    unlinkSync(lock);
    writeFileSync(lock, 'a text of mine');
    project.close();
    expect(readFileSync(lock, 'utf8')).toBe('a text of mine');
  });
});

describe('a project that is opened by a link', () => {
  it('is locked where the link ends', () => {
    symlinkSync(folder.file('a.heapscope'), join(elsewhere, 'link.heapscope'));
    const project = folder.open(join('..', elsewhere.split('/').at(-1)!, 'link.heapscope'));
    expect(existsSync(lock)).toBe(true);
    expect(readdirSync(elsewhere)).toEqual(['link.heapscope']);
    project.close();
  });
});
