import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ExitWatch } from './exit-watch.ts';
import type { TrackedProcess } from './tracked-process.ts';

const clock = vi.hoisted(() => ({ now: 0 }));
// Each look at the time takes a tenth of a millisecond: the tight loop ends by time.
vi.mock('../../base/clock.ts', () => ({ monotonicNow: () => (clock.now += 0.1) }));

let ended: number[];
let looks: number[];
let watch: ExitWatch;

beforeEach(() => {
  vi.useFakeTimers();
  clock.now = 0;
  [ended, looks] = [[], []];
  watch = new ExitWatch(({ pid }) => void ended.push(pid));
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

/** A process that is seen to have ended at the look after so many. */
function processOf(pid: number, lives = Infinity): TrackedProcess {
  let left = lives;
  const look = (): string => {
    looks.push(pid);
    return left-- > 0 ? 'lives' : 'ended';
  };
  return { pid, look } as never;
}

/** Lets the watch look until nothing is left to do, or for so long. */
function wait(ms: number): void {
  for (const until = clock.now + ms; clock.now < until && vi.getTimerCount() > 0;) {
    const before = clock.now;
    vi.advanceTimersToNextTimer();
    if (clock.now === before) clock.now += 0.1;
  }
}

describe('a process that is about to end', () => {
  test('is looked at at once, and told once', () => {
    watch.watch(processOf(1, 0));
    expect([ended, looks, vi.getTimerCount()]).toEqual([[1], [1], 0]);
  });

  test('is looked at until it has ended, with turns for other work between', () => {
    watch.watch(processOf(1, 20));
    expect(ended).toEqual([]);
    expect(looks.length).toBeLessThan(20);
    wait(100);
    expect([ended, looks.length, vi.getTimerCount()]).toEqual([[1], 21, 0]);
  });

  test('and does not is given up after a quarter of a second, from when it was last said to', () => {
    const process = processOf(1);
    watch.watch(process);
    wait(200);
    watch.watch(process);
    wait(200);
    expect(vi.getTimerCount()).toBe(1);
    wait(100);
    expect([ended, vi.getTimerCount()]).toEqual([[], 0]);
  });

  test('is not told when it is not wanted any more', () => {
    const [one, two] = [processOf(1, 10), processOf(2, 10)];
    watch.watch(one);
    watch.watch(two);
    watch.remove(one);
    wait(100);
    expect(ended).toEqual([2]);
    watch.watch(processOf(3, 10));
    watch.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is one of 64 at the most', () => {
    const processes = Array.from({ length: 65 }, (_, i) => processOf(i + 1));
    for (const process of processes) watch.watch(process);
    wait(20);
    expect(new Set(looks)).toEqual(new Set(Array.from({ length: 64 }, (_, i) => i + 1)));
    looks.length = 0;
    watch.remove(processes[0]!);
    watch.watch(processes[64]!);
    wait(20);
    expect(looks).toContain(65);
  });
});

test.skipIf(availableParallelism() === 1)('looks closely for half a second, then each millisecond; rest gives it back', () => {
  const immediate = vi.spyOn(globalThis, 'setImmediate');
  const timer = vi.spyOn(globalThis, 'setTimeout');
  const spins = (): [number, number] => {
    const counts: [number, number] = [immediate.mock.calls.length, timer.mock.calls.length];
    immediate.mockClear();
    timer.mockClear();
    return counts;
  };
  watch.watch(processOf(1));
  wait(200);
  expect(spins()[1]).toBe(0);
  for (let pid = 2; pid < 8; pid++) {
    watch.watch(processOf(pid));
    wait(200);
  }
  spins();
  watch.watch(processOf(9));
  wait(20);
  expect(spins()[1]).toBeGreaterThan(0);
  watch.stop();
  clock.now += 10_000;
  watch.watch(processOf(10));
  wait(100);
  expect(spins()[1]).toBe(0);
});
