import type { ErrorData } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { StoredColumn } from './face.ts';
import type { FromWorker, ToWorker } from './wire.ts';

type Answer = Extract<ToWorker, { load: number }>;

interface Load {
  arrived: Answer[];
  wake: () => void;
}

/** The stored snapshots as the worker sees them: their bytes come from the main thread, piece by piece. */
export class RemoteSources {
  readonly #send: (message: FromWorker) => void;
  readonly #loads = new Map<number, Load>();
  #next = 1;

  constructor(send: (message: FromWorker) => void) {
    this.#send = send;
  }

  receive(message: Answer): void {
    const load = this.#loads.get(message.load);
    load?.arrived.push(message);
    load?.wake();
  }

  async tables(key: string): Promise<Uint8Array> {
    for await (const answer of this.#answers(key, 'tables')) {
      if (answer.k === 'tables') return answer.data;
    }
    throw new HeapscopeError('internal', { detail: 'no tables came' });
  }

  async *columns(key: string): AsyncGenerator<StoredColumn> {
    for await (const answer of this.#answers(key, 'columns')) {
      if (answer.k === 'piece') yield answer.column;
    }
  }

  async *#answers(key: string, what: 'tables' | 'columns'): AsyncGenerator<Answer> {
    const id = this.#next++;
    const load: Load = { arrived: [], wake: () => undefined };
    this.#loads.set(id, load);
    this.#send({ k: 'load', load: id, key, what });
    try {
      for (;;) {
        const answer = load.arrived.shift();
        if (answer === undefined) await new Promise<void>((resolve) => (load.wake = resolve));
        else if (answer.k === 'loaded') return;
        else if (answer.k === 'load-failed') throw failure(answer.error);
        else {
          yield answer;
          this.#send({ k: 'taken', load: id });
        }
      }
    } finally {
      this.#loads.delete(id);
      this.#send({ k: 'unload', load: id });
    }
  }
}

function failure({ code, facts }: ErrorData): HeapscopeError {
  return new HeapscopeError(code, facts);
}
