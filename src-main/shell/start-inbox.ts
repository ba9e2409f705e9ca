import { NOTHING_ASKED, type StartRequest } from '../own-files/start-request.ts';

/** Keeps what is asked for before the app can take it: by the start itself, a second one, a double-clicked file. */
export class StartInbox {
  #waiting: StartRequest;
  #later = false;
  #to: ((request: StartRequest) => void) | null = null;

  constructor(first: StartRequest) {
    this.#waiting = first;
  }

  put(request: StartRequest): void {
    if (this.#to !== null) return this.#to(request);
    this.#later = true;
    this.#waiting = { open: [...this.#waiting.open, ...request.open], record: request.record ?? this.#waiting.record };
  }

  /** What there is to begin with. */
  take(): StartRequest {
    const given = this.#waiting;
    this.#waiting = NOTHING_ASKED;
    this.#later = false;
    return given;
  }

  /** From now on, and what came since `take`. */
  hand(to: (request: StartRequest) => void): void {
    this.#to = to;
    if (this.#later) to(this.take());
  }
}
