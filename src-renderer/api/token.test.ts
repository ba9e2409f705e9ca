import { beforeEach, expect, test } from 'vitest';
import { takeToken } from './token.ts';

beforeEach(() => {
  window.sessionStorage.clear();
  window.history.replaceState(null, '', '/');
});

test('given no token anywhere, when taken, then it is empty', () => {
  expect(takeToken(window)).toBe('');
});

test('given a token in the address, when taken, then it leaves the address and survives a reload', () => {
  window.history.replaceState(null, '', '/?token=abc&view=types#x');
  expect(takeToken(window)).toBe('abc');
  expect(window.location.search + window.location.hash).toBe('?view=types#x');
  expect(takeToken(window)).toBe('abc');
});

test('given an older token, when the address brings another, then that one counts', () => {
  window.sessionStorage.setItem('heapscope.token', 'old');
  window.history.replaceState(null, '', '/?token=new');
  expect(takeToken(window)).toBe('new');
});
