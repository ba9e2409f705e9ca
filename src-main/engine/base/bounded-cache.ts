/** Values by key, bounded in bytes: of more, the least recently used go. A map keeps the order in which its keys were set. */
export class BoundedCache<K, V> {
  readonly #limit: number;
  readonly #bytesOf: (value: V) => number;
  readonly #kept = new Map<K, V>();
  #bytes = 0;

  constructor(limit: number, bytesOf: (value: V) => number) {
    this.#limit = limit;
    this.#bytesOf = bytesOf;
  }

  get(key: K): V | undefined {
    const value = this.#kept.get(key);
    if (value === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.#drop(key);
    this.#kept.set(key, value);
    this.#bytes += this.#bytesOf(value);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#limit) return;
      this.#drop(oldest);
    }
  }

  #drop(key: K): void {
    const value = this.#kept.get(key);
    if (value === undefined) return;
    this.#bytes -= this.#bytesOf(value);
    this.#kept.delete(key);
  }
}
