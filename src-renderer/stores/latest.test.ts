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
});
