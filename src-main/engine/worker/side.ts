import { messageOf, toErrorData, type HeapscopeError } from '../base/errors.ts';
import { jobControl, type JobControl } from './job-control.ts';
import { RemoteReads } from './remote-reads.ts';
import type { FromWorker, Protocol, ToWorker } from './wire.ts';

/** How a room's own worker handles its calls. */
export interface WorkerJobs<P extends Protocol> {
  /** `store` settles once the main thread has stored the part, or nobody waits for it any more. */
  run(job: P['job'], o: { control: JobControl; store: (part: P['part']) => Promise<void> }): Promise<P['result']>;
  notice(notice: P['notice']): void;
  /** The error for the caller when there is no memory for an array. */
  outOfMemory(thrown: RangeError): HeapscopeError;
}

/** Handles the messages of one worker thread. A job runs to its end or to its next `await`; others wait. */
export class WorkerSide<P extends Protocol> {
  readonly #send: (message: FromWorker<P>) => void;
  readonly #reads: RemoteReads<P>;
  readonly #jobs: WorkerJobs<P>;
  /** Jobs that wait until a part was stored. */
  readonly #stored = new Map<number, () => void>();

  constructor(send: (message: FromWorker<P>) => void, jobs: (reads: RemoteReads<P>) => WorkerJobs<P>) {
    this.#send = send;
    this.#reads = new RemoteReads(send);
    this.#jobs = jobs(this.#reads);
  }

  receive(message: ToWorker<P>): void {
    switch (message.k) {
      case 'call':
        return void this.#run(message);
      case 'stored':
        return this.#stored.get(message.call)?.();
      case 'notice':
        return this.#jobs.notice(message.notice);
      default:
        return this.#reads.receive(message);
    }
  }

  async #run({ call, stop, job }: Extract<ToWorker<P>, { k: 'call' }>): Promise<void> {
    const control = jobControl(stop, (progress) => this.#send({ k: 'progress', call, progress }));
    try {
      control.check();
      const value = await this.#jobs.run(job, { control, store: (part) => this.#store(call, part) });
      this.#send({ k: 'done', call, value });
    } catch (thrown) {
      const named = isOutOfMemory(thrown) ? this.#jobs.outOfMemory(thrown) : thrown;
      this.#send({ k: 'failed', call, error: toErrorData(named), detail: stackOf(thrown) });
    }
  }

  async #store(call: number, part: P['part']): Promise<void> {
    const stored = new Promise<void>((resolve) => this.#stored.set(call, resolve));
    this.#send({ k: 'part', call, part });
    await stored;
    this.#stored.delete(call);
  }
}

/** V8 throws a RangeError when there is no memory for an array. */
function isOutOfMemory(thrown: unknown): thrown is RangeError {
  return thrown instanceof RangeError && /allocation failed|Invalid typed array length/i.test(thrown.message);
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
}
