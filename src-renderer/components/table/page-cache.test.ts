import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PAGE_ROWS, PageCache } from './page-cache.ts';

interface Request {
  from: number;
  count: number;
  signal: AbortSignal;
  answer: (rows: number[]) => void;
  fail: (thrown: unknown) => void;
}
const requests: Request[] = [];
const changed = vi.fn();
const failed = vi.fn();
const fetch = (from: number, count: number, signal: AbortSignal): Promise<number[]> => {
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  requests.push({ from, count, signal, answer: resolve, fail: reject });
  return promise;
};
const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);

/** A million rows, with the first page loaded. */
function cache(total = 1_000_000): PageCache<number> {
  const made = new PageCache<number>({ fetch, changed, failed });
  made.begin(total, numbers(0, Math.min(total, PAGE_ROWS)));
  return made;
}

async function answerAll(): Promise<void> {
  while (requests.length > 0) {
    for (const { from, count, answer } of requests.splice(0)) answer(numbers(from, count));
    await vi.advanceTimersByTimeAsync(0);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  requests.length = 0;
  vi.clearAllMocks();
});
afterEach(() => vi.useRealTimers());

describe('what goes wrong', () => {
  test('a page that fails is told, and asked for again when it is looked at again', async () => {
    const pages = cache();
    pages.prefetch(5000, 5040);
    requests[0]?.fail(new Error('gone'));
    await vi.advanceTimersByTimeAsync(0);
    expect(failed).toHaveBeenCalledOnce();
    requests.length = 0;
    pages.prefetch(5000, 5040);
    expect(requests.map(({ from }) => from)).toContain(5000);
  });

  test('nothing that comes after the end is heard', async () => {
    const pages = cache();
    pages.prefetch(5000, 5040);
    pages.stop();
    expect(requests[0]?.signal.aborted).toBe(true);
    requests[0]?.answer([1]);
    await vi.advanceTimersByTimeAsync(0);
    expect(changed).not.toHaveBeenCalled();
    pages.prefetch(9000, 9040);
    expect(requests.filter(({ from }) => from === 9000)).toHaveLength(0);
  });

  test('a look beyond the end of a list that got shorter asks for nothing that is not there', async () => {
    const pages = cache(450);
    pages.prefetch(900_000, 900_040);
    await answerAll();
    expect(pages.at(449)).toBe(449);
    expect(pages.at(450)).toBeUndefined();
  });
});

test('what is in sight is fetched first, then a page on either side', async () => {
  const pages = cache();
  pages.prefetch(5100, 5140);
  expect(requests.map(({ from }) => from)).toEqual([5000, 5200]);
  await answerAll();
  expect([pages.at(4800), pages.at(5399), pages.at(4799), pages.at(5400)]).toEqual([4800, 5399, undefined, undefined]);
});

test('given a scrollbar that is dragged over everything, then few pages are asked for, and the last one comes', async () => {
  const pages = cache();
  for (let frame = 1; frame <= 60; frame += 1) {
    pages.prefetch(frame * 10_000, frame * 10_000 + 40);
    await vi.advanceTimersByTimeAsync(16);
  }
  expect(requests.length).toBeLessThan(40);
  expect(requests.filter(({ signal }) => !signal.aborted).length).toBeLessThanOrEqual(2);
  await vi.advanceTimersByTimeAsync(100);
  await answerAll();
  expect(pages.at(600_000)).toBe(600_000);
});

test('what was not looked at for long is forgotten, and comes back', async () => {
  const pages = cache();
  for (let first = 0; first < 40_000; first += PAGE_ROWS) {
    pages.prefetch(first, first + 40);
    await vi.advanceTimersByTimeAsync(100);
    await answerAll();
  }
  expect(pages.at(0)).toBeUndefined();
  pages.prefetch(0, 40);
  await vi.advanceTimersByTimeAsync(100);
  await answerAll();
  expect(pages.at(0)).toBe(0);
});

test('any rows can be had, with one request for what is missing', async () => {
  const pages = cache();
  const asked = pages.rows(150, 100, new AbortController().signal);
  expect(requests.map(({ from, count }) => [from, count])).toEqual([[200, 50]]);
  await answerAll();
  expect(await asked).toEqual(numbers(150, 100));
});
