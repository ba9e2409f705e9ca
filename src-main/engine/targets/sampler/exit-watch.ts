import { availableParallelism } from 'node:os';
import type { Milliseconds } from '../../../../src-preload/contract/index.ts';
import { monotonicNow } from '../../base/clock.ts';
import type { TrackedProcess } from './tracked-process.ts';

/** How long a process that is about to end is polled closely. */
const WATCH_MS: Milliseconds = 250;
/** Polls run for this long before other work of ours gets its turn: a turn of the event loop takes longer than a poll. */
const BURST_MS: Milliseconds = 0.3;
/** At most this many at once; the others are seen at the next tick. */
const WATCHED_AT_MOST = 64;
/** Time that close polling may take, averaged: beyond it we poll once per millisecond only. */
const SHARE = 0.2;
const SAVED_AT_MOST: Milliseconds = 500;

/**
 * Observes how a process ends that is not our child. Its exit status is in `/proc/PID/stat` from the moment it begins to end (the kernel's
 * do_exit) until its parent has read it, often less than a millisecond: hence the tight loop.
 */
export class ExitWatch {
  readonly #onEnd: (process: TrackedProcess) => void;
  readonly #watched = new Map<TrackedProcess, Milliseconds>();
  #cancel: (() => void) | null = null;
  #saved = SAVED_AT_MOST;
  #savedAt = monotonicNow();

  constructor(onEnd: (process: TrackedProcess) => void) {
    this.#onEnd = onEnd;
  }

  watch(process: TrackedProcess): void {
    if (this.#watched.size >= WATCHED_AT_MOST && !this.#watched.has(process)) return;
    this.#watched.set(process, monotonicNow() + WATCH_MS);
    if (this.#cancel === null) this.#look();
  }

  remove(process: TrackedProcess): void {
    this.#watched.delete(process);
  }

  stop(): void {
    this.#watched.clear();
    this.#cancel?.();
    this.#cancel = null;
  }

  #look(): void {
    this.#cancel = null;
    const began = monotonicNow();
    do this.#lookOnce();
    while (this.#watched.size > 0 && monotonicNow() - began < BURST_MS);
    if (this.#watched.size > 0) this.#lookAgain();
  }

  #lookOnce(): void {
    const now = monotonicNow();
    for (const [process, until] of this.#watched) {
      const hasEnded = process.look() === 'ended';
      if (!hasEnded && now < until) continue;
      this.#watched.delete(process);
      if (hasEnded) this.#onEnd(process);
    }
  }

  #lookAgain(): void {
    if (this.#maySpin()) {
      const handle = setImmediate(() => this.#look());
      this.#cancel = () => clearImmediate(handle);
    } else {
      const handle = setTimeout(() => this.#look(), 1);
      this.#cancel = () => clearTimeout(handle);
    }
  }

  /** A time budget that refills slowly. On a single core a tight loop would keep the target from ending. */
  #maySpin(): boolean {
    const now = monotonicNow();
    const passed = now - this.#savedAt;
    this.#savedAt = now;
    // The time since the last poll is spent when it was short, and refills the budget when it was long.
    this.#saved = Math.min(SAVED_AT_MOST, this.#saved + (passed < 1 ? passed * (SHARE - 1) : passed * SHARE));
    return this.#saved > 0 && availableParallelism() > 1;
  }
}
