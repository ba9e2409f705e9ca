import type { AppInfo, MethodName, Methods, Outcome, Result } from '../../src-preload/contract/index.ts';
import { HeapscopeError, type Log, toErrorData } from '../engine/faces/base.ts';
import type { Engine } from '../engine/index.ts';
import { allocationCalls } from './allocations.ts';
import { appCalls } from './app.ts';
import { bookmarkCalls } from './bookmarks.ts';
import type { Call, Calls, Served } from './calls.ts';
import { compareCalls } from './compare.ts';
import { consoleCalls } from './console.ts';
import { isWithinDepth, MOST_LEVELS } from './depth.ts';
import { heapCalls } from './heap.ts';
import { launchCalls } from './launch.ts';
import { projectCalls } from './projects.ts';
import { recordingCalls } from './recording.ts';
import type { CallContext, Router } from './router.ts';
import { runCalls } from './runs.ts';
import { sessionCalls } from './sessions.ts';
import { snapshotCalls } from './snapshots.ts';
import { sourceCalls } from './sources.ts';
import { timelineCalls } from './timeline.ts';

export type { Router } from './router.ts';

/** Every method of the contract, a file for each noun. */
const CALLS: Calls<Methods> = {
  ...appCalls,
  ...launchCalls,
  ...projectCalls,
  ...sessionCalls,
  ...timelineCalls,
  ...allocationCalls,
  ...consoleCalls,
  ...recordingCalls,
  ...snapshotCalls,
  ...bookmarkCalls,
  ...heapCalls,
  ...compareCalls,
  ...sourceCalls,
  ...runCalls,
};

/** The router over an engine; `info` answers `app.info`, since only the shell knows how it was started. */
export function createRouter(engine: Engine, o: { info: (shell: AppInfo['shell']) => AppInfo; log: Log }): Router {
  const served: Served = { engine, info: o.info };
  return {
    call: (method, args, context) => settle(served, method, args, context, o.log),
    onEvent: (listener) => engine.events.on(listener),
  };
}

async function settle(served: Served, method: string, args: unknown, context: CallContext, log: Log): Promise<Outcome<unknown>> {
  try {
    if (!isMethod(method)) throw new HeapscopeError('call.unknown', { method });
    return { ok: true, value: await orCancelled(invoke(served, method, args, context), context.signal) };
  } catch (thrown) {
    const error = toErrorData(thrown);
    if (error.code === 'internal') log.warn(`call ${method}`, thrown);
    return { ok: false, error };
  }
}

async function invoke<M extends MethodName>(served: Served, method: M, args: unknown, context: CallContext): Promise<Result<M>> {
  const call: Call<M> = CALLS[method];
  if (!isWithinDepth(args, MOST_LEVELS)) throw new HeapscopeError('call.invalid', { method, detail: `more than ${MOST_LEVELS} levels` });
  const parsed = call.args.safeParse(args);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new HeapscopeError('call.invalid', { method, detail: `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim() });
  }
  return call.answer(served, parsed.data, context);
}

/** A cancelled call settles at once, whether or not its handler checks the signal. */
function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancelled = () => reject(new HeapscopeError('call.cancelled'));
    if (signal.aborted) cancelled();
    signal.addEventListener('abort', cancelled, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancelled));
  });
}

function isMethod(method: string): method is MethodName {
  return Object.hasOwn(CALLS, method);
}
