import { WebSocket } from 'ws';
import type { Args, MethodName, Outcome, Result } from '../../src-preload/contract/index.ts';
import { decodeFrame, encodeFrame } from '../../src-renderer/api/codec.ts';

/** Queries the engine directly, beside the window: the reference for what the window shows. */
export interface Engine {
  call<M extends MethodName>(method: M, args: Args<M>): Promise<Result<M>>;
  /** The raw outcome: for calls that must fail. */
  outcome<M extends MethodName>(method: M, args: Args<M>): Promise<Outcome<Result<M>>>;
  close(): void;
}

/** Over a separate WebSocket, with the token of the address that the app printed. */
export async function connectEngine(address: string): Promise<Engine> {
  const url = new URL(address);
  const token = url.searchParams.get('token') ?? '';
  const socket = new WebSocket(`ws://${url.host}/socket`, ['heapscope', `token.${token}`], { origin: url.origin });
  socket.binaryType = 'arraybuffer';
  const waiting = new Map<number, (outcome: Outcome<unknown>) => void>();
  let lastId = 0;
  socket.on('message', (data: ArrayBuffer) => {
    const frame = decodeFrame(data);
    if (frame.k !== 'done') return;
    waiting.get(frame.id)?.(frame.r);
    waiting.delete(frame.id);
  });
  socket.on('close', () => {
    for (const settle of waiting.values()) settle({ ok: false, error: { code: 'call.peer-gone', facts: {} } });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return makeEngine(
    (method, args) =>
      new Promise((resolve) => {
        const id = ++lastId;
        waiting.set(id, resolve);
        socket.send(encodeFrame({ k: 'call', id, m: method, a: args }));
      }),
    () => socket.terminate(),
  );
}

type Send = (method: MethodName, args: unknown) => Promise<Outcome<unknown>>;

/** `send` sends a call over some transport. */
export function makeEngine(send: Send, close: () => void): Engine {
  // The engine has validated what it sends; the contract's map has its type.
  const outcome = async <M extends MethodName>(method: M, args: Args<M>): Promise<Outcome<Result<M>>> =>
    (await send(method, args)) as Outcome<Result<M>>;
  return {
    outcome,
    async call<M extends MethodName>(method: M, args: Args<M>): Promise<Result<M>> {
      const settled = await outcome(method, args);
      if (!settled.ok) throw new Error(`${method}: ${settled.error.code} ${JSON.stringify(settled.error.facts)}`);
      return settled.value;
    },
    close,
  };
}
