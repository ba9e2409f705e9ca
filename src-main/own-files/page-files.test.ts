import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPageFile, resolveInside } from './page-files.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-page-'));
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.html'), 'secret');
  writeFileSync(join(folder, 'page', 'index.html'), '<p>page</p>');
  writeFileSync(join(folder, 'page', 'assets', 'index-1a.js'), 'js');
  writeFileSync(join(folder, 'page', '.hidden.html'), 'hidden');
  writeFileSync(join(folder, 'page', 'notes.txt'), 'text');
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  '/../secret.html',
  '/%2e%2e/secret.html',
  '/..%2fsecret.html',
  '/assets/../../secret.html',
  '/..\\secret.html',
  '//secret.html',
  '/C:/secret.html',
  '/secret.html%00.js',
  '/%',
  '/.hidden.html',
  '/notes.txt',
  '/assets',
  '/absent.js',
  '',
])('given the path %j, when read, then there is no such file', async (path) => {
  expect(await readPageFile(join(folder, 'page'), path)).toBeNull();
});

test('given the root, when read, then the page comes and may not be cached', async () => {
  const file = await readPageFile(join(folder, 'page'), '/');
  expect(file).toMatchObject({ type: 'text/html; charset=utf-8', immutable: false });
  expect(file?.body.toString()).toBe('<p>page</p>');
});

test('given an asset, when read, then it is immutable', async () => {
  expect(await readPageFile(join(folder, 'page'), '/assets/index-1a.js')).toMatchObject({
    type: 'text/javascript; charset=utf-8',
    immutable: true,
  });
});

test('given a folder whose name begins alike, when resolved, then it is outside', () => {
  symlinkSync(join(folder, 'page'), join(folder, 'link'));
  expect(resolveInside(join(folder, 'pa'), '/../page/index.html')).toBeNull();
});
