import { Worker } from 'node:worker_threads';
import { HeapscopeError, messageOf, systemCode, toErrorData } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { FromWorker, Protocol, ToWorker } from './wire.ts';

/** Pieces in flight to the worker: one is used while the next is read. */
const IN_FLIGHT = 2;
/** The worker's JavaScript heap; typed arrays are outside of it. At this limit the worker ends, not the app. */
const HEAP_LIMIT_MB = 2048;

export interface CallOptions<P extends Protocol> {
  signal: AbortSignal;
  onProgress(progress: P['progress']): void;
  /** Called with each part in turn; the next one comes once this has settled. An error it throws ends the call. */
  onPart?(part: P['part']): void | Promise<void>;
}

export interface WorkerHostOptions<P extends Protocol> {
  name: string;
  /** The worker's file. */
  url: URL;
  /** Cloned, for the worker's `workerData`. */
  data: unknown;
  /** Data that the worker may read; may throw. Ended early when no more is needed. */
  read: (source: P['source']) => Iterable<P['piece']> | AsyncIterable<P['piece']>;
  /** The error for the caller when the worker died of a lack of memory. */
  outOfMemory: (why: unknown) => HeapscopeError;
  log: Log;
  heapLimitMb?: number;
}

interface OpenCall<P extends Protocol> extends CallOptions<P> {
  stop: Int32Array;
  settle(outcome: { value: P['result'] } | { error: Error }): void;
}

interface OpenRead {
  /** Pieces that the worker has not consumed yet. */
  waiting: number;
  ended: boolean;
  wake: () => void;
}

/**
 * One worker thread, started when it is first needed and restarted after it died. Runs on the main thread. Every call settles: by the
 * worker's answer, at once when it is cancelled, or with the worker's death.
 */
export class WorkerHost<P extends Protocol> {
  readonly #o: WorkerHostOptions<P>;
  readonly #calls = new Map<number, OpenCall<P>>();
  readonly #reads = new Map<number, OpenRead>();
  #worker: Worker | null = null;
  #next = 1;
  #disposed = false;

  constructor(o: WorkerHostOptions<P>) {
    this.#o = o;
  }

  call(job: P['job'], o: CallOptions<P>): Promise<P['result']> {
    if (this.#disposed || o.signal.aborted) return Promise.reject(new HeapscopeError('call.cancelled'));
    const call = this.#next++;
    const stop = new SharedArrayBuffer(4);
    return new Promise((resolve, reject) => {
      const cancelled = () => settle({ error: new HeapscopeError('call.cancelled') });
      const settle = (outcome: { value: P['result'] } | { error: Error }): void => {
        this.#calls.delete(call);
        if (this.#calls.size === 0) this.#worker?.unref();
        o.signal.removeEventListener('abort', cancelled);
        if ('value' in outcome) return resolve(outcome.value);
        Atomics.store(new Int32Array(stop), 0, 1);
        reject(outcome.error);
      };
      o.signal.addEventListener('abort', cancelled, { once: true });
      this.#calls.set(call, { ...o, stop: new Int32Array(stop), settle });
      this.#post({ k: 'call', call, stop, job });
      // It keeps the process alive only while a call is open.
      this.#worker?.ref();
    });
  }

  /** Sends to the worker, if there is one. */
  notify(notice: P['notice']): void {
    if (this.#worker) this.#post({ k: 'notice', notice });
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#failAll(new HeapscopeError('call.cancelled'));
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #post(message: ToWorker<P>): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(this.#o.url, {
      name: this.#o.name,
      workerData: this.#o.data,
      resourceLimits: { maxOldGenerationSizeMb: this.#o.heapLimitMb ?? HEAP_LIMIT_MB },
    });
    let died: unknown = null;
    worker.on('message', (message: FromWorker<P>) => void this.#receive(worker, message));
    worker.on('messageerror', (thrown) => this.#ended(worker, thrown));
    worker.on('error', (thrown: unknown) => (died = thrown));
    worker.on('exit', (code) => this.#ended(worker, died ?? new Error(`the worker ended with code ${code}`)));
    return worker;
  }

  #ended(worker: Worker, why: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#o.log.warn(`worker ${this.#o.name} died`, why);
    this.#failAll(this.#deathOf(why));
    void worker.terminate();
  }

  #failAll(error: HeapscopeError): void {
    for (const read of this.#reads.values()) endRead(read);
    this.#reads.clear();
    for (const call of [...this.#calls.values()]) call.settle({ error });
  }

  async #receive(worker: Worker, message: FromWorker<P>): Promise<void> {
    if (this.#worker !== worker) return;
    switch (message.k) {
      case 'done':
        return this.#calls.get(message.call)?.settle({ value: message.value });
      case 'failed':
        return this.#failed(message);
      case 'progress':
        return this.#calls.get(message.call)?.onProgress(message.progress);
      case 'part':
        return this.#store(worker, message.call, message.part);
      case 'read':
        return this.#read(worker, message);
      case 'taken': {
        const read = this.#reads.get(message.read);
        if (read) read.waiting -= 1;
        return read?.wake();
      }
      case 'close': {
        const read = this.#reads.get(message.read);
        return read && endRead(read);
      }
    }
  }

  #failed({ call, error, detail }: Extract<FromWorker<P>, { k: 'failed' }>): void {
    if (error.code === 'internal') this.#o.log.warn(`worker ${this.#o.name}`, new Error(detail));
    this.#calls.get(call)?.settle({ error: new HeapscopeError(error.code, error.facts) });
  }

  /** A cancelled call is answered too: the worker waits for the answer, and then sees that it was stopped. */
  async #store(worker: Worker, id: number, part: P['part']): Promise<void> {
    const call = this.#calls.get(id);
    try {
      await call?.onPart?.(part);
    } catch (thrown) {
      call?.settle({ error: thrown instanceof Error ? thrown : new Error(messageOf(thrown)) });
    }
    if (this.#worker === worker) worker.postMessage({ k: 'stored', call: id } satisfies ToWorker<P>);
  }

  async #read(worker: Worker, { read: id, source }: Extract<FromWorker<P>, { k: 'read' }>): Promise<void> {
    const read: OpenRead = { waiting: 0, ended: false, wake: () => undefined };
    this.#reads.set(id, read);
    const send = (message: ToWorker<P>): void => {
      if (this.#worker === worker) worker.postMessage(message);
    };
    try {
      await sendPieces(this.#o.read(source), read, (piece) => send({ k: 'piece', read: id, piece }));
      send({ k: 'end', read: id, error: null });
    } catch (thrown) {
      this.#o.log.warn(`reading for worker ${this.#o.name}`, thrown);
      send({ k: 'end', read: id, error: toErrorData(thrown) });
    } finally {
      this.#reads.delete(id);
    }
  }

  #deathOf(why: unknown): HeapscopeError {
    if (systemCode(why) === 'ERR_WORKER_OUT_OF_MEMORY') return this.#o.outOfMemory(why);
    const { code, facts } = toErrorData(why);
    return new HeapscopeError(code, facts, why);
  }
}

async function sendPieces<T>(pieces: Iterable<T> | AsyncIterable<T>, read: OpenRead, send: (piece: T) => void): Promise<void> {
  for await (const piece of pieces) {
    while (read.waiting >= IN_FLIGHT && !read.ended) await new Promise<void>((resolve) => (read.wake = resolve));
    if (read.ended) return;
    read.waiting += 1;
    send(piece);
  }
}

function endRead(read: OpenRead): void {
  read.ended = true;
  read.wake();
}
