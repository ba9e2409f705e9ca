import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { checkElsewhere } from './check-elsewhere.ts';
import { ProjectFile } from './project-file.ts';
import { makeSessions, newSession, recordSeries, TestFolder } from './testing.ts';

const PAGE = 4096;
const MAGIC = Buffer.from('d9d505f920a163d7', 'hex');
const words = (...values: number[]): Buffer => Buffer.concat(values.map((value) => Buffer.from(Uint32Array.of(value).buffer).swap32()));

/** A journal without pages that names a file for SQLite to delete once it is played back. */
function journalNaming(victim: string, database: string): Buffer {
  const name = Buffer.from(victim);
  const head = Buffer.concat([MAGIC, words(0, 0, statSync(database).size / PAGE, 512, PAGE)]);
  const checksum = name.reduce((sum, byte) => sum + byte, 0);
  return Buffer.concat([head, Buffer.alloc(512 - head.length), words(0x40000000 / PAGE + 1), name, words(name.length, checksum), MAGIC]);
}

let folder: TestFolder;
let path: string;
/** The folder of the files that a hostile file leads to. */
let elsewhere: string;

beforeEach(() => {
  folder = new TestFolder();
  path = folder.file('a.heapscope');
  elsewhere = mkdtempSync(join(realpathSync(tmpdir()), 'heapscope-elsewhere-'));
  const project = folder.create();
  recordSeries(project.newSession(newSession()), 1, 20);
  project.close();
});

afterEach(() => {
  folder[Symbol.dispose]();
  rmSync(elsewhere, { recursive: true, force: true });
});

const openToRead = (): ProjectFile => ProjectFile.openToRead(path, { log: silentLog });

/** Nothing in the folder, or elsewhere, has changed. */
function state(): string[] {
  const of = (place: string): string[] =>
    readdirSync(place).map((name) => {
      const { size, mtimeMs, ino, mode } = lstatSync(join(place, name));
      return [name, size, mtimeMs, ino, mode].join(' ');
    });
  return [...of(folder.path), ...of(elsewhere)].sort();
}

describe('a journal that names another file', () => {
  it('is refused before SQLite, which deletes that file, is asked', () => {
    const victim = join(elsewhere, 'thesis.txt');
    writeFileSync(victim, 'my thesis\n');
    writeFileSync(`${path}-journal`, journalNaming(victim, path));
    const before = state();
    for (const open of [() => folder.open(), openToRead])
      expect(open).toThrow(`file.foreign {"path":"${realpathSync(path)}-journal","detail":"super-journal"}`);
    expect(state()).toEqual(before);
  });

  it('would be played back by SQLite: what the test makes is what is feared', () => {
    const victim = join(elsewhere, 'thesis.txt');
    writeFileSync(victim, 'my thesis\n');
    writeFileSync(`${path}-journal`, journalNaming(victim, path));
    const db = new DatabaseSync(path);
    const found = db.prepare('SELECT sqlite_version() AS version, count(*) FROM session').get();
    db.close();
    expect(existsSync(`${path}-journal`)).toBe(false);
    // Later versions check a name more strictly before they delete a file.
    if (/^3\.([0-9]|[1-4][0-9]|50)\./.test(String(found?.['version']))) expect(existsSync(victim)).toBe(false);
  });

  it('is refused where a damaged file is salvaged, too', () => {
    writeFileSync(path, readFileSync(path).subarray(0, 50));
    writeFileSync(`${path}-journal`, Buffer.concat([Buffer.alloc(100), MAGIC]));
    expect(() => folder.open()).toThrow('file.foreign {');
  });

  it('is refused beside where a link to the project ends', () => {
    const victim = join(elsewhere, 'thesis.txt');
    writeFileSync(victim, 'my thesis\n');
    const real = join(elsewhere, 'b.heapscope');
    copyFileSync(path, real);
    writeFileSync(`${real}-journal`, journalNaming(victim, real));
    symlinkSync(real, folder.file('link.heapscope'));
    expect(() => folder.open('link.heapscope')).toThrow(`file.foreign {"path":"${real}-journal"`);
    expect(existsSync(victim)).toBe(true);
  });
});

describe('what is neither of SQLite nor of us', () => {
  const victim = (): string => join(elsewhere, 'victim');
  const kinds: Record<string, (file: string) => void> = {
    link: (file) => {
      writeFileSync(victim(), '');
      symlinkSync(victim(), file);
    },
    'link that leads nowhere': (file) => symlinkSync(victim(), file),
    'link to a device': (file) => symlinkSync('/dev/zero', file),
    folder: (file) => mkdirSync(file),
    'file with another name': (file) => {
      writeFileSync(victim(), '');
      linkSync(victim(), file);
    },
  };
  const cases = ['-journal', '-wal', '-shm'].flatMap((ending) => Object.keys(kinds).map((kind) => [kind, ending] as const));

  it.each(cases)('a %s named %s keeps a project closed, and is as it was', (kind, ending) => {
    kinds[kind]!(`${path}${ending}`);
    const before = state();
    for (const open of [() => folder.open(), openToRead]) expect(open).toThrow(`a.heapscope${ending}","detail"`);
    expect(state()).toEqual(before);
    expect(existsSync(victim())).toBe(kind === 'link' || kind === 'file with another name');
  });

  it.each(['-journal', '-wal'])('a text named %s keeps a project closed, and is as it was', (ending) => {
    writeFileSync(`${path}${ending}`, 'a text of mine');
    expect(() => folder.open()).toThrow('"detail":"header"');
    expect(() => folder.create('b.heapscope').close()).not.toThrow();
    folder.remove('a.heapscope');
    expect(() => folder.create()).toThrow('"detail":"header"');
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(`${path}${ending}`, 'utf8')).toBe('a text of mine');
  });

  it.each(['-journal', '-wal'])('is no %s that is empty or never reached the disk', (ending) => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(PAGE), Buffer.from(ending === '-wal' ? '377f' : 'd9d505', 'hex')]) {
      writeFileSync(`${path}${ending}`, bytes);
      const project = folder.open();
      expect(project.facts()).toMatchObject({ access: 'write', damage: null });
      project.close();
    }
  });

  it('is not replaced by a project that is saved there', async () => {
    writeFileSync(folder.file('b.heapscope-journal'), 'a text of mine');
    const project = folder.open();
    const save = project.saveAs(folder.file('b.heapscope'), true, () => undefined, new AbortController().signal);
    await expect(save).rejects.toMatchObject({ code: 'file.foreign', facts: { path: folder.file('b.heapscope-journal') } });
    project.close();
    expect(readdirSync(folder.path).sort()).toEqual(['a.heapscope', 'b.heapscope-journal']);
  });

  it('is not vouched for by the thread that checks large files', async () => {
    makeSessions(folder.file('large.heapscope'), 40_000);
    writeFileSync(folder.file('large.heapscope-journal'), journalNaming(victim(), folder.file('large.heapscope')));
    writeFileSync(victim(), '');
    expect(await checkElsewhere(folder.file('large.heapscope'))).toBeNull();
    expect(existsSync(victim())).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('a pipe, which holds up whoever opens it,', () => {
  /** In a separate process, as nothing else could interrupt the waiting. */
  function openElsewhere(file: string): { ended: number | null; said: string } {
    const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, 'testing-child.ts'), 'hold', file], {
      input: '',
      encoding: 'utf8',
      timeout: 30_000,
    });
    return { ended: status, said: stdout };
  }

  it.each(['-journal', '-wal', '-shm', ''])('named as the project and %s is refused at once', (ending) => {
    if (ending === '') folder.remove('a.heapscope');
    execFileSync('mkfifo', [`${path}${ending}`]);
    expect(openElsewhere(path)).toEqual({ ended: 1, said: '' });
    expect(lstatSync(`${path}${ending}`).isFIFO()).toBe(true);
  });

  it('named as the lock leaves the project to be read', () => {
    execFileSync('mkfifo', [`${path}-lock`]);
    const { ended, said } = openElsewhere(path);
    expect(ended).toBe(0);
    expect(JSON.parse(said)).toMatchObject({ access: 'read-only', readOnlyReason: 'lock' });
  });
});
