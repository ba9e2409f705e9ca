import type { Facts, Milliseconds } from '../../../src-preload/contract/index.ts';
import type { Refusal } from '../agent-link/agent-server.ts';

const ROW_EVERY: Milliseconds = 60_000;

/**
 * Counts connections of strangers to the agents' port: the first is reported at once, all that follow in one row per minute. Any program on
 * this machine can make thousands of them (a web page's `fetch` is enough), and none indicates a fault of ours or of the program's.
 */
export class StrangerLog {
  readonly #report: (facts: Facts) => void;
  readonly #warn: (refusal: Refusal) => void;
  #warned = false;
  #count = 0;
  #last: Refusal | null = null;
  #timer: NodeJS.Timeout | null = null;

  /**
   * `warn` is called once: the user need not see each of them. An HTTP request is not worth a warning, since some pages probe all ports;
   * nor is a peer that closed without sending anything.
   */
  constructor(o: { report: (facts: Facts) => void; warn: (refusal: Refusal) => void }) {
    this.#report = o.report;
    this.#warn = o.warn;
  }

  add(refusal: Refusal): void {
    this.#count++;
    this.#last = refusal;
    if (!this.#warned && refusal.reason !== 'http' && refusal.reason !== 'closed') {
      this.#warned = true;
      this.#warn(refusal);
    }
    if (this.#timer !== null) return;
    this.#flush();
    this.#timer = setInterval(() => this.#next(), ROW_EVERY);
    this.#timer.unref();
  }

  /** Reports what was counted and not reported yet; nothing follows. */
  end(): void {
    this.#flush();
    this.#stop();
  }

  #next(): void {
    if (this.#count === 0) this.#stop();
    else this.#flush();
  }

  #flush(): void {
    if (this.#count === 0 || this.#last === null) return;
    const { address, reason, detail } = this.#last;
    this.#report({ address, reason: reason === 'http' ? 'HTTP' : `${reason}: ${detail}`, count: this.#count });
    this.#count = 0;
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
