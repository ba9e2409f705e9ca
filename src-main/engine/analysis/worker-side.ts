import { HeapscopeError, messageOf, toErrorData } from '../base/errors.ts';
import type { StoredColumn } from './face.ts';
import { HeapCache } from './heap-cache.ts';
import { importDump } from './import-job.ts';
import { jobControl, type JobControl } from './job-control.ts';
import { answer } from './queries/index.ts';
import { RemoteSources } from './remote-sources.ts';
import type { FromWorker, ToWorker, WorkerLimits } from './wire.ts';

/** What one worker thread does with its messages. A job runs to its end or to its next `await`; others wait. */
export class WorkerSide {
  readonly #send: (message: FromWorker) => void;
  readonly #sources: RemoteSources;
  readonly #heaps: HeapCache;
  /** Imports that wait until a piece was stored. */
  readonly #acks = new Map<number, () => void>();

  constructor(send: (message: FromWorker) => void, limits: WorkerLimits) {
    this.#send = send;
    this.#sources = new RemoteSources(send);
    this.#heaps = new HeapCache(this.#sources, limits.cache);
  }

  receive(message: ToWorker): void {
    switch (message.k) {
      case 'query':
        return void this.#run(message, (control) => answer(message.job, this.#heaps, control));
      case 'import':
        return void this.#run(message, (control) => importDump(message.job, (column) => this.#store(message.call, column), control));
      case 'ack':
        return this.#acks.get(message.call)?.();
      case 'forget':
        return this.#heaps.forget(message.keys);
      default:
        return this.#sources.receive(message);
    }
  }

  async #run({ call, stop }: { call: number; stop: SharedArrayBuffer }, work: (control: JobControl) => Promise<unknown>): Promise<void> {
    const control = jobControl(stop, (progress) => this.#send({ k: 'progress', call, progress }));
    try {
      control.check();
      this.#send({ k: 'done', call, value: await work(control) });
    } catch (thrown) {
      this.#send({ k: 'failed', call, error: toErrorData(named(thrown)), detail: stackOf(thrown) });
    }
  }

  /** Settles once the piece was stored, or its caller has gone. */
  async #store(call: number, column: StoredColumn): Promise<void> {
    const stored = new Promise<void>((resolve) => this.#acks.set(call, resolve));
    this.#send({ k: 'column', call, column });
    await stored;
    this.#acks.delete(call);
  }
}

/** V8 says by a RangeError that there is no memory for an array. */
function named(thrown: unknown): unknown {
  if (!(thrown instanceof RangeError) || !/allocation failed|Invalid typed array length/i.test(thrown.message)) return thrown;
  const available = process.availableMemory();
  return new HeapscopeError('snapshot.too-large', { objects: null, references: null, needed: null, available }, thrown);
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
}
