import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { documentProblem, isDocument } from './document.ts';

const head = (): Buffer => {
  const bytes = Buffer.alloc(72);
  bytes.write('SQLite format 3\0', 0, 'latin1');
  bytes.write('HPSC', 68, 'latin1');
  return bytes;
};

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'document-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it('a document is told by its head or by its name, in any case of its letters', () => {
  expect(isDocument(write('run.py', head()))).toBe(true);
  expect(isDocument(write('report.HEAPSCOPE', 'print()'))).toBe(true);
  expect(isDocument(write('app.py', 'print()'))).toBe(false);
  expect(isDocument(join(folder, 'not-there.py'))).toBe(false);
});

it('what cannot be opened as one is told before a window is there to say so', () => {
  expect(documentProblem(write('a.heapscope', head()))).toBeNull();
  expect(documentProblem(write('b.heapscope', 'print()'))).toBe('project.not-a-project');
  expect(documentProblem(write('c.heapscope', head().subarray(0, 15)))).toBe('project.not-a-project');
  for (const length of [16, 50, 71])
    expect(documentProblem(write(`c${length}.heapscope`, head().subarray(0, length)))).toBe('project.damaged');
  expect(documentProblem(write('e.heapscope', Buffer.from(head()).fill(0, 68)))).toBe('project.not-a-project');
  expect(documentProblem(join(folder, 'd.heapscope'))).toBe('project.missing');
  expect(documentProblem(folder)).toBe('project.not-a-project');
});
