import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { KnownProjects } from './known-projects.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'heapscope-known-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const list = (before: string[] = []): KnownProjects => new KnownProjects(folder, silentLog, before);

test('a path that the user never opened is refused', () => {
  list().add('/a/one.heapscope');
  expect(() => list().mustHave('/a/other.heapscope')).toThrow('project.unconfirmed');
  expect(() => list().mustHave('/a/one.heapscope/../two.heapscope')).toThrow('project.unconfirmed');
});

test('one that was opened is known at the next start, and to another process', () => {
  const open = list();
  list().add('/a/one.heapscope');
  expect(() => open.mustHave('/a/./one.heapscope')).not.toThrow();
  expect(statSync(join(folder, 'known-projects.json')).mode & 0o777).toBe(0o600);
});

test('what was opened before there was a list is known, and a list that cannot be read knows no more than that', () => {
  list(['/a/old.heapscope']).mustHave('/a/old.heapscope');
  writeFileSync(join(folder, 'known-projects.json'), '{"paths": 7}');
  expect(() => list().mustHave('/a/one.heapscope')).toThrow('project.unconfirmed');
  list(['/a/old.heapscope']).add('/a/one.heapscope');
  expect(JSON.parse(readFileSync(join(folder, 'known-projects.json'), 'utf8'))).toEqual({
    paths: ['/a/one.heapscope', '/a/old.heapscope'],
  });
});

test('one that is not wanted any more is forgotten, and no other; one that was never known costs no writing', () => {
  for (const path of ['/a/1', '/a/2', '/a/3']) list().add(path);
  list().remove('/a/2');
  expect(['/a/1', '/a/2', '/a/3'].map((path) => list().has(path))).toEqual([true, false, true]);
  rmSync(join(folder, 'known-projects.json'));
  list().remove('/a/1');
  expect(existsSync(join(folder, 'known-projects.json'))).toBe(false);
});

test('the list has each once, the latest first, and two thousand at the most', () => {
  const stored = (): string[] => (JSON.parse(readFileSync(join(folder, 'known-projects.json'), 'utf8')) as { paths: string[] }).paths;
  for (const path of ['/a/1', '/a/2', '/a/2', '/a/1']) list().add(path);
  expect(stored()).toEqual(['/a/1', '/a/2']);
  const full = Array.from({ length: 2000 }, (_, n) => `/b/${n}`);
  writeFileSync(join(folder, 'known-projects.json'), JSON.stringify({ paths: full }));
  list().add('/a/new');
  expect([stored().length, stored()[0], stored().at(-1)]).toEqual([2000, '/a/new', '/b/1998']);
});

test('what is refused is named', () => {
  expect(() => list().mustHave('/a/x')).toThrowError(expect.objectContaining({ facts: { path: '/a/x' } }));
});
