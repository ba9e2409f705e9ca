import { Emitter } from '../../engine/faces/base.ts';
import type { AnyEvent } from '../../../src-preload/contract/index.ts';
import type { Router } from '../../rpc/router.ts';

/** A router for tests whose calls are answered by the test. */
export interface TestRouter extends Router {
  emit(event: AnyEvent): void;
  /** The signals of all calls so far. */
  signals: AbortSignal[];
}

export function testRouter(call: Router['call']): TestRouter {
  const events = new Emitter<AnyEvent>();
  const signals: AbortSignal[] = [];
  return {
    signals,
    emit: (event) => events.emit(event),
    onEvent: (listener) => events.on(listener),
    call: (method, args, context) => {
      signals.push(context.signal);
      return call(method, args, context);
    },
  };
}

/** A router whose calls settle when they are cancelled. */
export function idleRouter(): TestRouter {
  return testRouter((_method, _args, { signal }) => {
    const { promise, resolve } = Promise.withResolvers<{ ok: false; error: { code: 'call.cancelled'; facts: Record<never, never> } }>();
    signal.addEventListener('abort', () => resolve({ ok: false, error: { code: 'call.cancelled', facts: {} } }));
    return promise;
  });
}
