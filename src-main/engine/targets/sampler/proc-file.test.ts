import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { tempFolder } from '../testing/programs.ts';
import { ProcFile, SCRATCH } from './proc-file.ts';

const open: ProcFile[] = [];

afterEach(() => {
  for (const file of open.splice(0)) file.close();
});

function read(file: ProcFile): string {
  open.push(file);
  return SCRATCH.toString('latin1', 0, Math.max(0, file.read()));
}

test('what tells who a process is stays open, however much is kept open for speed', () => {
  const folder = tempFolder();
  const stat = path.join(folder, 'stat');
  writeFileSync(stat, 'first');
  for (let i = 0; i < 1100; i++) read(new ProcFile(stat, 'speed'));
  const file = new ProcFile(stat, 'identity');
  expect(read(file)).toBe('first');
  writeFileSync(path.join(folder, 'other'), 'another');
  renameSync(path.join(folder, 'other'), stat);
  expect(read(file)).toBe('first');
  expect(read(new ProcFile(stat, 'speed'))).toBe('another');
});
