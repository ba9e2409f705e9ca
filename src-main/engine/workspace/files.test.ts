import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileFilter } from '../../../src-preload/contract/index.ts';
import { listFolder, receiveFile } from './files.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'heapscope-files-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(...names: string[]): void {
  for (const name of names) writeFileSync(join(folder, name), 'x');
}

async function names(filter: FileFilter, path = folder): Promise<string[]> {
  return (await listFolder(path, filter, folder)).entries.map(({ name }) => name);
}

describe('a folder to pick from', () => {
  it('shows its folders first, then its files, each by name', async () => {
    const letters = [...'qwertyuiopasdfghjklzxcvbnm'];
    for (const letter of letters) {
      write(`${letter}.txt`);
      mkdirSync(join(folder, letter));
    }
    letters.sort();
    expect(await names('any')).toEqual([...letters, ...letters.map((letter) => `${letter}.txt`)]);
  });

  it('says of each what it is, how large and from when', async () => {
    writeFileSync(join(folder, 'a.py'), '12345');
    utimesSync(join(folder, 'a.py'), 7, 7);
    mkdirSync(join(folder, 'sub'));
    const { path, entries } = await listFolder(folder, 'any', '/');
    expect(path).toBe(folder);
    expect(entries).toMatchObject([
      { name: 'sub', path: join(folder, 'sub'), kind: 'folder' },
      { name: 'a.py', path: join(folder, 'a.py'), kind: 'file', size: 5, modified: 7000 },
    ]);
  });

  it.each<[FileFilter, string[]]>([
    ['python', ['sub', 'a.py']],
    ['project', ['sub', 'p.heapscope']],
    ['interpreter', ['sub', 'pypy3', 'python3.12']],
    ['folder', ['sub']],
    ['any', ['sub', 'a.py', 'my-python', 'p.heapscope', 'pypy3', 'python3.12']],
  ])('shows all folders, and of the files those that are asked for: %s', async (filter, expected) => {
    write('a.py', 'p.heapscope', 'python3.12', 'pypy3', 'my-python');
    mkdirSync(join(folder, 'sub'));
    expect(await names(filter)).toEqual(expected);
  });

  it.skipIf(process.platform === 'win32')('shows what links lead to, and neither pipes nor links that lead nowhere', async () => {
    write('real.txt');
    symlinkSync(folder, join(folder, 'up'));
    symlinkSync('nowhere', join(folder, 'broken'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await names('any')).toEqual(['up', 'real.txt']);
  });

  it('has a parent, but for the root', async () => {
    mkdirSync(join(folder, 'sub'));
    expect((await listFolder(join(folder, 'sub'), 'any', '/')).parent).toBe(folder);
    expect((await listFolder('/', 'folder', folder)).parent).toBeNull();
  });

  it('is the home folder where nothing or ~ is named, and below it after ~/', async () => {
    mkdirSync(join(folder, 'sub'));
    mkdirSync(join(folder, '~x'));
    const pathOf = async (path: string): Promise<string> => (await listFolder(path, 'any', folder)).path;
    expect([await pathOf(''), await pathOf('~'), await pathOf('~/sub')]).toEqual([folder, folder, join(folder, 'sub')]);
    expect(await pathOf(join(folder, '~x'))).toBe(join(folder, '~x'));
    await expect(pathOf('~x')).rejects.toThrow('file.missing');
    mkdirSync(join(folder, 'sub/~/deep'), { recursive: true });
    expect(await pathOf(join(folder, 'sub/~/deep'))).toBe(join(folder, 'sub/~/deep'));
  });

  it('with more than anybody picks from by eye is cut', async () => {
    for (let n = 0; n < 5001; n++) writeFileSync(join(folder, `${n}`), '');
    expect(await names('any')).toHaveLength(5000);
  });

  it('that is none says which of two things is wrong with it', async () => {
    write('a.txt');
    const listing = (path: string) => listFolder(path, 'any', folder);
    await expect(listing(join(folder, 'gone'))).rejects.toMatchObject({ code: 'file.missing', facts: { path: join(folder, 'gone') } });
    await expect(listing(join(folder, 'a.txt'))).rejects.toMatchObject({ code: 'file.missing' });
    const long = join(folder, 'x'.repeat(300));
    await expect(listing(long)).rejects.toMatchObject({ code: 'file.forbidden', facts: { path: long } });
  });
});

describe('a file that was dropped', () => {
  const drop = (name: string): Promise<string> => receiveFile(join(folder, 'dropped'), name, Buffer.from(name));

  it('is kept for its user alone, under a plain name of its own', async () => {
    const path = await drop('a.py');
    expect([path, readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual([join(folder, 'dropped/a.py'), 'a.py', 0o600]);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\work\\été 2.py', 'été 2.py'],
    ['..', 'dropped'],
    ['...hidden.py', 'hidden.py'],
    ['a<b>"c".py', 'a_b__c_.py'],
    ['', 'dropped'],
  ])('whatever it is called lies in that folder: %s', async (name, expected) => {
    expect(await drop(name)).toBe(join(folder, 'dropped', expected));
  });

  it('never takes the place of another', async () => {
    const paths = [await drop('a.py'), await drop('a.py'), await drop('x/a.py')];
    expect(paths).toEqual(['a.py', '1-a.py', '2-a.py'].map((name) => join(folder, 'dropped', name)));
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['a.py', 'a.py', 'x/a.py']);
  });

  it('that cannot be written is refused', async () => {
    await expect(drop('x'.repeat(300))).rejects.toMatchObject({
      code: 'file.forbidden',
      facts: { path: join(folder, 'dropped', 'x'.repeat(300)) },
    });
  });
});
