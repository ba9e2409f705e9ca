import type { Disposable } from '../base/disposable.ts';
import { HeapscopeError, messageOf } from '../base/errors.ts';
import type { SessionWriter } from '../project/index.ts';

/** A crash of the app loses at most the last second. */
const FLUSH_EVERY = 500;

interface FlusherOptions {
  writer: Pick<SessionWriter, 'flush'>;
  /** The file's path, for the report when it cannot be written. */
  path: string;
  /** Called once: after a failure nothing is written again until the session ends. */
  onFailed: (error: HeapscopeError) => void;
}

/** Writes the session's pending data to its file twice a second, until it is disposed or a write fails. */
export class Flusher implements Disposable {
  readonly #options: FlusherOptions;
  readonly #timer: NodeJS.Timeout;
  #failed = false;

  constructor(options: FlusherOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#flush(), FLUSH_EVERY);
  }

  /** The file cannot be written any more. */
  get failed(): boolean {
    return this.#failed;
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  #flush(): void {
    const { writer, path, onFailed } = this.#options;
    try {
      writer.flush();
    } catch (thrown) {
      this.#failed = true;
      this.dispose();
      const isKnown = thrown instanceof HeapscopeError;
      onFailed(isKnown ? thrown : new HeapscopeError('recording.write-failed', { path, detail: messageOf(thrown) }, thrown));
    }
  }
}
