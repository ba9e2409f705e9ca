import type { ShellCommand } from '../../src-preload/contract/index.ts';
import { NOTHING_ASKED, type StartRequest } from '../own-files/start-request.ts';

/**
 * Hands what was asked for (command line, double click, second start) to the window: with `app.info` when the window
 * starts, as commands once it listens. macOS may ask before there is a window at all.
 */
export class StartKeeper {
  readonly #send: (command: ShellCommand) => void;
  #waiting: StartRequest;
  #listening = false;

  constructor(first: StartRequest, send: (command: ShellCommand) => void) {
    this.#waiting = first;
    this.#send = send;
  }

  /** The window has started and asks what there is to do; from now on it listens. */
  take(): StartRequest {
    const given = this.#waiting;
    this.#waiting = NOTHING_ASKED;
    this.#listening = true;
    return given;
  }

  /** The window is gone, or loads anew. */
  windowGone(): void {
    this.#listening = false;
  }

  request(request: StartRequest): void {
    if (!this.#listening) {
      this.#waiting = { open: [...this.#waiting.open, ...request.open], record: request.record ?? this.#waiting.record };
      return;
    }
    for (const path of request.open) this.#send({ command: 'open', path });
    if (request.record !== null) this.#send({ command: 'record', spec: request.record });
  }
}
