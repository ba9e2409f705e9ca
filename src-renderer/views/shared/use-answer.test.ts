import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import type { EffectScope, Ref } from 'vue';
import type { CallOptions } from '../../stores/heap.ts';
import { useAnswer } from './use-answer.ts';
import type { Answer } from './use-answer.ts';

interface Asked {
  question: string;
  options: CallOptions;
  resolve: (answer: string) => void;
  reject: (thrown: unknown) => void;
}

let asked: Asked[];
let scope: EffectScope;

function begin(question: Ref<string | null>, keep = false): Answer<string> {
  scope = effectScope();
  const ask = (one: string, options: CallOptions): Promise<string> =>
    new Promise((resolve, reject) => void asked.push({ question: one, options, resolve, reject }));
  return scope.run(() => useAnswer(() => question.value, ask, { keep }))!;
}

const settled = async (): Promise<void> => {
  await nextTick();
  await vi.waitFor(() => undefined);
};

beforeEach(() => {
  setActivePinia(createPinia());
  asked = [];
});

test('a failure says so and can be asked again', async () => {
  const answer = begin(ref('a'));
  asked[0]?.reject(new Error('broken'));
  await settled();
  expect([answer.value.value, answer.work.value, answer.trouble.value?.kind]).toEqual([null, null, 'failed']);
  answer.trouble.value?.again();
  asked[1]?.resolve('now');
  await settled();
  expect([answer.value.value, answer.trouble.value]).toEqual(['now', null]);
});

test('what the user cancels is no failure, and an answer that comes all the same is not shown', async () => {
  const answer = begin(ref('a'));
  answer.work.value?.cancel();
  expect(asked[0]?.options.signal?.aborted).toBe(true);
  asked[0]?.resolve('late');
  await settled();
  expect([answer.value.value, answer.trouble.value?.kind]).toEqual([null, 'cancelled']);
});

test('the latest question wins, those before are cancelled', async () => {
  const question = ref('a');
  const answer = begin(question);
  question.value = 'b';
  await settled();
  expect(asked.map((one) => [one.question, one.options.signal?.aborted])).toEqual([
    ['a', true],
    ['b', false],
  ]);
  asked[1]?.resolve('to b');
  asked[0]?.resolve('to a');
  await settled();
  expect(answer.value.value).toBe('to b');
});

test('the last answer stays only where that is wanted, and never without a question', async () => {
  const question = ref<string | null>('a');
  const kept = begin(question, true);
  asked[0]?.resolve('to a');
  await settled();
  question.value = 'b';
  await settled();
  expect(kept.value.value).toBe('to a');
  question.value = null;
  await settled();
  expect([kept.value.value, kept.work.value]).toEqual([null, null]);
});

test('progress is told until it is over; leaving the page cancels', async () => {
  const answer = begin(ref('a'));
  asked[0]?.options.onProgress?.({ done: 0.5, step: 'loading' });
  expect(answer.work.value?.done).toBe(0.5);
  scope.stop();
  expect(asked[0]?.options.signal?.aborted).toBe(true);
  asked[0]?.options.onProgress?.({ done: 0.9, step: 'loading' });
  expect(answer.work.value?.done).toBe(0.5);
});
