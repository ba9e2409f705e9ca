import type { ErrorData } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { FromWorker, Protocol, ToWorker } from './wire.ts';

type Answer<P extends Protocol> = Extract<ToWorker<P>, { read: number }>;

interface Read<P extends Protocol> {
  arrived: Answer<P>[];
  wake: () => void;
}

/** Data that the worker reads from the main thread, piece by piece. In the worker. */
export class RemoteReads<P extends Protocol> {
  readonly #send: (message: FromWorker<P>) => void;
  readonly #reads = new Map<number, Read<P>>();
  #next = 1;

  constructor(send: (message: FromWorker<P>) => void) {
    this.#send = send;
  }

  receive(message: Answer<P>): void {
    const read = this.#reads.get(message.read);
    read?.arrived.push(message);
    read?.wake();
  }

  /** Leaving the loop early tells the main thread to stop reading. Throws errors of the main thread. */
  async *read(source: P['source']): AsyncGenerator<P['piece']> {
    const id = this.#next++;
    const read: Read<P> = { arrived: [], wake: () => undefined };
    this.#reads.set(id, read);
    this.#send({ k: 'read', read: id, source });
    try {
      for (;;) {
        const answer = read.arrived.shift();
        if (answer === undefined) await new Promise<void>((resolve) => (read.wake = resolve));
        else if (answer.k === 'piece') {
          yield answer.piece;
          this.#send({ k: 'taken', read: id });
        } else if (answer.error) throw failure(answer.error);
        else return;
      }
    } finally {
      this.#reads.delete(id);
      this.#send({ k: 'close', read: id });
    }
  }
}

function failure({ code, facts }: ErrorData): HeapscopeError {
  return new HeapscopeError(code, facts);
}
