import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Interpreter } from '../../../src-preload/contract/index.ts';
import { compileAgent } from './bytecode.ts';
import { python, tempFolder } from './testing/programs.ts';

const AGENT = path.resolve(import.meta.dirname, '../../../python-agent');
let folder: string;

beforeEach(() => {
  folder = tempFolder();
  const filter = (file: string): boolean => !file.includes('__pycache__');
  for (const name of ['heapscope_agent', 'bootstrap']) cpSync(path.join(AGENT, name), path.join(folder, name), { recursive: true, filter });
});

function interpreter(change: Partial<Interpreter> = {}): Interpreter {
  const code = 'import sys; print("%d.%d.%d" % sys.version_info[:3], sys.implementation.cache_tag)';
  const [version = '', tag = ''] = spawnSync(python(), ['-c', code], { encoding: 'utf8' }).stdout.trim().split(' ');
  const rest = { source: 'named', support: 'full', freeThreaded: tag.endsWith('t'), environment: null } as const;
  return { path: python(), version, implementation: 'cpython', ...rest, ...change };
}

const compile = (by: Interpreter | null): Promise<void> => compileAgent(folder, by, { cwd: folder, env: process.env });

const cached = (): string[] => {
  const cache = path.join(folder, 'heapscope_agent', '__pycache__');
  return existsSync(cache) ? readdirSync(cache) : [];
};

test('an interpreter that has none gets the bytecode of every file, and Python takes it', async () => {
  await compile(interpreter());
  expect(cached().some((name) => name.startsWith('lifecycle.cpython-'))).toBe(true);
  const code =
    'import sys; sys.path.insert(0, sys.argv[1]); import heapscope_agent.lifecycle as l; print(l.__cached__, l.__spec__.has_location)';
  const said = spawnSync(python(), ['-B', '-v', '-c', code, folder], { encoding: 'utf8' });
  expect(said.stderr).toMatch(/matches .*heapscope_agent\/lifecycle\.py/);
});

test('what is there is not made again', async () => {
  await compile(interpreter());
  const file = path.join(folder, 'heapscope_agent', '__pycache__', cached().find((name) => name.startsWith('lifecycle.')) ?? '');
  const before = statSync(file).ino;
  await compile(interpreter({ path: '/no/such/python' }));
  expect(statSync(file).ino).toBe(before);
});

test.each([
  ['a command without an interpreter', null],
  ['no CPython', { implementation: 'pypy' }],
  ['an unknown version', { version: null }],
  ['a program that is gone', { path: '/no/such/python' }],
])('%s: nothing is made, and nothing fails', async (_what, change) => {
  await compile(change === null ? null : interpreter(change));
  expect(cached()).toEqual([]);
});

test('where nothing can be written nothing is made, and nothing fails', async () => {
  // A file in the way: root may write into any folder.
  const cache = path.join(folder, 'heapscope_agent', '__pycache__');
  writeFileSync(cache, 'in the way');
  chmodSync(path.join(folder, 'heapscope_agent'), 0o500);
  await compile(interpreter());
  expect(readFileSync(cache, 'utf8')).toBe('in the way');
});
