import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isDocument, isRunnable, isProgram } from './document.ts';
import { startRequest, type StartRequest, type StartWords } from './start-request.ts';

let folder = '';
const at = (name: string): string => join(folder, name);
const quote = (word: string): string => (word.includes(' ') ? `'${word}'` : word);
const ask = (words: string[], from: StartWords['from'] = 'command-line'): StartRequest =>
  startRequest({ words, from }, { cwd: folder, isRunnable, isProgram, isDocument, quote });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-start-'));
  for (const name of ['project.py', 'project']) {
    const db = new DatabaseSync(at(name));
    db.exec(`PRAGMA application_id = ${0x48505343}; CREATE TABLE a (b)`);
    db.close();
  }
  const other = new DatabaseSync(at('other.db'));
  other.exec('CREATE TABLE a (b)');
  other.close();
  for (const name of ['app.py', 'run', 'source.heapscope', 'short']) writeFileSync(at(name), 'open("was-run", "w")\n');
  writeFileSync(at('for-sh'), '#!/bin/sh\nexit 0\n');
  writeFileSync(at('for-python'), `#!/${'venv/'.repeat(30)}bin/python3.12\nprint(1)\n`);
  writeFileSync(at('elf'), Buffer.from('7f454c4602010100', 'hex'));
  writeFileSync(at('windows'), Buffer.from('4d5a90000300', 'hex'));
  writeFileSync(at('zipapp'), Buffer.concat([Buffer.from('#!/usr/bin/python3\nPK'), Buffer.alloc(40)]));
  writeFileSync(at('MZ'), 'MZ = 1\n');
  mkdirSync(at('folder.heapscope'));
  mkdirSync(at('package'));
  writeFileSync(at('package/__main__.py'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a document never starts a program', () => {
  test.each([
    'source.heapscope',
    'report.HEAPSCOPE',
    'Mixed.HeapScope',
    'project.py',
    'project',
    'folder.heapscope',
    'not-there.heapscope',
  ])('given %s, typed, when read, then it is opened', (name) => {
    expect(ask([name, '--fast'])).toEqual({ open: [at(name), at('--fast')], record: null });
  });

  test.each(['source.heapscope', 'project.py', 'app.py', 'run', 'not-there.py', 'other.db', 'pytest', '-m'])(
    'given %s by the desktop, when read, then it is opened, whatever it is',
    (name) => {
      expect(ask([at(name), at('app.py')], 'desktop')).toEqual({ open: [at(name), at('app.py')], record: null });
    },
  );

  test.runIf(process.platform !== 'win32')('given a pipe, when read, then nobody waits for it', () => {
    execFileSync('mkfifo', [at('pipe')]);
    expect(ask(['pipe']).record).toMatchObject({ mode: 'command' });
  });
});

describe('what the desktop hands over as an address is a path', () => {
  test.each([
    ['file:///home/me/a.heapscope', '/home/me/a.heapscope'],
    ['file:///home/me/two%20words%20%25.heapscope', '/home/me/two words %.heapscope'],
    ['file:///home/me/%E6%96%87%E4%BB%B6%231.heapscope', '/home/me/文件#1.heapscope'],
    ['file:///home/me/文件.heapscope', '/home/me/文件.heapscope'],
    ['file://localhost/home/me/a.heapscope', '/home/me/a.heapscope'],
    ['FILE:///home/me/a.heapscope', '/home/me/a.heapscope'],
    ['file:/home/me/a.heapscope', '/home/me/a.heapscope'],
    [`file://${hostname()}/home/me/a.heapscope`, '/home/me/a.heapscope'],
    ['file:///home/me/app.py', '/home/me/app.py'],
  ])('%s', (word, path) => {
    if (process.platform === 'win32') return;
    expect(ask([word, word], 'desktop')).toEqual({ open: [path, path], record: null });
    expect(ask([word])).toEqual({ open: [path], record: null });
  });

  test.each(['file:///%zz.heapscope', 'file:///a%2Fb.heapscope', 'file://elsewhere.invalid/a.heapscope', 'file:///%E9.heapscope'])(
    'given %s, which names no file here, when read, then it is a document that is not there',
    (word) => {
      if (process.platform === 'win32') return;
      const { open, record } = ask([word]);
      expect(record).toBeNull();
      expect(open.map(isRunnable)).toEqual([false]);
    },
  );
});

test.each([
  [[], null],
  [['app.py', '--fast'], { mode: 'script', target: 'app.py', args: ['--fast'] }],
  [['run', 'arg'], { mode: 'script', target: 'run', args: ['arg'] }],
  [[process.execPath, 'x.js'], { mode: 'command', target: `${quote(process.execPath)} x.js`, args: [] }],
  [['./elf', 'app.py'], { mode: 'command', target: './elf app.py', args: [] }],
  [['windows'], { mode: 'command', target: 'windows', args: [] }],
  [['./for-sh', 'a b'], { mode: 'command', target: "./for-sh 'a b'", args: [] }],
  [['for-python', 'x'], { mode: 'script', target: 'for-python', args: ['x'] }],
  [['package', '-v'], { mode: 'script', target: 'package', args: ['-v'] }],
  [['zipapp'], { mode: 'script', target: 'zipapp', args: [] }],
  [['MZ'], { mode: 'script', target: 'MZ', args: [] }],
  [['other.db'], { mode: 'script', target: 'other.db', args: [] }],
  [['not-there.py'], { mode: 'script', target: 'not-there.py', args: [] }],
  [['-m', 'http.server', '8000'], { mode: 'module', target: 'http.server', args: ['8000'] }],
  [['pytest', '-k', 'a b'], { mode: 'command', target: "pytest -k 'a b'", args: [] }],
])('given the typed words %j, when read, then they ask for that', (words, record) => {
  const request = ask(words);
  expect(request.open).toEqual([]);
  if (record === null) return expect(request.record).toBeNull();
  const target = record.mode === 'script' ? at(record.target) : record.target;
  expect(request.record).toMatchObject({ ...record, target, cwd: folder });
});
