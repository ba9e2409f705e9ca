/** Recent results by their arguments; the oldest is dropped when the budget is exceeded. */
export class Memo {
  bytes = 0;
  readonly #budget: number;
  readonly #kept = new Map<string, { value: unknown; bytes: number }>();

  constructor(budget: number) {
    this.#budget = budget;
  }

  has(key: string): boolean {
    return this.#kept.has(key);
  }

  get<T>(key: string, make: () => T): T {
    const found = this.#kept.get(key);
    this.#kept.delete(key);
    const entry = found ?? this.#weighed(make());
    this.#kept.set(key, entry);
    this.#trim(key);
    return entry.value as T;
  }

  clear(): void {
    this.#kept.clear();
    this.bytes = 0;
  }

  #weighed(value: unknown): { value: unknown; bytes: number } {
    const bytes = bytesIn(value);
    this.bytes += bytes;
    return { value, bytes };
  }

  /** Keeps the newest, even if that alone exceeds the budget: it is in use. */
  #trim(newest: string): void {
    for (const [key, { bytes }] of this.#kept) {
      if (this.bytes <= this.#budget || key === newest) return;
      this.#kept.delete(key);
      this.bytes -= bytes;
    }
  }
}

/** Bytes of all typed arrays in a value, at any depth. */
export function bytesIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null || value instanceof Map) return 0;
  if (Array.isArray(value)) return value.length * 64;
  return Object.values(value).reduce((sum: number, part) => sum + bytesIn(part), 0);
}
