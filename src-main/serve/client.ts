import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { EngineEnd, Outcome, Progress, ServerFrame } from '../../src-preload/contract/index.ts';
import type { Log } from '../engine/faces/base.ts';
import type { Router } from '../rpc/router.ts';
import { encodeFrame } from './codec.ts';
import { readFrame, type IncomingFrame } from './frames.ts';

/** Most bytes that may be queued for a browser that does not read. */
export interface ClientLimits {
  /** Events are dropped above this many queued bytes. */
  events: number;
  /** The browser is disconnected above this many queued bytes: results of its calls are never dropped. */
  total: number;
  /** Calls under way at once. */
  calls: number;
}

/** How long the server waits for a browser to take its last frame. */
const GOODBYE_MS = 500;

/** Close codes of RFC 6455. */
const GOING_AWAY = 1001;
const NOT_A_FRAME = 1007;
const BROKE_THE_RULES = 1008;

/** One browser on one socket. Its calls are cancelled when it disconnects. */
export class Client {
  readonly #socket: WebSocket;
  readonly #router: Router;
  readonly #limits: ClientLimits;
  readonly #log: Log;
  readonly #calls = new Map<number, AbortController>();
  #missedEvents = false;
  #alive = true;

  constructor(socket: WebSocket, router: Router, limits: ClientLimits, log: Log) {
    this.#socket = socket;
    this.#router = router;
    this.#limits = limits;
    this.#log = log;
    socket.on('message', (data: Buffer, isBinary) => this.#received(isBinary ? readFrame(data) : null));
    socket.on('pong', () => (this.#alive = true));
    socket.on('error', (error) => log.warn('a browser broke its connection', error));
    socket.on('close', () => this.#gone());
  }

  /** An event, encoded once for all clients. Dropped while too much is queued; a resync follows when there is room again. */
  event(encoded: Uint8Array): void {
    if (this.#missedEvents || this.#socket.bufferedAmount > this.#limits.events) this.#missedEvents = true;
    else this.#write(encoded);
  }

  /** The server shuts down. Settles when the browser has answered, or did not in time. */
  async close(end: EngineEnd | null): Promise<void> {
    if (end !== null) this.#send({ k: 'goodbye', end });
    // Not `once` of node:events: an error on the way, of a browser that is gone, would reject it.
    const closed = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
    this.#socket.close(GOING_AWAY);
    if (end !== null) await Promise.race([closed, sleep(GOODBYE_MS, undefined, { ref: false })]);
    this.#socket.terminate();
    await closed;
  }

  /** Called at intervals: disconnects a browser that did not answer the last ping (its tunnel may have died silently). */
  checkAlive(): void {
    if (!this.#alive) return this.#socket.terminate();
    this.#alive = false;
    this.#socket.ping();
  }

  #received(frame: IncomingFrame | null): void {
    if (frame === null) return this.#refuse(NOT_A_FRAME, 'not a frame');
    if (frame.k === 'cancel') return this.#calls.get(frame.id)?.abort();
    if (this.#calls.has(frame.id)) return this.#refuse(BROKE_THE_RULES, 'call id in use');
    if (this.#calls.size >= this.#limits.calls) return this.#refuse(BROKE_THE_RULES, 'too many calls');
    void this.#call(frame);
  }

  async #call(frame: Extract<IncomingFrame, { k: 'call' }>): Promise<void> {
    const abort = new AbortController();
    this.#calls.set(frame.id, abort);
    const onProgress = (progress: Progress): void => this.#send({ k: 'progress', id: frame.id, p: progress });
    const outcome = await this.#router.call(frame.m, frame.a, { signal: abort.signal, onProgress, shell: 'browser' });
    this.#calls.delete(frame.id);
    this.#send({ k: 'done', id: frame.id, r: outcome });
  }

  #send(frame: ServerFrame): void {
    this.#write(this.#encode(frame));
  }

  /** A result that cannot be encoded is a defect of ours; the call still settles. */
  #encode(frame: ServerFrame): Uint8Array {
    try {
      return encodeFrame(frame);
    } catch (thrown) {
      this.#log.warn('a frame could not be encoded', thrown);
      if (frame.k !== 'done') throw thrown;
      const failed: Outcome<never> = { ok: false, error: { code: 'internal', facts: { detail: 'the result could not be sent' } } };
      return encodeFrame({ k: 'done', id: frame.id, r: failed });
    }
  }

  #write(data: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > this.#limits.total) {
      this.#log.warn('a browser was let go: it does not read what it asked for');
      return this.#socket.terminate();
    }
    this.#socket.send(data, { binary: true }, () => this.#written());
  }

  /** Half the limit: otherwise one event could cause the next to be dropped. */
  #written(): void {
    if (!this.#missedEvents || this.#socket.bufferedAmount > this.#limits.events / 2) return;
    this.#missedEvents = false;
    this.#send({ k: 'resync' });
  }

  #refuse(code: number, reason: string): void {
    this.#log.warn(`a browser was let go: ${reason}`);
    this.#socket.close(code, reason);
  }

  #gone(): void {
    for (const call of this.#calls.values()) call.abort();
  }
}
