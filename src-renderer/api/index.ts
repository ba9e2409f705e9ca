import type { Args, Bridge, EngineEnd, EventName, Events, MethodName, Result, ShellAbilities } from '../../src-preload/contract/index.ts';
import { CallError } from './call-error.ts';
import { Caller, type CallOptions } from './caller.ts';
import { takeToken } from './token.ts';
import { electronTransport, type ConnectionState, type Transport } from './transport.ts';
import { WebTransport } from './web-transport.ts';

export { CallError } from './call-error.ts';
export type { CallOptions } from './caller.ts';
export type { ConnectionState } from './transport.ts';

declare global {
  interface Window {
    /** Set by the preload script in the desktop app; absent in a browser. */
    heapscope?: Bridge;
  }
}

let transport: Transport | null = null;
let caller: Caller | null = null;

/**
 * Connects the window to the engine, once. Settles when it is connected; throws CallError server.unauthorized when this page has no valid
 * token. While the engine cannot be reached it keeps trying; `onConnection` reports the state.
 */
export async function connect(): Promise<void> {
  const current = (transport ??= makeTransport());
  caller ??= new Caller(current);
  await settled(current);
  if (current.state() === 'refused') throw new CallError({ code: 'server.unauthorized', facts: { reason: 'token' } });
}

/** Calls the engine; throws CallError. */
export function call<M extends MethodName>(method: M, args: Args<M>, options?: CallOptions): Promise<Result<M>> {
  if (caller === null) return Promise.reject(new CallError({ code: 'call.peer-gone', facts: {} }));
  return caller.call(method, args, options);
}

/** Listens to an event of the engine; returns a function that stops listening. */
export function on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void {
  return using().on(event, listener);
}

/** Native abilities; null in a browser. */
export function shell(): ShellAbilities | null {
  return using().shell;
}

export function connectionState(): ConnectionState {
  return transport?.state() ?? 'connecting';
}

/** What the engine said when it ended; null where it has not. */
export function engineEnd(): EngineEnd | null {
  return transport?.goodbye() ?? null;
}

export function onConnection(listener: (state: ConnectionState) => void): () => void {
  return using().onConnection(listener);
}

/** Events may have been missed: reload what is shown. */
export function onResync(listener: () => void): () => void {
  return using().onResync(listener);
}

function using(): Transport {
  return (transport ??= makeTransport());
}

function makeTransport(): Transport {
  if (window.heapscope !== undefined) return electronTransport(window.heapscope);
  return new WebTransport({ origin: window.location.origin, token: takeToken(window) });
}

/** Waits until the transport is connected or refused. */
function settled(current: Transport): Promise<void> {
  if (['connected', 'refused'].includes(current.state())) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = current.onConnection((state) => {
      if (state !== 'connected' && state !== 'refused') return;
      stop();
      resolve();
    });
  });
}
