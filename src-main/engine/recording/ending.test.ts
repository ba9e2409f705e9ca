import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog, type Log } from '../base/log.ts';
import { Ending, type EndingHost } from './ending.ts';

/** By how much we were held up: time that passed without a timer. */
const held = vi.hoisted(() => ({ up: 0 }));
vi.mock('../base/clock.ts', async (original) => {
  const clock = await original<typeof import('../base/clock.ts')>();
  return { ...clock, monotonicNow: () => clock.monotonicNow() + held.up };
});

beforeEach(() => {
  held.up = 0;
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

/** An ending whose host's state the test sets. */
function ending(own: Partial<EndingHost> = {}, log: Log = silentLog) {
  const now = { isOver: false, hasAgents: false };
  const calls: string[] = [];
  const made = new Ending(
    {
      isOver: () => now.isOver,
      hasAgents: () => now.hasAgents,
      endParts: () => Promise.resolve(void calls.push('endParts')),
      release: () => void calls.push('release'),
      close: (state) => {
        calls.push(`close ${state}`);
        return { state, exit: null };
      },
      ...own,
    },
    log,
  );
  const ends: string[] = [];
  void made.ended.then(({ state }) => ends.push(state));
  return { made, now, calls, ends };
}

const DONE = ['endParts', 'release', 'close ended'];

describe('a recording whose processes have ended', () => {
  it('ends a moment later: parts first, then what it holds, then the file', async () => {
    const { made, now, calls, ends } = ending();
    made.check();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([calls, made.begun]).toEqual([[], false]);
    now.isOver = true;
    made.check();
    await vi.advanceTimersByTimeAsync(150);
    expect(calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(calls).toEqual(DONE);
    expect([ends, made.begun]).toEqual([['ended'], true]);
  });

  it('looks for agents that are about to be accepted, however long it was held up', async () => {
    const { made, now, calls } = ending();
    now.isOver = true;
    made.check();
    for (let step = 0; step < 4; step++) {
      held.up += 1_000;
      await vi.advanceTimersByTimeAsync(20);
      expect(calls).toEqual([]);
    }
    await vi.advanceTimersByTimeAsync(20);
    expect(calls).toEqual(DONE);
  });

  it('ends once, however often that is looked at', async () => {
    const { made, now, calls } = ending();
    now.isOver = true;
    for (let n = 0; n < 5; n++) made.check();
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    made.check();
    await made.abandon(() => calls.push('signal'));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls).toEqual(DONE);
  });

  it('waits for agents that are still connected, 0.7 s at most', async () => {
    const { made, now, calls } = ending();
    Object.assign(now, { isOver: true, hasAgents: true });
    made.check();
    await vi.advanceTimersByTimeAsync(650);
    expect(calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(calls).toEqual(DONE);
  });

  it('goes on when a child joins meanwhile, and ends with that one', async () => {
    const { made, now, calls } = ending();
    now.isOver = true;
    made.check();
    await vi.advanceTimersByTimeAsync(100);
    now.isOver = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(calls).toEqual([]);
    now.isOver = true;
    made.check();
    await vi.advanceTimersByTimeAsync(300);
    expect(calls).toEqual(DONE);
  });
});

describe('a recording that is abandoned', () => {
  it('ends at once where the program may go on', async () => {
    const { made, calls } = ending();
    await made.abandon(null);
    expect(calls).toEqual(['endParts', 'release', 'close stopped-recording']);
  });

  it('asks the program to terminate, and kills it when that does nothing', async () => {
    const { made, calls } = ending();
    void made.abandon((how) => void calls.push(how));
    await vi.advanceTimersByTimeAsync(1_499);
    expect(calls).toEqual(['terminate']);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls).toEqual(['terminate', 'kill']);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(calls.slice(2)).toEqual(['endParts', 'release', 'close stopped-recording']);
  });

  it('does not kill a program that terminates', async () => {
    const { made, now, calls } = ending();
    void made.abandon((how) => {
      calls.push(how);
      now.isOver = true;
      made.check();
    });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(calls).toEqual(['terminate', ...DONE]);
  });

  it('is over for whoever waits only when its end is', async () => {
    let done = (): void => undefined;
    const { made, calls } = ending({ endParts: () => new Promise((resolve) => (done = resolve)) });
    const waits = [made.abandon(null), made.abandon(null)].map((each) => each.then(() => calls.push('over')));
    await vi.advanceTimersByTimeAsync(1_000);
    expect([calls, made.begun]).toEqual([[], true]);
    done();
    await Promise.all(waits);
    expect(calls).toEqual(['release', 'close stopped-recording', 'over', 'over']);
  });
});

describe('an end in which something fails', () => {
  const broken = (): never => {
    throw new Error('broken');
  };

  it.each([
    ['endParts', { endParts: () => Promise.reject(new Error('broken')) }, ['release', 'close stopped-recording'], 'stopped-recording'],
    ['release', { release: broken }, ['endParts', 'close stopped-recording'], 'stopped-recording'],
    ['close', { close: broken }, ['endParts', 'release'], 'stopped-recording'],
  ])('(%s) does the rest, is logged, and settles', async (_step, own, rest, state) => {
    const warn = vi.fn();
    const { made, calls, ends } = ending(own, { ...silentLog, warn });
    await made.abandon(null);
    await vi.advanceTimersByTimeAsync(0);
    expect([calls, ends, warn.mock.calls.length]).toEqual([rest, [state], 1]);
  });
});
