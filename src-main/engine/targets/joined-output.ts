import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';

/** A terminal sends many small pieces; joined over about half a screen refresh they cost the window a tenth. */
const JOIN_MS = 8;
/** More than this is forwarded at once. */
const JOIN_BYTES = 256 * 1024;

/** Joins pieces of output, in order, and buffers them while there is no listener. */
export class JoinedOutput {
  readonly #emitter = new Emitter<Uint8Array>();
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #listeners = 0;

  onData(listener: (bytes: Uint8Array) => void): Disposable {
    const subscription = this.#emitter.on(listener);
    this.#listeners++;
    this.#schedule();
    return subscription;
  }

  push(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes >= JOIN_BYTES) this.#deliver();
    else this.#schedule();
  }

  /** The end: everything is forwarded now, or to the first listener when it is added. */
  finish(): void {
    this.#deliver();
  }

  #schedule(): void {
    if (this.#timer !== null || this.#held.length === 0) return;
    this.#timer = setTimeout(() => this.#deliver(), JOIN_MS);
  }

  #deliver(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#listeners === 0 || this.#held.length === 0) return;
    const bytes = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held, this.#heldBytes);
    this.#held = [];
    this.#heldBytes = 0;
    this.#emitter.emit(bytes);
  }
}
