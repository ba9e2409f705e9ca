import type { Disposable } from './disposable.ts';

/** A typed list of listeners. A listener that throws does not affect the others. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #onError: (thrown: unknown) => void;

  constructor(onError: (thrown: unknown) => void = reportLater) {
    this.#onError = onError;
  }

  on(listener: (value: T) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (thrown) {
        this.#onError(thrown);
      }
    }
  }
}

/** Rethrown after the emitter has finished, so that the process's own handler sees it. */
function reportLater(thrown: unknown): void {
  queueMicrotask(() => {
    throw thrown;
  });
}
