import { expect, test } from 'vitest';
import { exitStatusOf } from './exit-status.ts';

test.each([
  [null, 1],
  [{ code: 0, signal: null, outOfMemory: false }, 0],
  [{ code: 3, signal: null, outOfMemory: false }, 3],
  [{ code: null, signal: 'SIGINT', outOfMemory: false }, 130],
  [{ code: null, signal: 'SIGSEGV', outOfMemory: false }, 139],
  [{ code: null, signal: 'SIGKILL', outOfMemory: true }, 137],
  [{ code: null, signal: null, outOfMemory: false }, 1],
])('given the end %j, when reported as a shell would, then it is %i', (exit, status) => {
  expect(exitStatusOf(exit)).toBe(status);
});
