import { Worker } from 'node:worker_threads';
import type { Progress } from '../../../src-preload/contract/index.ts';
import { HeapscopeError, messageOf, systemCode, toErrorData } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { ImportProgress, SnapshotSource, StoredColumn } from './face.ts';
import type { FromWorker, ToWorker, WorkerLimits } from './wire.ts';

/** Pieces on their way to the worker: one is decoded while the next is read. */
const IN_FLIGHT = 2;
/** The worker's JavaScript heap; heaps are in typed arrays outside it. Beyond it the worker ends, not the app. */
const HEAP_LIMIT_MB = 2048;

/** A worker's file: an input of the build of its own, beside its caller. In source, `.ts`. */
const WORKER_URL = new URL(`./analysis.worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

export interface CallOptions {
  signal: AbortSignal;
  onProgress(progress: Progress | ImportProgress): void;
  onColumn?(column: StoredColumn): void | Promise<void>;
}

export interface WorkerHostOptions {
  name: string;
  limits: WorkerLimits;
  source: (key: string) => SnapshotSource | undefined;
  log: Log;
  /** Another file than the analysis' own; a test's. */
  url?: URL;
  heapLimitMb?: number;
}

interface OpenCall extends CallOptions {
  stop: Int32Array;
  settle(outcome: { value: unknown } | { error: Error }): void;
}

interface OpenLoad {
  /** Pieces that the worker has not taken yet. */
  waiting: number;
  ended: boolean;
  wake: () => void;
}

type Request<T> = T extends { call: number; stop: SharedArrayBuffer } ? Omit<T, 'call' | 'stop'> : never;

/**
 * One worker thread, started when it is first needed and again after it died. Runs on the main thread. Every call
 * settles: by the worker's answer, at once when it is cancelled, or with the worker's death.
 */
export class WorkerHost {
  readonly #name: string;
  readonly #limits: WorkerLimits;
  readonly #url: URL;
  readonly #heapLimit: number;
  readonly #source: (key: string) => SnapshotSource | undefined;
  readonly #log: Log;
  readonly #calls = new Map<number, OpenCall>();
  readonly #loads = new Map<number, OpenLoad>();
  #worker: Worker | null = null;
  #next = 1;
  #disposed = false;

  constructor(o: WorkerHostOptions) {
    this.#url = o.url ?? WORKER_URL;
    this.#heapLimit = o.heapLimitMb ?? HEAP_LIMIT_MB;
    this.#name = o.name;
    this.#limits = o.limits;
    this.#source = o.source;
    this.#log = o.log;
  }

  call(request: Request<ToWorker>, o: CallOptions): Promise<unknown> {
    if (this.#disposed || o.signal.aborted) return Promise.reject(new HeapscopeError('call.cancelled'));
    const call = this.#next++;
    const stop = new SharedArrayBuffer(4);
    return new Promise((resolve, reject) => {
      const cancelled = () => settle({ error: new HeapscopeError('call.cancelled') });
      const settle = (outcome: { value: unknown } | { error: Error }): void => {
        this.#calls.delete(call);
        if (this.#calls.size === 0) this.#worker?.unref();
        o.signal.removeEventListener('abort', cancelled);
        if ('value' in outcome) return resolve(outcome.value);
        Atomics.store(new Int32Array(stop), 0, 1);
        reject(outcome.error);
      };
      o.signal.addEventListener('abort', cancelled, { once: true });
      this.#calls.set(call, { ...o, stop: new Int32Array(stop), settle });
      this.#post({ ...request, call, stop });
      // Only while somebody waits is it a reason for the process to stay.
      this.#worker?.ref();
    });
  }

  /** Tells the worker, where there is one. */
  forget(keys: readonly string[]): void {
    if (this.#worker) this.#post({ k: 'forget', keys });
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#failAll(new HeapscopeError('call.cancelled'));
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(this.#url, {
      name: this.#name,
      workerData: this.#limits,
      resourceLimits: { maxOldGenerationSizeMb: this.#heapLimit },
    });
    let died: unknown = null;
    worker.on('message', (message: FromWorker) => void this.#receive(worker, message));
    worker.on('messageerror', (thrown) => this.#ended(worker, thrown));
    worker.on('error', (thrown: unknown) => (died = thrown));
    worker.on('exit', (code) => this.#ended(worker, died ?? new Error(`the worker ended with code ${code}`)));
    return worker;
  }

  #ended(worker: Worker, why: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#log.warn(`worker ${this.#name} died`, why);
    this.#failAll(deathOf(why));
    void worker.terminate();
  }

  #failAll(error: HeapscopeError): void {
    for (const load of this.#loads.values()) endLoad(load);
    this.#loads.clear();
    for (const call of [...this.#calls.values()]) call.settle({ error });
  }

  async #receive(worker: Worker, message: FromWorker): Promise<void> {
    if (this.#worker !== worker) return;
    switch (message.k) {
      case 'done':
        return this.#calls.get(message.call)?.settle({ value: message.value });
      case 'failed':
        return this.#failed(message);
      case 'progress':
        return this.#calls.get(message.call)?.onProgress(message.progress);
      case 'column':
        return this.#store(worker, message.call, message.column);
      case 'load':
        return this.#load(worker, message);
      case 'taken': {
        const load = this.#loads.get(message.load);
        if (load) load.waiting -= 1;
        return load?.wake();
      }
      case 'unload': {
        const load = this.#loads.get(message.load);
        return load && endLoad(load);
      }
    }
  }

  #failed({ call, error, detail }: Extract<FromWorker, { k: 'failed' }>): void {
    if (error.code === 'internal') this.#log.warn(`worker ${this.#name}`, new Error(detail));
    this.#calls.get(call)?.settle({ error: new HeapscopeError(error.code, error.facts) });
  }

  /** A call that has gone gets its answer too: the worker waits for it, and sees then that it was stopped. */
  async #store(worker: Worker, id: number, column: StoredColumn): Promise<void> {
    const call = this.#calls.get(id);
    try {
      await call?.onColumn?.(column);
    } catch (thrown) {
      call?.settle({ error: thrown instanceof Error ? thrown : new Error(messageOf(thrown)) });
    }
    if (this.#worker === worker) worker.postMessage({ k: 'ack', call: id } satisfies ToWorker);
  }

  async #load(worker: Worker, { load: id, key, what }: Extract<FromWorker, { k: 'load' }>): Promise<void> {
    const load: OpenLoad = { waiting: 0, ended: false, wake: () => undefined };
    this.#loads.set(id, load);
    const send = (message: ToWorker): void => {
      if (this.#worker === worker) worker.postMessage(message);
    };
    try {
      const source = this.#source(key);
      if (!source) throw new HeapscopeError('call.cancelled');
      if (what === 'tables') send({ k: 'tables', load: id, data: await source.tables() });
      else await sendPieces(source, load, (column) => send({ k: 'piece', load: id, column }));
      send({ k: 'loaded', load: id });
    } catch (thrown) {
      this.#log.warn('reading a stored heap', thrown);
      send({ k: 'load-failed', load: id, error: toErrorData(thrown) });
    } finally {
      this.#loads.delete(id);
    }
  }
}

async function sendPieces(source: SnapshotSource, load: OpenLoad, send: (column: StoredColumn) => void): Promise<void> {
  for await (const column of source.columns()) {
    while (load.waiting >= IN_FLIGHT && !load.ended) await new Promise<void>((resolve) => (load.wake = resolve));
    if (load.ended) return;
    load.waiting += 1;
    send(column);
  }
}

function endLoad(load: OpenLoad): void {
  load.ended = true;
  load.wake();
}

/** What a worker's death means to those who waited for it. */
function deathOf(why: unknown): HeapscopeError {
  if (systemCode(why) === 'ERR_WORKER_OUT_OF_MEMORY') {
    const available = process.availableMemory();
    return new HeapscopeError('snapshot.too-large', { objects: null, references: null, needed: null, available }, why);
  }
  return new HeapscopeError('internal', { detail: messageOf(why) }, why);
}
