import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { findProgram, isDirectory, isExecutable, isWritable, pathFolders, pathKey } from './find-program.ts';
import { tempFolder } from './testing/programs.ts';

let folder: string;
beforeEach(() => {
  folder = tempFolder();
  for (const name of ['one', 'two', 'two/tool']) mkdirSync(path.join(folder, name));
});
function program(name: string, mode = 0o755): string {
  const file = path.join(folder, name);
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, mode);
  return file;
}
const find = (name: string, list: string, cwd = folder): string | null => findProgram(name, { PATH: list }, cwd);
const both = (): string => ['one', 'two'].map((name) => path.join(folder, name)).join(path.delimiter);

describe('a program', () => {
  test('is the first of its name on PATH that may be run', () => {
    program('one/run', 0o644);
    const second = program('two/run');
    expect(find('run', both())).toBe(second);
    chmodSync(path.join(folder, 'one/run'), 0o755);
    expect(find('run', both())).toBe(path.join(folder, 'one/run'));
  });

  test('is no folder of that name, and none where there is none', () => {
    expect(find('tool', both())).toBeNull();
    expect(find('nothing', both())).toBeNull();
  });

  test('with a separator is what it says, from the working directory, and not on PATH', () => {
    const there = program('one/run');
    expect(find('./one/run', '')).toBe(there);
    expect(find('./run', both())).toBeNull();
    expect(find(there, '')).toBe(there);
  });

  test.skipIf(process.platform === 'win32')('may have a backslash in its name', () => {
    const odd = program('one/a\\b');
    expect(find('a\\b', both())).toBe(odd);
  });

  test('is looked for in the working directory where PATH has an empty entry, and nowhere where it is empty', () => {
    const here = program('run');
    expect(find('run', `${path.delimiter}/nowhere`)).toBe(here);
    expect(find('run', '')).toBeNull();
    expect(findProgram('run', {}, folder)).toBeNull();
  });
});

test('PATH is known whatever its case, and its folders are taken from the working directory', () => {
  expect([pathKey({ HOME: 'x', Path: '/a' }), pathKey({})]).toEqual(['Path', 'PATH']);
  expect(pathFolders({ Path: ['/a', 'b', ''].join(path.delimiter) }, '/w')).toEqual(['/a', '/w/b', '/w']);
  expect([pathFolders({ PATH: '' }, '/w'), pathFolders({}, '/w')]).toEqual([[], []]);
});

test('what is a folder, and what can be run', () => {
  const file = program('one/run');
  expect([isDirectory(folder), isDirectory(file), isDirectory(path.join(folder, 'gone'))]).toEqual([true, false, false]);
  expect([isExecutable(file), isExecutable(folder), isExecutable(path.join(folder, 'gone'))]).toEqual([true, false, false]);
});

test('what can be written to is there, file or folder', () => {
  const folder = tempFolder();
  const file = path.join(folder, 'a');
  writeFileSync(file, '');
  expect([isWritable(folder), isWritable(file), isWritable(path.join(folder, 'gone'))]).toEqual([true, true, false]);
});
