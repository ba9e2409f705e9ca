import { describe, expect, it } from 'vitest';
import { Pauses, type Pausing } from './pauses.ts';

/** Pauses by a clock that only waiting moves; `at` returns, by the time, what a source says. */
function waiting(...sources: ((now: number) => number | null)[]) {
  let now = 0;
  const pauses = new Pauses({
    now: () => now,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      now += ms;
    },
  });
  const ends = sources.map((at) => pauses.watch({ untilPause: () => at(now) } satisfies Pausing));
  return { ends, over: (signal = new AbortController().signal) => pauses.over(signal).then(() => now) };
}

describe('what may wait until pauses are over', () => {
  it.each<[string, ((now: number) => number | null)[]]>([
    ['nothing takes snapshots', []],
    ['none is planned', [() => null, () => null]],
    ['the next is not soon', [() => 1001, () => null, () => 60_000]],
  ])('begins at once where %s', async (_, sources) => expect(await waiting(...sources).over()).toBe(0));

  it('waits for a pause to end, of whichever program', async () => {
    expect(await waiting((now) => (now < 320 ? 0 : null)).over()).toBe(350);
    const two = waiting(
      (now) => (now < 200 ? 0 : null),
      (now) => (now < 700 ? 0 : 5000),
    );
    expect(await two.over()).toBe(700);
  });

  it('waits for one that is soon, and until that is over', async () => {
    expect(await waiting((now) => (now < 900 ? 900 - now : now < 1200 ? 0 : 30_000)).over()).toBe(1200);
    expect(await waiting((now) => (now < 500 ? 1000 : null)).over()).toBe(500);
  });

  it('does not wait for ever: not for a long pause, nor for one after the other', async () => {
    expect(await waiting(() => 0).over()).toBe(10_000);
    const oneAfterTheOther = (now: number): number => (now % 400 < 200 ? 0 : 400 - (now % 400));
    expect(await waiting(oneAfterTheOther).over()).toBe(200);
    expect(await waiting((now) => oneAfterTheOther(now + 250)).over()).toBe(350);
  });

  it('does not wait for what is over for good', async () => {
    const { ends, over } = waiting(
      () => 0,
      () => null,
    );
    ends[0]!();
    expect(await over()).toBe(0);
  });

  it('stops waiting when it is cancelled', async () => {
    const stop = new AbortController();
    const { over } = waiting((now) => {
      if (now === 100) stop.abort(new Error('cancelled'));
      return 0;
    });
    await expect(over(stop.signal)).rejects.toThrow('cancelled');
  });

  it('stops at once by the clock of the machine, too', async () => {
    const pauses = new Pauses();
    pauses.watch({ untilPause: () => 0 });
    const stop = new AbortController();
    const over = pauses.over(stop.signal);
    stop.abort();
    await expect(over).rejects.toMatchObject({ name: 'AbortError' });
  });
});
