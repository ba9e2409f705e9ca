import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JoinedOutput } from './joined-output.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function listen(output: JoinedOutput): string[] {
  const received: string[] = [];
  output.onData((bytes) => received.push(Buffer.from(bytes).toString()));
  return received;
}

test('small pieces arrive as one, in order', () => {
  const output = new JoinedOutput();
  const received = listen(output);
  for (const piece of ['a', 'b', 'c']) output.push(Buffer.from(piece));
  output.finish();
  expect(received).toEqual(['abc']);
});

test('what came before anybody listened is kept', () => {
  const output = new JoinedOutput();
  output.push(Buffer.from('early'));
  output.finish();
  const received = listen(output);
  output.finish();
  expect(received).toEqual(['early']);
});

test('who begins to listen gets what was kept soon, without asking', () => {
  const output = new JoinedOutput();
  output.push(Buffer.from('early'));
  vi.advanceTimersByTime(100);
  const received = listen(output);
  vi.advanceTimersByTime(8);
  expect(received).toEqual(['early']);
});

test('pieces wait eight milliseconds from the first of them, and are not sent twice', () => {
  const output = new JoinedOutput();
  const received = listen(output);
  output.push(Buffer.from('a'));
  vi.advanceTimersByTime(7);
  output.push(Buffer.from('b'));
  expect(received).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(received).toEqual(['ab']);
  vi.advanceTimersByTime(100);
  output.finish();
  output.push(Buffer.from('c'));
  vi.advanceTimersByTime(8);
  expect(received).toEqual(['ab', 'c']);
});

test('pieces of the next moment wait as long, whatever came before', () => {
  const output = new JoinedOutput();
  const received = listen(output);
  output.push(Buffer.from('a'));
  vi.advanceTimersByTime(4);
  output.push(Buffer.from('b'));
  vi.advanceTimersByTime(5);
  output.push(Buffer.from('c'));
  vi.advanceTimersByTime(7);
  expect(received).toEqual(['ab']);
  vi.advanceTimersByTime(1);
  expect([received, vi.getTimerCount()]).toEqual([['ab', 'c'], 0]);
});

test('a quarter of a mebibyte goes out at once, a byte less does not', () => {
  const output = new JoinedOutput();
  const received = listen(output);
  output.push(Buffer.alloc(100, 'x'));
  output.push(Buffer.alloc(262_144 - 101, 'y'));
  expect(received).toEqual([]);
  output.push(Buffer.from('z'));
  expect(received.map(({ length }) => length)).toEqual([262_144]);
  vi.advanceTimersByTime(100);
  expect(received).toHaveLength(1);
  output.push(Buffer.alloc(262_143, 'x'));
  expect(received).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(1);
  output.finish();
  expect([received.length, vi.getTimerCount()]).toEqual([2, 0]);
});
