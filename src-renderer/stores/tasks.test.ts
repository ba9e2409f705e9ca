import { beforeEach, expect, test, vi } from 'vitest';
import * as api from '../api/index.ts';
import { useTasks } from './tasks.ts';
import type { TaskContext } from './tasks.ts';
import { fakeOf, freshStores } from './testing.ts';

vi.mock('../api/index.ts', async () => (await import('./testing.ts')).fakeApi());

beforeEach(() => freshStores(fakeOf(api)));

test('long calls run beside each other: each with its own progress, cancel and end', async () => {
  const tasks = useTasks();
  const contexts: TaskContext[] = [];
  const start = (label: string) => {
    const work = Promise.withResolvers<string>();
    return { ...work, done: tasks.run(label, {}, (context) => (contexts.push(context), work.promise)) };
  };
  const [first, second] = [start('a'), start('b')];
  contexts[1]?.onProgress({ done: 0.5, step: 'x' });
  expect(tasks.running.map(({ label, progress }) => [label, progress?.done])).toEqual([
    ['a', undefined],
    ['b', 0.5],
  ]);
  tasks.running[1]?.cancel();
  expect(contexts.map(({ signal }) => signal.aborted)).toEqual([false, true]);
  first.resolve('ready');
  expect(await first.done).toBe('ready');
  expect(tasks.running.map(({ label }) => label)).toEqual(['b']);
  contexts[0]?.onProgress({ done: 1, step: 'x' });
  second.reject(new Error('no'));
  await expect(second.done).rejects.toThrow('no');
  expect(tasks.running).toEqual([]);
});
