import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '../../../src-preload/contract/index.ts';
import { monotonicNow } from '../base/clock.ts';

/** What pauses programs from time to time, for snapshots. */
export interface Pausing {
  /** 0: it pauses one now, or is about to; null: it has no plan to. */
  untilPause(): Milliseconds | null;
}

/** Time, and waiting for it to pass; waiting rejects when the signal does. */
interface WaitingClock {
  now(): Milliseconds;
  sleep(ms: Milliseconds, signal: AbortSignal): Promise<unknown>;
}

/** An import that begins now would still run when the pause comes. */
const SOON: Milliseconds = 1000;
/** A pause is short; a walk of a large heap in place is not, and captures may come one after the other. */
const MOST: Milliseconds = 10_000;
const EVERY: Milliseconds = 50;

/**
 * When work that can wait may begin. A large import takes a processor and the memory's bandwidth: the pause of a program that is captured
 * meanwhile would be longer.
 */
export class Pauses {
  readonly #sources = new Set<Pausing>();
  readonly #clock: WaitingClock;

  constructor(clock: WaitingClock = { now: monotonicNow, sleep: (ms, signal) => sleep(ms, undefined, { signal }) }) {
    this.#clock = clock;
  }

  /** Until the returned function is called. */
  watch(source: Pausing): () => void {
    this.#sources.add(source);
    return () => void this.#sources.delete(source);
  }

  /**
   * Settles when no program is paused, or soon will be; at the latest after `MOST`, or after one pause: where they follow each other closely,
   * dumps would pile up. Rejects at once when it is cancelled.
   */
  async over(signal: AbortSignal): Promise<void> {
    const end = this.#clock.now() + MOST;
    for (let wasPaused = false; ;) {
      const until = this.#until();
      const left = end - this.#clock.now();
      if (until > SOON || left <= 0 || (wasPaused && until > 0)) return;
      wasPaused ||= until === 0;
      await this.#clock.sleep(Math.min(left, EVERY), signal);
    }
  }

  #until(): Milliseconds {
    return Math.min(...[...this.#sources].map((source) => source.untilPause() ?? Infinity));
  }
}
