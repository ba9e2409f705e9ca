import type { AppInfo, MethodName, Outcome, Result } from '../../src-preload/contract/index.ts';
import { HeapscopeError, toErrorData } from '../engine/base/errors.ts';
import type { Log } from '../engine/base/log.ts';
import type { Engine } from '../engine/index.ts';
import { createHandlers, type Handlers } from './handlers.ts';
import type { CallContext, Router } from './router.ts';
import { SCHEMAS } from './schemas.ts';

export type { CallContext, Router } from './router.ts';

/** The router over an engine; `info` answers `app.info`, since only the shell knows how it was started. */
export function createRouter(engine: Engine, o: { info: (shell: AppInfo['shell']) => AppInfo; log: Log }): Router {
  const handlers = createHandlers(engine, o.info);
  return {
    call: (method, args, context) => settle(handlers, method, args, context, o.log),
    onEvent: (listener) => engine.events.on(listener),
  };
}

async function settle(handlers: Handlers, method: string, args: unknown, context: CallContext, log: Log): Promise<Outcome<unknown>> {
  try {
    if (!isMethod(method)) throw new HeapscopeError('call.unknown', { method });
    return { ok: true, value: await orCancelled(invoke(handlers, method, args, context), context.signal) };
  } catch (thrown) {
    const error = toErrorData(thrown);
    if (error.code === 'internal') log.warn(`call ${method}`, thrown);
    return { ok: false, error };
  }
}

async function invoke<M extends MethodName>(handlers: Handlers, method: M, args: unknown, context: CallContext): Promise<Result<M>> {
  const parsed = SCHEMAS[method].safeParse(args);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new HeapscopeError('call.invalid', { method, detail: `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim() });
  }
  return handlers[method](parsed.data, context);
}

/** A cancelled call settles at once, whether or not the work behind it listens to the signal. */
function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancelled = () => reject(new HeapscopeError('call.cancelled'));
    if (signal.aborted) cancelled();
    signal.addEventListener('abort', cancelled, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancelled));
  });
}

function isMethod(method: string): method is MethodName {
  return Object.hasOwn(SCHEMAS, method);
}
