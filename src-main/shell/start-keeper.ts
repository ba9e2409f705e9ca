import type { ShellCommand } from '../../src-preload/contract/index.ts';
import { NOTHING_ASKED, type StartRequest } from '../own-files/start-request.ts';

/**
 * Passes requests (command line, double click, second start) to the window: with `app.info` when the window starts, as commands once it
 * listens. On macOS requests may come before there is a window.
 */
export class StartKeeper {
  readonly #send: (command: ShellCommand) => void;
  #waiting: StartRequest;
  #listening = false;

  constructor(first: StartRequest, send: (command: ShellCommand) => void) {
    this.#waiting = first;
    this.#send = send;
  }

  /** The window has started and asks for requests; from now on it listens. */
  take(): StartRequest {
    const given = this.#waiting;
    this.#waiting = NOTHING_ASKED;
    this.#listening = true;
    return given;
  }

  /** The window is closed or reloads. */
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
