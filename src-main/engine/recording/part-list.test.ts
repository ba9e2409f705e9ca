import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PartList, type PartFailure } from './part-list.ts';
import type { SessionPart } from './session-part.ts';
import { notingPart } from './testing.ts';

const broken = (): never => {
  throw new Error('broken');
};
const never = (): Promise<void> => new Promise(() => undefined);

let calls: string[];
let failures: PartFailure[];

function listOf(...parts: SessionPart[]): PartList {
  return new PartList(parts, (failure) => void failures.push(failure));
}

beforeEach(() => {
  vi.useFakeTimers();
  [calls, failures] = [[], []];
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a call', () => {
  it('goes to all parts in the order of their list; one that does not want it is passed over', () => {
    const parts = listOf(notingPart('a', calls), { name: 'mute' }, notingPart('b', calls));
    parts.notify('marked', null, 'loaded');
    parts.notify('processEnded', 3);
    expect(calls).toEqual(['a.marked user loaded', 'b.marked user loaded', 'a.processEnded 3', 'b.processEnded 3']);
    expect(failures).toEqual([]);
  });

  it('keeps the part its own `this`', () => {
    class Counting implements SessionPart {
      readonly name = 'counting';
      ends = 0;
      processEnded(): void {
        this.ends += 1;
      }
    }
    const counting = new Counting();
    listOf(counting).notify('processEnded', 1);
    expect(counting.ends).toBe(1);
  });

  it('that throws in one part reaches the others, and is reported once for each call of that part', () => {
    const parts = listOf(notingPart('a', calls, { tick: broken, marked: broken }), notingPart('b', calls));
    for (let n = 0; n < 3; n++) parts.notify('tick', [{ process: 1, rss: n }]);
    parts.notify('marked', 1, 'x');
    expect(calls).toEqual(['b.tick 0', 'b.tick 1', 'b.tick 2', 'b.marked 1 x']);
    expect(failures).toMatchObject([
      { part: 'a', call: 'tick', thrown: { message: 'broken' } },
      { part: 'a', call: 'marked' },
    ]);
  });

  it.each([
    [[false, false], false],
    [[false, true], true],
    [[true, false], true],
  ])('for busy parts %j is answered with %s', (busy, answer) => {
    expect(listOf(...busy.map((is) => notingPart('a', calls, { isBusy: () => is }))).isBusy(1)).toBe(answer);
  });

  it('that cannot be answered counts as not busy, and is reported', () => {
    const parts = listOf(notingPart('a', calls, { isBusy: broken }), notingPart('b', calls, { isBusy: (process) => process === 2 }));
    expect([parts.isBusy(1), parts.isBusy(2)]).toEqual([false, true]);
    expect(failures).toMatchObject([{ part: 'a', call: 'isBusy' }]);
  });
});

describe('a part', () => {
  class Known implements SessionPart {
    readonly name = 'known';
  }

  it('is found by its class; one that was never composed is a defect', () => {
    class Unknown extends Known {}
    const known = new Known();
    const parts = listOf(notingPart('a', calls), known);
    expect(parts.get(Known)).toBe(known);
    expect(() => parts.get(Unknown)).toThrow('no part Unknown');
  });
});

describe('the end', () => {
  it('waits for the parts, side by side', async () => {
    const slow = (ms: number) => () => new Promise<void>((resolve) => setTimeout(resolve, ms));
    const parts = listOf(notingPart('a', calls, { end: slow(300) }), { name: 'mute' }, notingPart('b', calls, { end: slow(400) }));
    let isOver = false;
    void parts.end(1_000).then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(399);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isOver).toBe(true);
    expect(failures).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits no longer than its bound for a part that does not end, and says which', async () => {
    const parts = listOf(notingPart('a', calls, { end: never }), notingPart('b', calls));
    let isOver = false;
    void parts.end(1_000).then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(999);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isOver).toBe(true);
    expect(failures).toMatchObject([{ part: 'a', call: 'end', thrown: { message: expect.stringContaining('1000 ms') as string } }]);
  });

  it.each([
    ['throws', broken],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('of a part that %s is reported and leaves the others theirs', async (_how, end) => {
    await listOf(notingPart('a', calls, { end }), notingPart('b', calls)).end(1_000);
    expect(calls).toEqual(['b.end']);
    expect(failures).toMatchObject([{ part: 'a', call: 'end', thrown: { message: 'broken' } }]);
  });

  it('is the last call; a part that still waits is called until it has ended', async () => {
    let done = (): void => undefined;
    const parts = listOf(
      notingPart('a', calls, { isBusy: () => true }),
      notingPart('b', calls, { end: () => new Promise((resolve) => (done = resolve)) }),
    );
    const end = parts.end(1_000);
    await vi.advanceTimersByTimeAsync(10);
    parts.notify('marked', null, 'late');
    expect(parts.isBusy(1)).toBe(false);
    done();
    await end;
    parts.notify('marked', null, 'too late');
    expect(calls).toEqual(['a.end', 'b.marked user late']);
  });
});
