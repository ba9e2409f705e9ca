import type { Milliseconds } from '../../src-preload/contract/index.ts';

export interface LatestOptions<Q, A> {
  run: (question: Q, signal: AbortSignal) => Promise<A>;
  /** Receives every answer, also to an outdated question: it still shows more than nothing. */
  deliver: (answer: A, question: Q) => void;
  fail: (thrown: unknown, question: Q) => void;
  /** When to send the question; by default once per frame. */
  schedule?: (send: () => void) => void;
  /** How long an outdated question may still run before it is aborted. */
  patience?: Milliseconds;
}

/**
 * Asks one question at a time, the newest. While a question is in flight newer ones wait, and only the last of them is sent; a question
 * that keeps a newer one waiting for longer than `patience` is aborted. Aborting at once would starve the chart while the wheel turns: no
 * answer is faster than every next step.
 */
export class Latest<Q, A> {
  readonly #options: Required<LatestOptions<Q, A>>;
  #next: { question: Q } | null = null;
  #running: AbortController | null = null;
  #scheduled = false;
  #impatience: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LatestOptions<Q, A>) {
    this.#options = { schedule: oncePerFrame(), patience: 80, ...options };
  }

  /** Something newer than the last delivered answer was asked for. */
  get waiting(): boolean {
    return this.#next !== null;
  }

  request(question: Q): void {
    this.#next = { question };
    if (this.#running) {
      this.#impatience ??= setTimeout(() => this.#running?.abort(), this.#options.patience);
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.schedule(() => {
      this.#scheduled = false;
      void this.#send();
    });
  }

  /** Drops waiting questions and those in flight. */
  cancel(): void {
    this.#next = null;
    this.#running?.abort();
    this.#running = null;
    clearTimeout(this.#impatience);
    this.#impatience = undefined;
  }

  async #send(): Promise<void> {
    const question = this.#next?.question;
    if (question === undefined || this.#running) return;
    this.#next = null;
    const running = new AbortController();
    this.#running = running;
    try {
      const answer = await this.#options.run(question, running.signal);
      if (this.#running === running) this.#options.deliver(answer, question);
    } catch (thrown) {
      if (this.#running === running && !running.signal.aborted) this.#options.fail(thrown, question);
    } finally {
      if (this.#running === running) this.#finish();
    }
  }

  #finish(): void {
    this.#running = null;
    clearTimeout(this.#impatience);
    this.#impatience = undefined;
    if (this.#next) void this.#send();
  }
}

/** The first question of a frame is sent at once, others wait for the next frame: no delay, and at most one call per frame. */
function oncePerFrame(): (send: () => void) => void {
  let sent = false;
  let waiting: (() => void) | null = null;
  return function schedule(send) {
    if (sent) {
      waiting = send;
      return;
    }
    sent = true;
    queueMicrotask(send);
    requestAnimationFrame(() => {
      sent = false;
      const next = waiting;
      waiting = null;
      if (next) schedule(next);
    });
  };
}
