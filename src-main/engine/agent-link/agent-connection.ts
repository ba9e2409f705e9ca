import type { Socket } from 'node:net';
import type { Facts, Milliseconds } from '../../../src-preload/contract/index.ts';
import { monotonicNow } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { PeerIdentity } from '../base/peer.ts';
import { AllocationReader } from './allocation-reader.ts';
import type { DumpStreams } from './dump-streams.ts';
import { encodeFrame } from './frame-codec.ts';
import { Kind, type AgentMessage, type AllocationMessage, type Hello, type Reply } from './messages.ts';

export type CommandName =
  | 'collect'
  | 'tracemalloc_start'
  | 'tracemalloc_stop'
  | 'pause'
  | 'resume'
  | 'interval'
  | 'ping'
  | 'snapshot'
  | 'snapshot_cancel'
  | 'snapshot_forecast'
  | 'snapshot_options'
  | 'sampling';

/** A full collection of a big heap takes seconds; a busy program answers late. */
const COMMAND_TIMEOUT: Milliseconds = 60_000;

interface Waiting {
  resolve: (result: Record<string, unknown>) => void;
  reject: (error: HeapscopeError) => void;
  timer: NodeJS.Timeout;
  command: CommandName;
}

/**
 * One agent whose HELLO was accepted. Its times are seconds of its own monotonic clock; `toEngineTime` maps them: the offset is the
 * smallest `arrival - t` seen, since a message can arrive late but never early.
 */
export class AgentConnection {
  readonly hello: Hello;
  /** The peer's process, according to the kernel. */
  readonly identity: PeerIdentity;
  /** Where its dumps are written; null: it takes none. */
  readonly dumps: string | null;
  /** Dumps that its forked copies send; null: they cannot. */
  readonly streams: DumpStreams | null;
  readonly onMessage = new Emitter<AgentMessage>();
  readonly onClosed = new Emitter<{ detail: string | null }>();
  readonly #socket: Socket;
  readonly #allocations = new AllocationReader();
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #offset = Infinity;
  #lastMessageAt: Milliseconds = monotonicNow();
  #closed = false;

  constructor(socket: Socket, hello: Hello, identity: PeerIdentity, dumps: string | null, streams: DumpStreams | null = null) {
    this.#socket = socket;
    this.streams = streams;
    this.hello = hello;
    this.identity = identity;
    this.dumps = dumps;
    this.#updateClock(hello.t);
  }

  /** The agent's own claim is used only where the kernel knows nothing. */
  get pid(): number {
    return 'pid' in this.identity ? this.identity.pid : this.hello.pid;
  }

  get address(): string {
    return addressOf(this.#socket);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** How long the agent has sent nothing. */
  silentFor(now: Milliseconds = monotonicNow()): Milliseconds {
    return now - this.#lastMessageAt;
  }

  toEngineTime(agentSeconds: number): Milliseconds {
    return agentSeconds * 1000 + this.#offset;
  }

  send(kind: number, body: Record<string, unknown>): void {
    if (!this.#closed && this.#socket.writable) this.#socket.write(encodeFrame(kind, body));
  }

  /** Settles with the agent's result, `agent.failed`, `agent.timeout` or `agent.gone`. */
  command(command: CommandName, args: Record<string, unknown> = {}, timeout = COMMAND_TIMEOUT): Promise<Record<string, unknown>> {
    if (this.#closed) return Promise.reject(new HeapscopeError('agent.gone', { pid: this.pid }));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new HeapscopeError('agent.timeout', { pid: this.pid, command }));
      }, timeout);
      this.#waiting.set(id, { resolve, reject, timer, command });
      this.send(Kind.command, { id, name: command, args });
    });
  }

  /** Called by the server for each message after HELLO. Throws `ProtocolViolation`. */
  receive(message: AgentMessage): void {
    this.#lastMessageAt = monotonicNow();
    if ('t' in message.body) this.#updateClock(message.body.t);
    if (message.kind === Kind.reply) this.#settle(message.body);
    else if (message.kind === Kind.allocations) this.#allocated(message.body);
    else this.onMessage.emit(message);
  }

  /** Called by the server when the socket is closed; `detail` gives the reason unless it closed normally. */
  ended(detail: string | null): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(new HeapscopeError('agent.gone', { pid: this.pid }));
    }
    this.#waiting.clear();
    this.onClosed.emit({ detail });
  }

  close(): void {
    this.#socket.destroy();
  }

  #allocated(part: AllocationMessage): void {
    const body = this.#allocations.take(part);
    if (body !== null) this.onMessage.emit({ kind: Kind.allocations, body });
  }

  #updateClock(agentSeconds: number): void {
    this.#offset = Math.min(this.#offset, monotonicNow() - agentSeconds * 1000);
  }

  #settle(reply: Reply): void {
    const waiting = reply.id === null ? undefined : this.#waiting.get(reply.id);
    if (reply.id === null || !waiting) return;
    this.#waiting.delete(reply.id);
    clearTimeout(waiting.timer);
    if (reply.ok) waiting.resolve(reply.result ?? {});
    else waiting.reject(new HeapscopeError('agent.failed', this.#refusal(waiting.command, reply)));
  }
  #refusal(command: CommandName, { code = 'failed', error = '' }: Reply): Facts {
    return { pid: this.pid, command, reason: code, detail: error };
  }
}

export function addressOf(socket: Socket): string {
  return `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
}
