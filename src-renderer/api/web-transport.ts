import type {
  Args,
  ClientFrame,
  EngineEnd,
  EventName,
  Events,
  MethodName,
  Milliseconds,
  Outcome,
  Progress,
  Result,
  ServerFrame,
} from '../../src-preload/contract/index.ts';
import { decodeFrame, encodeFrame } from './codec.ts';
import { Listeners } from './listeners.ts';
import type { ConnectionState, Transport } from './transport.ts';

export interface WebTransportOptions {
  /** Origin of the page, "http://127.0.0.1:8123". */
  origin: string;
  token: string;
  /** Delay between two attempts: doubled from the first value to the last. */
  retry?: { first: Milliseconds; last: Milliseconds };
}

const PEER_GONE: Outcome<never> = { ok: false, error: { code: 'call.peer-gone', facts: {} } };

/** The bridge over one WebSocket, which is reopened when it breaks. Calls in flight then settle with call.peer-gone. */
export class WebTransport implements Transport {
  readonly shell = null;
  readonly #options: WebTransportOptions;
  readonly #retry: { first: Milliseconds; last: Milliseconds };
  readonly #calls = new Map<number, (outcome: Outcome<unknown>) => void>();
  readonly #progress = new Listeners<[number, Progress]>();
  readonly #events = new Map<EventName, Listeners<[never]>>();
  readonly #connection = new Listeners<[ConnectionState]>();
  readonly #resync = new Listeners<[]>();
  #socket: WebSocket | null = null;
  #state: ConnectionState = 'connecting';
  #wasConnected = false;
  #delay: Milliseconds;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #goodbye: EngineEnd | null = null;

  constructor(options: WebTransportOptions) {
    this.#options = options;
    this.#retry = options.retry ?? { first: 250, last: 5000 };
    this.#delay = this.#retry.first;
    this.#open();
  }

  state(): ConnectionState {
    return this.#state;
  }

  goodbye(): EngineEnd | null {
    return this.#goodbye;
  }

  onConnection(listener: (state: ConnectionState) => void): () => void {
    return this.#connection.add(listener);
  }

  onResync(listener: () => void): () => void {
    return this.#resync.add(listener);
  }

  onProgress(listener: (id: number, progress: Progress) => void): () => void {
    return this.#progress.add(listener);
  }

  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void {
    const listeners = this.#events.get(event) ?? new Listeners<[never]>();
    this.#events.set(event, listeners);
    return listeners.add(listener);
  }

  async call<M extends MethodName>(id: number, method: M, args: Args<M>): Promise<Outcome<Result<M>>> {
    if (this.#state !== 'connected') return PEER_GONE;
    const { promise, resolve } = Promise.withResolvers<Outcome<unknown>>();
    this.#calls.set(id, resolve);
    this.#send({ k: 'call', id, m: method, a: args });
    // The server guarantees the contract's types; they are checked there.
    return (await promise) as Outcome<Result<M>>;
  }

  cancel(id: number): void {
    if (this.#calls.has(id)) this.#send({ k: 'cancel', id });
  }

  /** Closes permanently: no further attempts. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#settleAll();
  }

  #send(frame: ClientFrame): void {
    this.#socket?.send(encodeFrame(frame));
  }

  #open(): void {
    // The token is sent as a subprotocol: unlike the address it does not appear in logs.
    const socket = new WebSocket(`${this.#options.origin.replace(/^http/, 'ws')}/socket`, ['heapscope', `token.${this.#options.token}`]);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#opened();
    socket.onmessage = (message: MessageEvent<ArrayBuffer>) => this.#received(decodeFrame(message.data));
    socket.onclose = () => void this.#lost(socket);
    this.#socket = socket;
  }

  #opened(): void {
    this.#delay = this.#retry.first;
    this.#goodbye = null;
    this.#become('connected');
    if (this.#wasConnected) this.#resync.tell();
    this.#wasConnected = true;
  }

  #received(frame: ServerFrame): void {
    switch (frame.k) {
      case 'done':
        this.#calls.get(frame.id)?.(frame.r);
        this.#calls.delete(frame.id);
        return;
      case 'progress':
        this.#progress.tell(frame.id, frame.p);
        return;
      case 'event':
        // One payload type per name: the contract's map links them, the frame's type does not.
        this.#events.get(frame.e)?.tell(frame.p as never);
        return;
      case 'resync':
        this.#resync.tell();
        return;
      case 'goodbye':
        this.#goodbye = frame.end;
    }
  }

  async #lost(socket: WebSocket): Promise<void> {
    if (socket !== this.#socket || this.#closed) return;
    this.#socket = null;
    this.#settleAll();
    if (this.#state === 'connected') this.#become(this.#goodbye === null ? 'lost' : 'ended');
    // Another one may have taken its port: what became of this window's engine remains true.
    if (await this.#isRefused()) return this.#state === 'ended' ? undefined : this.#become('refused');
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.#open(), this.#delay);
    this.#delay = Math.min(this.#delay * 2, this.#retry.last);
  }

  /** A browser does not tell why a WebSocket failed, so a plain request checks whether the token is the reason. */
  async #isRefused(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.#options.origin}/session`, { headers: { authorization: `Bearer ${this.#options.token}` } });
      return answer.status === 401;
    } catch {
      return false;
    }
  }

  #settleAll(): void {
    for (const settle of this.#calls.values()) settle(PEER_GONE);
    this.#calls.clear();
  }

  #become(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#connection.tell(state);
  }
}
