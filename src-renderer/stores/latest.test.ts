import { describe, expect, it, vi } from 'vitest';
import { Latest } from './latest.ts';

function setup(patience = 20) {
  const asked: { question: number; signal: AbortSignal; answer: (value: string) => void; fail: (thrown: Error) => void }[] = [];
  const delivered: string[] = [];
  const failed: unknown[] = [];
  const sends: (() => void)[] = [];
  const latest = new Latest<number, string>({
    run: (question, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      asked.push({ question, signal, answer: resolve, fail: reject });
      return promise;
    },
    deliver: (answer, question) => void delivered.push(`${question}: ${answer}`),
    fail: (thrown) => void failed.push(thrown),
    schedule: (send) => void sends.push(send),
    patience,
  });
  const frame = (): void => sends.splice(0).forEach((send) => send());
  return { latest, asked, delivered, failed, frame };
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('the latest question', () => {
  it('tells of a failure, and goes on', async () => {
    const { latest, asked, failed, delivered, frame } = setup();
    latest.request(1);
    frame();
    asked[0]!.fail(new Error('no'));
    await settle();
    expect(failed).toHaveLength(1);
    latest.request(2);
    frame();
    asked[1]!.answer('yes');
    await settle();
    expect(delivered).toEqual(['2: yes']);
  });

  it('asks once for all steps of a frame', () => {
    const { latest, asked, frame } = setup();
    latest.request(1);
    latest.request(2);
    latest.request(3);
    frame();
    expect(asked.map((one) => one.question)).toEqual([3]);
  });

  it('lets an answer arrive, then asks the newest of those that wait', async () => {
    const { latest, asked, delivered, frame } = setup();
    latest.request(1);
    frame();
    latest.request(2);
    latest.request(3);
    asked[0]!.answer('a');
    await settle();
    expect(asked.map((one) => one.question)).toEqual([1, 3]);
    expect(delivered).toEqual(['1: a']);
  });

  it('gives up an answer that keeps a newer question waiting', async () => {
    const { latest, asked, failed, frame } = setup();
    latest.request(1);
    frame();
    latest.request(2);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[0]!.signal.aborted).toBe(true);
    expect(failed).toEqual([]);
  });

  it('delivers nothing after a cancel', async () => {
    const { latest, asked, delivered, frame } = setup();
    latest.request(1);
    frame();
    latest.cancel();
    asked[0]!.answer('late');
    await settle();
    expect(delivered).toEqual([]);
    expect(latest.waiting).toBe(false);
  });

  it('waits while a newer question does, and no longer', async () => {
    const { latest, asked, frame } = setup();
    latest.request(1);
    expect(latest.waiting).toBe(true);
    frame();
    expect(latest.waiting).toBe(false);
    latest.request(2);
    expect(latest.waiting).toBe(true);
    asked[0]!.answer('a');
    await settle();
    expect([latest.waiting, asked.length]).toEqual([false, 2]);
  });

  it('is patient with an answer from when another question came, not from each that came since', async () => {
    vi.useFakeTimers();
    const { latest, asked, frame } = setup(20);
    latest.request(1);
    frame();
    await vi.advanceTimersByTimeAsync(100);
    expect(asked[0]!.signal.aborted).toBe(false);
    for (const question of [2, 3, 4]) {
      latest.request(question);
      await vi.advanceTimersByTimeAsync(8);
    }
    vi.useRealTimers();
    expect(asked.map(({ question, signal }) => [question, signal.aborted])).toEqual([
      [1, true],
      [4, false],
    ]);
  });

  it('is patient anew with each answer: what was waited for the one before does not count', async () => {
    vi.useFakeTimers();
    const { latest, asked, frame } = setup(20);
    latest.request(1);
    frame();
    latest.request(2);
    await vi.advanceTimersByTimeAsync(15);
    asked[0]!.answer('a');
    await vi.advanceTimersByTimeAsync(1);
    latest.request(3);
    await vi.advanceTimersByTimeAsync(15);
    expect(asked.map(({ question, signal }) => [question, signal.aborted])).toEqual([
      [1, false],
      [2, false],
    ]);
    await vi.advanceTimersByTimeAsync(10);
    vi.useRealTimers();
    expect(asked[1]!.signal.aborted).toBe(true);
  });

  it('goes on after a cancel: what was under way is given up, and its failure is not told', async () => {
    vi.useFakeTimers();
    const { latest, asked, delivered, failed, frame } = setup(20);
    latest.request(1);
    frame();
    latest.request(2);
    latest.cancel();
    expect(asked[0]!.signal.aborted).toBe(true);
    latest.request(3);
    frame();
    await vi.advanceTimersByTimeAsync(100);
    asked[1]!.answer('c');
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    expect([asked.map(({ question }) => question), delivered, failed]).toEqual([[1, 3], ['3: c'], []]);
  });

  it('is not mistaken for one that was cancelled, whose answer came all the same', async () => {
    const answers: ((value: string) => void)[] = [];
    const [delivered, failed]: [string[], unknown[]] = [[], []];
    const latest = new Latest<number, string>({
      run: () => new Promise((resolve, reject) => answers.push((value) => (value === 'no' ? reject(new Error(value)) : resolve(value)))),
      deliver: (answer, question) => void delivered.push(`${question}: ${answer}`),
      fail: (thrown) => void failed.push(thrown),
      schedule: (send) => send(),
    });
    for (const question of [1, 2, 3]) {
      latest.request(question);
      if (question < 3) latest.cancel();
    }
    answers[0]!('old');
    answers[1]!('no');
    await settle();
    latest.request(4);
    await settle();
    expect(answers).toHaveLength(3);
    answers[2]!('new');
    await settle();
    expect([delivered, failed, answers.length]).toEqual([['3: new'], [], 4]);
  });

  it('that is cancelled before its frame is never asked', () => {
    const { latest, asked, frame } = setup();
    latest.request(1);
    latest.cancel();
    frame();
    expect(asked).toEqual([]);
  });

  it('goes out at once, and with others once a frame', async () => {
    const frames: (() => void)[] = [];
    vi.stubGlobal('requestAnimationFrame', (next: () => void) => frames.push(next));
    const asked: number[] = [];
    const latest = new Latest<number, void>({
      run: async (question) => void asked.push(question),
      deliver: () => undefined,
      fail: () => undefined,
    });
    const nextFrame = async (): Promise<void> => {
      frames.splice(0).forEach((next) => next());
      await settle();
    };
    latest.request(1);
    await settle();
    expect(asked).toEqual([1]);
    latest.request(2);
    latest.request(3);
    await settle();
    expect(asked).toEqual([1]);
    await nextFrame();
    expect(asked).toEqual([1, 3]);
    await nextFrame();
    await nextFrame();
    latest.request(4);
    await settle();
    vi.unstubAllGlobals();
    expect(asked).toEqual([1, 3, 4]);
  });
});
