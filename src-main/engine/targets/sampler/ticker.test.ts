import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Ticker } from './ticker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A ticker, and the times of its calls since it was created. */
function ticking(interval: number) {
  const began = performance.now();
  const calls: number[] = [];
  const ticker = new Ticker(interval, () => calls.push(Math.round(performance.now() - began)));
  return { ticker, calls };
}

describe('ticks', () => {
  test('come at once and then each interval, until they are stopped', () => {
    const { ticker, calls } = ticking(100);
    vi.advanceTimersByTime(500);
    expect(calls).toEqual([]);
    ticker.start();
    vi.advanceTimersByTime(250);
    ticker.stop();
    vi.advanceTimersByTime(1000);
    expect(calls).toEqual([500, 600, 700]);
  });

  test('begin anew with another interval, where they run', () => {
    const { ticker, calls } = ticking(100);
    ticker.setInterval(50);
    vi.advanceTimersByTime(200);
    expect(calls).toEqual([]);
    ticker.start();
    vi.advanceTimersByTime(60);
    ticker.setInterval(30);
    vi.advanceTimersByTime(65);
    expect(calls).toEqual([200, 250, 260, 290, 320]);
  });

  test('started twice come once', () => {
    const { ticker, calls } = ticking(100);
    ticker.start();
    ticker.start();
    vi.advanceTimersByTime(100);
    expect(calls).toEqual([0, 100]);
  });

  test('are rarer where the work takes long, but never put off for more than five seconds', () => {
    const began = performance.now();
    const calls: number[] = [];
    const durations = [20, 60_000, 0];
    const ticker = new Ticker(100, () => {
      calls.push(Math.round(performance.now() - began));
      vi.advanceTimersByTime(durations.shift() ?? 0);
    });
    ticker.start();
    vi.advanceTimersByTime(70_000);
    ticker.stop();
    expect(calls.slice(0, 3)).toEqual([0, 200, 65_200]);
  });

  test('go on after one that failed', () => {
    const calls: number[] = [];
    const ticker = new Ticker(10, () => {
      calls.push(1);
      if (calls.length === 1) throw new Error('no');
    });
    ticker.start();
    expect(() => vi.advanceTimersByTime(0)).toThrow('no');
    vi.advanceTimersByTime(10);
    expect(calls).toHaveLength(2);
  });

  test('that stop or start the ticker leave no other behind', () => {
    const calls: string[] = [];
    const stopped: Ticker = new Ticker(10, () => {
      calls.push('stopped');
      stopped.stop();
    });
    let left = 3;
    const restarted: Ticker = new Ticker(10, () => {
      calls.push('restarted');
      if (--left > 0) restarted.start();
    });
    stopped.start();
    vi.advanceTimersByTime(100);
    expect(calls).toEqual(['stopped']);
    restarted.start();
    vi.advanceTimersByTime(5);
    expect(calls).toEqual(['stopped', 'restarted', 'restarted', 'restarted']);
    expect(vi.getTimerCount()).toBe(1);
  });

  test('whose work takes long come less often: it has a tenth of our time', () => {
    const began = performance.now();
    const calls: number[] = [];
    const ticker = new Ticker(100, () => {
      calls.push(Math.round(performance.now() - began));
      vi.advanceTimersByTime(calls.length < 3 ? 45 : 1);
    });
    ticker.start();
    vi.advanceTimersByTime(1250);
    ticker.stop();
    expect(calls.slice(0, 4)).toEqual([0, 500, 1000, 1100]);
  });

  test('whose work may take more of our time come as often as that allows', () => {
    const began = performance.now();
    const calls: number[] = [];
    const work = (): void => {
      calls.push(Math.round(performance.now() - began));
      vi.advanceTimersByTime(calls.length < 3 ? 90 : 1);
    };
    const ticker = new Ticker(100, work, 0.5);
    ticker.start();
    vi.advanceTimersByTime(650);
    ticker.stop();
    expect(calls.slice(0, 4)).toEqual([0, 200, 400, 500]);
  });
});
