import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.ts';
import { newest } from './stale.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-build-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Modified this many seconds after 1970. */
function touch(name: string, seconds: number): void {
  utimesSync(join(folder, name), seconds, seconds);
}

test('given nothing, when asked for the newest, then it is the beginning of time', () => {
  expect(newest(join(folder, 'absent'))).toBe(0);
});

test('given a tree, when asked for the newest, then tests do not count, but folders do, since a deleted file changes one', () => {
  mkdirSync(join(folder, 'deep'));
  for (const name of ['a.ts', 'deep/b.ts', 'deep/b.test.ts']) writeFileSync(join(folder, name), '');
  touch('a.ts', 1000);
  touch('deep/b.ts', 2000);
  touch('deep/b.test.ts', 9000);
  touch('deep', 1500);
  touch('.', 500);
  expect(newest(folder)).toBe(2_000_000);
  touch('deep', 3000);
  expect(newest(folder)).toBe(3_000_000);
});

test('given a lock that is held, when another wants it, then it comes after, and a failure frees it', async () => {
  const lock = join(folder, 'cache', 'build.lock');
  const order: string[] = [];
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const first = withLock(lock, async () => {
    await held;
    order.push('first');
    throw new Error('failed');
  });
  const second = withLock(lock, () => Promise.resolve(order.push('second')));
  release();
  await expect(first).rejects.toThrow('failed');
  await second;
  expect(order).toEqual(['first', 'second']);
});

test('given a lock of a process that is gone, when wanted, then it is free', async () => {
  const lock = join(folder, 'build.lock');
  writeFileSync(lock, '999999999');
  expect(await withLock(lock, () => Promise.resolve('built'))).toBe('built');
});
