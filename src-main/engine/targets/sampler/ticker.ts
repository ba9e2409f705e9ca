import type { Milliseconds } from '../../../../src-preload/contract/index.ts';
import { monotonicNow } from '../../base/clock.ts';

/** Work may take at most this fraction of our time, unless told otherwise; longer work is done less often. */
const SHARE = 0.1;
/**
 * The next call is never put off for longer than this beyond the end of the last one. Work that was long only because we were stopped in the
 * middle of it, or the machine stood still, must not cost ten times as long without a sample.
 */
const LONGEST_REST: Milliseconds = 5_000;

/**
 * Calls back at a fixed rate without drift: the n-th call is due n intervals after the first, late or not. Missed calls are skipped. Where
 * the work itself takes long, calls are skipped too.
 */
export class Ticker {
  readonly #work: () => void;
  readonly #share: number;
  #interval: Milliseconds;
  #due = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Counts starts and stops, so that a tick can detect one caused by its own work. */
  #turn = 0;

  constructor(interval: Milliseconds, work: () => void, share = SHARE) {
    this.#share = share;
    this.#interval = interval;
    this.#work = work;
    this.#share = share;
  }

  /** Starts again with an immediate call. */
  start(): void {
    this.stop();
    this.#due = monotonicNow();
    this.#timer = setTimeout(() => this.#tick(), 0);
  }

  stop(): void {
    this.#turn++;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  setInterval(interval: Milliseconds): void {
    this.#interval = interval;
    if (this.#timer !== null) this.start();
  }

  #tick(): void {
    const turn = this.#turn;
    const began = monotonicNow();
    try {
      this.#work();
    } finally {
      if (turn === this.#turn) this.#schedule(began, monotonicNow());
    }
  }

  #schedule(began: Milliseconds, ended: Milliseconds): void {
    const rested = Math.min(began + (ended - began) / this.#share, ended + LONGEST_REST);
    this.#due = nextDue(this.#due, this.#interval, Math.max(ended, rested));
    this.#timer = setTimeout(() => this.#tick(), this.#due - ended);
  }
}

/** The first multiple of the interval after `due` that is later than `after`. */
export function nextDue(due: Milliseconds, interval: Milliseconds, after: Milliseconds): Milliseconds {
  const next = due + interval;
  return next >= after ? next : due + Math.ceil((after - due) / interval) * interval;
}
