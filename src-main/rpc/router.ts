import type { AnyEvent, AppInfo, Outcome, Progress } from '../../src-preload/contract/index.ts';
import type { Disposable } from '../engine/faces/base.ts';

/** What a transport knows about the caller of one call. */
export interface CallContext {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
  shell: AppInfo['shell'];
}

/**
 * The contract over the engine, independent of the transport. `call` takes untrusted input: it validates the method and its arguments,
 * never throws, and always settles.
 */
export interface Router {
  call(method: string, args: unknown, context: CallContext): Promise<Outcome<unknown>>;
  onEvent(listener: (event: AnyEvent) => void): Disposable;
}
