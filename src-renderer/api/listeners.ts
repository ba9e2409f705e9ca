/** A set of listeners; one that throws is reported and does not affect the others. */
export class Listeners<A extends unknown[]> {
  readonly #set = new Set<(...args: A) => void>();

  add(listener: (...args: A) => void): () => void {
    this.#set.add(listener);
    return () => void this.#set.delete(listener);
  }

  tell(...args: A): void {
    for (const listener of [...this.#set]) {
      try {
        listener(...args);
      } catch (thrown) {
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
  }
}
