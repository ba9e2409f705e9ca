import { createWriteStream } from 'node:fs';
import type { Socket } from 'node:net';
import type { Milliseconds } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../base/disposable.ts';

/** A copy may connect before its agent's announcement was read, but hardly by much. */
const PATIENCE: Milliseconds = 10_000;
/** Connections that nobody has announced yet; copies at work in one session are fewer. */
const MOST_WAITING = 16;

/**
 * Dumps that forked copies send to us, since their process cannot make a file where we could read it (another user, another root, a limit
 * of files' sizes). The copy names a key, which its agent has announced on its own, identified connection; where the bytes go is ours to
 * say. Runs in the engine's main thread.
 */
export class DumpStreams implements Disposable {
  readonly #expected = new Map<string, string>();
  readonly #waiting = new Map<string, { socket: Socket; first: Uint8Array; timer: NodeJS.Timeout }>();
  readonly #failures = new Map<string, unknown>();

  /** What comes with this key is written to this path, which must not exist. */
  expect(key: string, path: string): void {
    this.#expected.set(key, path);
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    this.#waiting.delete(key);
    clearTimeout(waiting.timer);
    this.#write(key, waiting.socket, waiting.first, path);
  }

  /** A copy has connected; `first`: what came after its key. Returns whether it is taken, now or once it is announced. */
  offer(key: string, socket: Socket, first: Uint8Array): boolean {
    const path = this.#expected.get(key);
    if (path !== undefined) {
      this.#write(key, socket, first, path);
      return true;
    }
    if (this.#waiting.has(key) || this.#waiting.size >= MOST_WAITING) return false;
    socket.pause();
    const timer = setTimeout(() => this.#waiting.delete(key) && socket.destroy(), PATIENCE);
    this.#waiting.set(key, { socket, first, timer: timer.unref() });
    return true;
  }

  /** Why the dump of this key could not be written; undefined: nothing is wrong with it here. */
  failure(key: string): unknown {
    return this.#failures.get(key);
  }

  /** What is being written goes on: a copy finishes without its process. */
  dispose(): void {
    for (const { socket, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      socket.destroy();
    }
    this.#waiting.clear();
  }

  /** Once: a second connection with this key is one that nobody announces. */
  #write(key: string, socket: Socket, first: Uint8Array, path: string): void {
    this.#expected.delete(key);
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    file.on('error', (error) => {
      this.#failures.set(key, error);
      socket.destroy(); // the copy sees that, and its agent reports it
    });
    file.write(first);
    socket.on('close', () => file.end());
    socket.pipe(file);
  }
}
