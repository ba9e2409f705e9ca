import { onScopeDispose, shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import type { Trouble, Work } from '../../components/table/source.ts';
import type { CallOptions } from '../../stores/heap.ts';
import { explain } from './object-words.ts';

export interface Answer<A> {
  /** To the last answered query; null: to none yet. */
  value: ShallowRef<A | null>;
  work: ShallowRef<Work | null>;
  trouble: ShallowRef<Trouble | null>;
}

export interface AnswerOptions {
  /** The last answer stays visible until the next one arrives. */
  keep?: boolean;
}

/** Queries the engine whenever the query changes; the latest one wins, earlier ones are cancelled. A null query has no answer. */
export function useAnswer<Q, A>(
  question: () => Q | null,
  ask: (question: Q, options: CallOptions) => Promise<A>,
  { keep = false }: AnswerOptions = {},
): Answer<A> {
  const answer: Answer<A> = { value: shallowRef(null), work: shallowRef(null), trouble: shallowRef(null) };
  let running: AbortController | null = null;

  async function send(asked: Q): Promise<void> {
    const own = (running = new AbortController());
    const again = (): void => void send(asked);
    const cancel = (): void => {
      own.abort();
      answer.work.value = null;
      answer.trouble.value = { kind: 'cancelled', text: explain({ code: 'call.cancelled', facts: {} }), again };
    };
    const onProgress = ({ done }: { done: number | null }): void => {
      if (!own.signal.aborted) answer.work.value = { done, cancel };
    };
    answer.trouble.value = null;
    answer.work.value = { done: null, cancel };
    try {
      const value = await ask(asked, { signal: own.signal, onProgress });
      if (own.signal.aborted) return;
      answer.value.value = value;
      answer.work.value = null;
    } catch (thrown) {
      if (own.signal.aborted) return;
      answer.work.value = null;
      answer.trouble.value = { kind: 'failed', text: explain(thrown), again };
    }
  }

  watch(
    () => JSON.stringify(question()),
    () => {
      running?.abort();
      const asked = question();
      if (!keep || asked === null) answer.value.value = null;
      answer.work.value = answer.trouble.value = null;
      if (asked !== null) void send(asked);
    },
    { immediate: true },
  );
  onScopeDispose(() => running?.abort());
  return answer;
}
