import type { AppInfo, EventName, Events, Outcome, Progress } from '../../src-preload/contract/index.ts';
import type { Disposable } from '../engine/base/disposable.ts';

/** What a transport knows about the caller of one call. */
export interface CallContext {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
  shell: AppInfo['shell'];
}

/** One event with its payload, as a transport forwards it. */
export type EngineEvent = { [E in EventName]: { event: E; payload: Events[E] } }[EventName];

/**
 * The contract over the engine, without a transport. `call` takes what came from outside: it validates the name and
 * the arguments, never throws, and always settles.
 */
export interface Router {
  call(method: string, args: unknown, context: CallContext): Promise<Outcome<unknown>>;
  onEvent(listener: (event: EngineEvent) => void): Disposable;
}
