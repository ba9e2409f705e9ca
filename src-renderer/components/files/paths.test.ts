import { expect, test } from 'vitest';
import { completePath, joinPath, splitPath } from './paths.ts';

const entry = (path: string, kind: 'folder' | 'file' = 'file'): { name: string; path: string; kind: 'folder' | 'file' } => ({
  name: splitPath(path, '/').name,
  path,
  kind,
});

test('Tab has nothing to add', () => {
  expect(completePath('/x', [entry('/a')], '/')).toBeNull();
  expect(completePath('', [entry('/a')], '/')).toBeNull();
  expect(completePath('/a', [entry('/a')], '/')).toBeNull();
});

test('Tab adds what is certain', () => {
  expect(completePath('/src', [entry('/srv'), entry('/src-main', 'folder'), entry('/src-preload', 'folder')], '/')).toBe('/src-');
  expect(completePath('/SRC-M', [entry('/src-main', 'folder')], '/')).toBe('/src-main/');
  expect(completePath('/a', [entry('/app.py')], '/')).toBe('/app.py');
});

test('paths of either kind of machine', () => {
  expect(joinPath('/', 'a', '/')).toBe('/a');
  expect(joinPath('C:\\x', 'a', '\\')).toBe('C:\\x\\a');
  expect(splitPath('C:\\x\\a', '\\')).toEqual({ folder: 'C:\\x\\', name: 'a' });
});
