import { expect, test, vi } from 'vitest';
import type { Bridge, Outcome, Progress } from '../../src-preload/contract/index.ts';
import { CallError } from './call-error.ts';
import { Caller } from './caller.ts';

/** A peer that answers when the test says so. */
function peer() {
  const answers = new Map<number, (outcome: Outcome<never>) => void>();
  const progress: ((id: number, progress: Progress) => void)[] = [];
  const cancelled: number[] = [];
  const bridge: Bridge = {
    call: (id) => new Promise((resolve) => answers.set(id, resolve)),
    cancel: (id) => void cancelled.push(id),
    onProgress: (listener) => {
      progress.push(listener);
      return () => undefined;
    },
    on: () => () => undefined,
    shell: null,
  };
  return { bridge, answers, progress, cancelled };
}

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const thrown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof CallError)) throw new Error('no CallError');
  return thrown.code;
};

test('given an error as the outcome, when called, then it is thrown with code and facts', async () => {
  const { bridge, answers } = peer();
  const call = new Caller(bridge).call('projects.open', { path: '/x' });
  answers.get(1)?.({ ok: false, error: { code: 'project.missing', facts: { path: '/x' } } });
  await expect(call).rejects.toMatchObject({ code: 'project.missing', facts: { path: '/x' } });
});

test('given a call under way, when its signal aborts, then it settles at once and the engine is told', async () => {
  const { bridge, cancelled } = peer();
  const abort = new AbortController();
  const call = new Caller(bridge).call('app.info', {}, { signal: abort.signal });
  abort.abort();
  expect(await codeOf(call)).toBe('call.cancelled');
  expect(cancelled).toEqual([1]);
});

test('given a signal that has aborted already, when called, then nothing is sent', async () => {
  const { bridge, answers } = peer();
  expect(await codeOf(new Caller(bridge).call('app.info', {}, { signal: AbortSignal.abort() }))).toBe('call.cancelled');
  expect(answers.size).toBe(0);
});

test('given a peer that never answers, when the time is over, then the call settles with call.timeout', async () => {
  vi.useFakeTimers();
  try {
    const { bridge, cancelled } = peer();
    const code = codeOf(new Caller(bridge).call('app.info', {}, { timeoutMs: 1000 }));
    await vi.advanceTimersByTimeAsync(1000);
    expect(await code).toBe('call.timeout');
    expect(cancelled).toEqual([1]);
  } finally {
    vi.useRealTimers();
  }
});

test('given two calls under way, when progress comes, then only its own listener hears it', async () => {
  const { bridge, answers, progress } = peer();
  const caller = new Caller(bridge);
  const heard: string[] = [];
  const first = caller.call('projects.list', {}, { onProgress: (p) => heard.push(`first ${p.step}`) });
  const second = caller.call('projects.list', {}, { onProgress: (p) => heard.push(`second ${p.step}`) });
  progress[0]?.(2, { done: 0.5, step: 'copy' });
  for (const answer of answers.values()) answer({ ok: false, error: { code: 'internal', facts: {} } });
  await Promise.allSettled([first, second]);
  progress[0]?.(2, { done: 1, step: 'late' });
  expect(heard).toEqual(['second copy']);
});
