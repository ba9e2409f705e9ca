import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HeapscopeError } from '../base/errors.ts';
import { Flusher } from './flush.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function flusher(work: () => void) {
  const flush = vi.fn(work);
  const onFailed = vi.fn<(error: HeapscopeError) => void>();
  return { flush, onFailed, made: new Flusher({ writer: { flush }, path: '/p.heapscope', onFailed }) };
}

it('writes twice a second, until it is disposed', () => {
  const { flush, made } = flusher(() => undefined);
  vi.advanceTimersByTime(499);
  expect(flush).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_001);
  expect(flush).toHaveBeenCalledTimes(3);
  made.dispose();
  vi.advanceTimersByTime(5_000);
  expect(flush).toHaveBeenCalledTimes(3);
  expect(made.failed).toBe(false);
});

it.each([
  [new HeapscopeError('recording.disk-full', { path: '/p' }), 'recording.disk-full', { path: '/p' }],
  [new Error('gone'), 'recording.write-failed', { path: '/p.heapscope', detail: 'gone' }],
])('after a failure (%s) tries no more, and says it once', (thrown, code, facts) => {
  const { flush, onFailed, made } = flusher(() => {
    throw thrown;
  });
  vi.advanceTimersByTime(5_000);
  expect(flush).toHaveBeenCalledTimes(1);
  expect(onFailed.mock.calls).toMatchObject([[{ code, facts }]]);
  expect(made.failed).toBe(true);
});

it('is known to have failed when that is told', () => {
  const seen: boolean[] = [];
  const writer = {
    flush: () => {
      throw new Error('gone');
    },
  };
  const made: Flusher = new Flusher({ writer, path: '/p', onFailed: () => void seen.push(made.failed) });
  vi.advanceTimersByTime(500);
  expect(seen).toEqual([true]);
});
