import { NOTHING_ASKED, type StartRequest } from '../own-files/start-request.ts';

/** Keeps requests that come before the app can handle them: from the start itself, a second start, a double-clicked file. */
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

  /** The requests to begin with. */
  take(): StartRequest {
    const given = this.#waiting;
    this.#waiting = NOTHING_ASKED;
    this.#later = false;
    return given;
  }

  /** Handles requests from now on, and those that came since `take`. */
  hand(to: (request: StartRequest) => void): void {
    this.#to = to;
    if (this.#later) to(this.take());
  }
}
