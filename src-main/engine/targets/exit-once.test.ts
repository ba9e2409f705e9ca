import { describe, expect, it } from 'vitest';
import { ExitOnce, signalName } from './exit-once.ts';

const FIRST = { code: 3, signal: null };

describe('the end of a program', () => {
  it('is told once, the first that is known', () => {
    const exit = new ExitOnce();
    const told: unknown[] = [];
    exit.onExit((end) => told.push(end));
    expect(exit.ended).toBe(false);
    exit.end(FIRST);
    exit.end({ code: null, signal: 'SIGKILL' });
    expect([exit.ended, told]).toEqual([true, [FIRST]]);
  });

  it('is told to who asks later too, but not while they ask', async () => {
    const exit = new ExitOnce();
    exit.end(FIRST);
    const told: unknown[] = [];
    exit.onExit((end) => told.push(end));
    expect(told).toEqual([]);
    await Promise.resolve();
    expect(told).toEqual([FIRST]);
  });

  it('is not told to who has gone, before or after it', async () => {
    const exit = new ExitOnce();
    const told: unknown[] = [];
    exit.onExit((end) => told.push(end)).dispose();
    exit.end(FIRST);
    exit.onExit((end) => told.push(end)).dispose();
    await Promise.resolve();
    expect(told).toEqual([]);
  });
});

it('names a signal that the system has, and no other', () => {
  expect([signalName(15), signalName(9), signalName(0), signalName(999)]).toEqual(['SIGTERM', 'SIGKILL', null, null]);
});
