import type { ExitStatus, Milliseconds, SessionState } from '../../../src-preload/contract/index.ts';
import { monotonicNow } from '../base/clock.ts';
import type { Log } from '../base/log.ts';

const DRAIN = { atLeast: 200, atMost: 700, step: 20 } as const satisfies Record<string, Milliseconds>;
/** Where we were held up for longer than that, connections are still waiting to be accepted: so many times they are looked for all the same. */
const LEAST_STEPS = 5;
/** For a program that is asked to terminate when the app quits. */
const PROGRAM_PATIENCE: Milliseconds = 1_500;
/** For the session's parts, such as one that waits for an agent's last data. */
const PART_PATIENCE: Milliseconds = 2_000;

export type FinalState = Extract<SessionState, 'ended' | 'stopped-recording'>;

/** How a recording ended; `exit` null: its program goes on. */
export interface SessionEnd {
  state: SessionState;
  exit: ExitStatus | null;
}

/** What the end needs of the recording; the last three are called once each, in this order. */
export interface EndingHost {
  /** The program and all processes it started have ended. */
  isOver(): boolean;
  /** Whether an agent is connected: its last messages may be on their way. */
  hasAgents(): boolean;
  /** Settles when the parts have ended, at most after the given time. */
  endParts(patience: Milliseconds): Promise<void>;
  /** Stops sampling, listening and flushing. */
  release(): void;
  /** Closes the session in its file. */
  close(state: FinalState): SessionEnd;
}

/** Ends one recording: it begins once, and always settles. */
export class Ending {
  /** Settles when nothing of the session runs any more; never rejects. */
  readonly ended: Promise<SessionEnd>;
  readonly #host: EndingHost;
  readonly #log: Log;
  #draining = false;
  #begun = false;
  #settle: (end: SessionEnd) => void = () => undefined;

  constructor(host: EndingHost, log: Log) {
    this.#host = host;
    this.#log = log;
    this.ended = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Nothing more is recorded from here on. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Must be called when a process has ended: it may have been the last. */
  check(): void {
    if (this.#begun || this.#draining || !this.#host.isOver()) return;
    this.#draining = true;
    this.#drain(monotonicNow(), 0);
  }

  /**
   * Ends the recording, as when the app quits. `signal` ends the program first: it is sent, and SIGKILL after a while. null: the program
   * goes on.
   */
  async abandon(signal: ((how: 'terminate' | 'kill') => void) | null): Promise<void> {
    for (const how of ['terminate', 'kill'] as const) {
      if (signal === null || this.#begun) break;
      signal(how);
      await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, PROGRAM_PATIENCE))]);
    }
    this.#begin('stopped-recording');
    await this.ended;
  }

  /**
   * The agents' last messages may still be on their way when the processes are gone; and a child whose parent ended at once may be about to
   * join.
   */
  #drain(since: Milliseconds, steps: number): void {
    if (this.#begun) return;
    const waited = monotonicNow() - since;
    const isQuiet = !this.#host.hasAgents() && waited > DRAIN.atLeast;
    const isDone = steps >= LEAST_STEPS && (isQuiet || waited > DRAIN.atMost);
    if (!this.#host.isOver()) this.#draining = false;
    else if (isDone) this.#begin('ended');
    else setTimeout(() => this.#drain(since, steps + 1), DRAIN.step);
  }

  #begin(state: FinalState): void {
    if (this.#begun) return;
    this.#begun = true;
    void this.#end(state);
  }

  /** Each step is taken even if the previous one failed. */
  async #end(state: FinalState): Promise<void> {
    const host = this.#host;
    await this.#attempt(() => host.endParts(PART_PATIENCE));
    await this.#attempt(() => host.release());
    const end = await this.#attempt(() => host.close(state));
    this.#settle(end ?? { state: 'stopped-recording', exit: null });
  }

  async #attempt<T>(step: () => T | Promise<T>): Promise<T | null> {
    try {
      return await step();
    } catch (thrown) {
      this.#log.warn('ending a recording', thrown);
      return null;
    }
  }
}
