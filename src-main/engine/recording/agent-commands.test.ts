import { describe, expect, it, vi } from 'vitest';
import { HeapscopeError } from '../base/errors.ts';
import { collectAll, commandAll } from './agent-commands.ts';
import type { Tracked } from './process-book.ts';

type Answers = (() => Promise<Record<string, unknown>>) | null;

/** Processes 1, 2, …; null: without an agent. */
function bookOf(...answers: Answers[]) {
  const command = vi.fn();
  const processOf = (answer: Answers, n: number) => ({
    row: { id: n + 1, pid: (n + 1) * 10 },
    connection: answer === null ? null : { command: (...args: unknown[]) => (command(...args), answer()) },
  });
  return { book: { alive: answers.map((answer, n) => processOf(answer, n) as Tracked) }, command };
}
const gives =
  (result: Record<string, unknown>): Answers =>
  async () =>
    result;
const refuses =
  (code: string): Answers =>
  () =>
    Promise.reject(new HeapscopeError(code as 'internal', {}));

describe('a command to all agents', () => {
  it('cannot be given where there is none', async () => {
    await expect(commandAll(bookOf(null, null).book, 4, 'collect', {})).rejects.toMatchObject({
      code: 'recording.no-agent',
      facts: { session: 4 },
    });
  });

  it('goes to each process that has one, and brings what each answered', async () => {
    const { book, command } = bookOf(gives({ a: 1 }), null, gives({ a: 3 }));
    const answers = await commandAll(book, 1, 'tracemalloc_start', { frames: 5 });
    expect(answers.map(({ tracked, result }) => [tracked.row.id, result])).toEqual([
      [1, { a: 1 }],
      [3, { a: 3 }],
    ]);
    expect(command.mock.calls).toEqual([
      ['tracemalloc_start', { frames: 5 }],
      ['tracemalloc_start', { frames: 5 }],
    ]);
  });

  it('that one could not do is done by the others; that none could fails with the first’s reason', async () => {
    const some = bookOf(refuses('internal'), gives({ a: 2 }));
    expect(await commandAll(some.book, 1, 'collect', {})).toMatchObject([{ result: { a: 2 } }]);
    const none = bookOf(refuses('call.timeout'), refuses('internal'));
    await expect(commandAll(none.book, 1, 'collect', {})).rejects.toMatchObject({ code: 'call.timeout' });
  });
});

describe('a full collection', () => {
  it('adds up what all processes freed, and is an event of each, in milliseconds', async () => {
    const event = vi.fn();
    const { book } = bookOf(
      gives({ collected: 5, uncollectable: 1, duration: 0.25 }),
      gives({ collected: 7, uncollectable: 2, duration: 1 }),
    );
    expect(await collectAll(book, 1, event)).toEqual({ processes: 2, collected: 12, uncollectable: 3 });
    expect(event.mock.calls).toEqual([
      [1, { pid: 10, collected: 5, uncollectable: 1, duration: 250 }],
      [2, { pid: 20, collected: 7, uncollectable: 2, duration: 1000 }],
    ]);
  });

  it('counts what is no number as nothing: an answer is a claim', async () => {
    const { book } = bookOf(gives({ collected: '9', uncollectable: Infinity }));
    const event = vi.fn();
    expect(await collectAll(book, 1, event)).toEqual({ processes: 1, collected: 0, uncollectable: 0 });
    expect(event.mock.calls).toEqual([[1, { pid: 10, collected: 0, uncollectable: 0, duration: 0 }]]);
  });
});
