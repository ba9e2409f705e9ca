import type { Args, Bridge, ErrorData, MethodName, Milliseconds, Progress, Result } from '../../src-preload/contract/index.ts';
import { CallError } from './call-error.ts';

export interface CallOptions {
  /** Cancels the call: it settles at once with call.cancelled, and the engine is notified. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** None by default: long calls show progress and can be cancelled. */
  timeoutMs?: Milliseconds;
}

/** Numbers the calls of one window, and ensures that each settles once. */
export class Caller {
  readonly #bridge: Bridge;
  readonly #progress = new Map<number, (progress: Progress) => void>();
  #nextId = 1;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
    bridge.onProgress((id, progress) => this.#progress.get(id)?.(progress));
  }

  async call<M extends MethodName>(method: M, args: Args<M>, options: CallOptions = {}): Promise<Result<M>> {
    if (options.signal?.aborted === true) throw new CallError({ code: 'call.cancelled', facts: {} });
    const id = this.#nextId++;
    if (options.onProgress !== undefined) this.#progress.set(id, options.onProgress);
    const ended = this.#endedFromHere(id, method, options);
    try {
      const outcome = await Promise.race([this.#bridge.call(id, method, args), ended.promise]);
      if (!outcome.ok) throw new CallError(outcome.error);
      return outcome.value;
    } finally {
      ended.clear();
      this.#progress.delete(id);
    }
  }

  /** Settles with an error when the caller aborts or the time is over. */
  #endedFromHere(
    id: number,
    method: MethodName,
    options: CallOptions,
  ): { promise: Promise<{ ok: false; error: ErrorData }>; clear: () => void } {
    const { promise, resolve } = Promise.withResolvers<{ ok: false; error: ErrorData }>();
    const end = (error: ErrorData): void => {
      this.#bridge.cancel(id);
      resolve({ ok: false, error });
    };
    const abort = (): void => end({ code: 'call.cancelled', facts: {} });
    options.signal?.addEventListener('abort', abort, { once: true });
    const timer =
      options.timeoutMs === undefined ? undefined : setTimeout(() => end({ code: 'call.timeout', facts: { method } }), options.timeoutMs);
    const clear = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
    };
    return { promise, clear };
  }
}
