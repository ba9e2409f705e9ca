import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Progress } from '../../../src-preload/contract/index.ts';
import { jobControl } from './job-control.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setup() {
  const stop = new SharedArrayBuffer(4);
  const told: Progress[] = [];
  const control = jobControl(stop, (progress) => void told.push(progress));
  return { control, told, cancel: () => Atomics.store(new Int32Array(stop), 0, 1) };
}

it('goes on until it is cancelled, then throws at every check', () => {
  const { control, told, cancel } = setup();
  control.check();
  cancel();
  expect(() => control.check()).toThrow(expect.objectContaining({ code: 'call.cancelled' }));
  expect(() => control.progress({ step: 'filtering', done: 0 })).toThrow(expect.objectContaining({ code: 'call.cancelled' }));
  expect(told).toEqual([]);
});

it('tells ten times a second at most', () => {
  const { control, told } = setup();
  control.progress({ step: 'filtering', done: 0 });
  vi.advanceTimersByTime(99);
  control.progress({ step: 'filtering', done: 0.1 });
  expect(told.map(({ done }) => done)).toEqual([0]);
  vi.advanceTimersByTime(1);
  control.progress({ step: 'filtering', done: 0.2 });
  vi.advanceTimersByTime(99);
  control.progress({ step: 'filtering', done: 0.3 });
  expect(told.map(({ done }) => done)).toEqual([0, 0.2]);
});

it('tells of a new step at once', () => {
  const { control, told } = setup();
  control.progress({ step: 'filtering', done: 0 });
  control.progress({ step: 'sorting', done: 0 });
  control.progress({ step: 'filtering', done: 0.5 });
  expect(told.map(({ step }) => step)).toEqual(['filtering', 'sorting', 'filtering']);
});
