import type { Bytes, ConsolePart } from '../../src-preload/contract/index.ts';

/** The receiver of the recorded terminal output: bytes in order, and a notice where some are missing. */
export interface ConsoleSink {
  /** Settles when the terminal has taken it in. */
  write(part: ConsolePart): Promise<void>;
  /** These bytes were not kept: only the beginning and the end are. */
  cut(bytes: Bytes): void;
  /** Everything recorded before the terminal was attached is shown. */
  replayed(): void;
  /** What is shown is old: more is waiting than the terminal could take in so far. */
  behind(is: boolean): void;
  failed(thrown: unknown): void;
}

/** Reads what is kept from `offset` on. */
type ReadConsole = (offset: Bytes) => Promise<ConsolePart[]>;

/**
 * What the terminal may have before it that it has not taken in. Beyond that, output stays in the engine and is read when there is room:
 * the terminal itself throws away what exceeds its buffer.
 */
const MOST_WAITING: Bytes = 1024 * 1024;
/** With less than this before it, the terminal gets the next page: it never has to wait for one. */
const LEAST_WAITING: Bytes = 256 * 1024;

/**
 * Output in order and without gaps of our own making. Live output is passed on while it continues what was passed on before. Otherwise (a
 * replay, a part that the slow connection lost, a terminal that cannot keep up) it is read from where the terminal stands; what is missing
 * in an answer is really not kept.
 */
export class ConsoleFeed {
  /** Everything before this was given to the terminal. */
  #position: Bytes = 0;
  /** Everything before this is known to exist. */
  #known: Bytes = 0;
  #waiting: Bytes = 0;
  #reading = true;
  #closed = false;
  #last: Promise<void> = Promise.resolve();
  #room: (() => void) | null = null;
  readonly #sink: ConsoleSink;
  readonly #read: ReadConsole;

  constructor(sink: ConsoleSink, read: ReadConsole) {
    this.#sink = sink;
    this.#read = read;
  }

  live(part: ConsolePart): void {
    this.#known = Math.max(this.#known, part.offset + part.data.length);
    if (this.#reading) return;
    if (part.offset <= this.#position && this.#waiting < MOST_WAITING) this.#give(part);
    else void this.#catchUp();
  }

  /** The first reading; `total`: how much there is. */
  async replay(total: () => Promise<Bytes>): Promise<void> {
    try {
      const end = await total();
      this.#known = Math.max(this.#known, end);
      await this.#readOn(end);
      await this.#last;
      if (!this.#closed) this.#sink.replayed();
    } catch (thrown) {
      this.#fail(thrown);
    }
    if (this.#reading) await this.#catchUp();
  }

  /** Parts may have been lost. */
  async resume(total: () => Promise<Bytes>): Promise<void> {
    try {
      this.#known = Math.max(this.#known, await total());
    } catch (thrown) {
      if (!this.#closed) this.#sink.failed(thrown);
      return;
    }
    if (!this.#reading) await this.#catchUp();
  }

  close(): void {
    this.#closed = true;
    this.#room?.();
  }

  async #catchUp(): Promise<void> {
    this.#reading = true;
    try {
      if (!this.#closed) this.#sink.behind(this.#position < this.#known);
      while (!this.#closed && this.#position < this.#known) await this.#readOn(this.#known);
      this.#reading = false;
      if (!this.#closed) this.#sink.behind(false);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** The next part, or what comes after a lost connection, tries again. */
  #fail(thrown: unknown): void {
    this.#reading = false;
    if (!this.#closed) this.#sink.failed(thrown);
  }

  async #readOn(end: Bytes): Promise<void> {
    while (this.#position < end) {
      await this.#haveRoom();
      if (this.#closed) return;
      const from = this.#position;
      const parts = await this.#read(from);
      if (this.#closed) return;
      for (const part of parts) this.#give(part);
      if (this.#position === from) this.#skipTo(end);
    }
  }

  #give(part: ConsolePart): void {
    const end = part.offset + part.data.length;
    if (end <= this.#position) return;
    this.#skipTo(part.offset);
    const skipped = this.#position - part.offset;
    const data = part.data.subarray(skipped);
    this.#position = end;
    this.#waiting += data.length;
    this.#last = this.#sink.write({ offset: part.offset + skipped, t: part.t, data }).then(() => {
      this.#waiting -= data.length;
      if (this.#waiting < LEAST_WAITING) this.#room?.();
    });
  }

  #skipTo(offset: Bytes): void {
    if (offset <= this.#position) return;
    this.#sink.cut(offset - this.#position);
    this.#position = offset;
  }

  async #haveRoom(): Promise<void> {
    if (this.#waiting < LEAST_WAITING) return;
    await new Promise<void>((resolve) => (this.#room = resolve));
    this.#room = null;
  }
}
