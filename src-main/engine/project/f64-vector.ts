/** A Float64Array that grows by doubling: eight bytes per number, whatever its length. */
export class F64Vector {
  #data: Float64Array;
  #length = 0;

  constructor(capacity = 16) {
    this.#data = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** The numbers from `from` up to `to`, as a view of the memory: valid until the next push. */
  view(from = 0, to = this.#length): Float64Array {
    return this.#data.subarray(from, Math.min(to, this.#length));
  }

  /** NaN outside of the vector. */
  at(index: number): number {
    return index < this.#length ? (this.#data[index] ?? NaN) : NaN;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) this.#grow(this.#length + 1);
    this.#data[this.#length++] = value;
  }

  pushAll(values: Float64Array): void {
    if (this.#length + values.length > this.#data.length) this.#grow(this.#length + values.length);
    this.#data.set(values, this.#length);
    this.#length += values.length;
  }

  set(index: number, value: number): void {
    if (index < this.#length) this.#data[index] = value;
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** Removes the first `count`. */
  dropFirst(count: number): void {
    this.#data.copyWithin(0, count, this.#length);
    this.#length = Math.max(0, this.#length - count);
  }

  #grow(needed: number): void {
    const larger = new Float64Array(Math.max(needed, this.#data.length * 2));
    larger.set(this.#data.subarray(0, this.#length));
    this.#data = larger;
  }
}
