import type { Bytes, ConsoleHit, ConsolePart, SessionTime } from '../../../src-preload/contract/index.ts';

/** Visible bytes that are searched at a time; a longer line is searched in pieces that overlap. */
const BUFFER = 32 * 1024;
const NEWLINE = 0x0a;
const LONGEST_TEXT = 1000;
/** Characters of a line shown with a hit, and how many of them before it. */
const SHOWN = 400;
const SHOWN_BEFORE = 120;
/** A longer control string (a title, a hyperlink) without an end is not treated as one. */
const LONGEST_CONTROL_STRING = 8192;

const GROUND = 0;
const ESCAPE = 1;
const SEQUENCE = 2;
const STRING = 3;

/** The origin of a run of visible bytes. */
interface Origin {
  at: number;
  offset: Bytes;
  t: SessionTime;
}

/**
 * Searches terminal output as a person reads it: line by line, without control sequences, across the borders of parts. Lines are collected
 * in a buffer, since one search over many is ten times as fast; the buffer bounds the memory, whatever the output. Control sequences are
 * those of ECMA-48 as terminals read them: ESC [ … final, ESC ] … BEL or ESC \, ESC intermediate final.
 */
export class ConsoleSearch {
  readonly #pattern: RegExp | null;
  readonly #overlap: number;
  readonly #limit: number;
  readonly #text = new Uint8Array(BUFFER);
  readonly #decoder = new TextDecoder();
  readonly hits: ConsoleHit[] = [];
  total = 0;
  #length = 0;
  #origins: Origin[] = [];
  #state = GROUND;
  #stringLength = 0;
  #expected = 0;

  constructor(text: string, matchCase: boolean, limit: number) {
    const usable = text.length > 0 && text.length <= LONGEST_TEXT && !text.includes('\n');
    this.#pattern = usable ? new RegExp(text.replace(/[$()*+.?[\\\]^{|}/]/g, '\\$&'), matchCase ? 'gu' : 'giu') : null;
    this.#overlap = 4 * text.length;
    this.#limit = limit;
  }

  /** Parts come in order; where bytes are missing between two, a line ends. */
  feed({ offset, t, data }: ConsolePart): void {
    if (this.#pattern === null) return;
    if (offset !== this.#expected) {
      this.#endLine();
      this.#state = GROUND;
    }
    this.#expected = offset + data.length;
    let visible = false;
    for (let i = 0; i < data.length; i++) {
      const byte = data[i]!;
      const shows = this.#state === GROUND && byte >= 0x20 && byte !== 0x7f;
      if (shows || (byte === 0x09 && this.#state === GROUND)) {
        if (this.#length === BUFFER) {
          this.#drain();
          visible = false;
        }
        if (!visible) this.#origins.push({ at: this.#length, offset: offset + i, t });
        visible = true;
        this.#text[this.#length++] = byte;
      } else {
        visible = false;
        this.#control(byte);
      }
    }
  }

  /** Called after the last part. */
  end(): void {
    if (this.#pattern !== null) this.#search(this.#length);
  }

  #control(byte: number): void {
    if (byte === 0x1b) this.#state = ESCAPE;
    else if (this.#state === GROUND) {
      if (byte === 0x0a || byte === 0x0d) this.#endLine();
    } else if (byte === 0x18 || byte === 0x1a) this.#state = GROUND;
    else if (this.#state === ESCAPE) this.#afterEscape(byte);
    else if (this.#state === SEQUENCE) {
      if (byte >= 0x40 && byte <= 0x7e) this.#state = GROUND;
    } else if (byte === 0x07 || ++this.#stringLength > LONGEST_CONTROL_STRING) this.#state = GROUND;
  }

  #afterEscape(byte: number): void {
    if (byte === 0x5b) this.#state = SEQUENCE;
    else if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) {
      this.#state = STRING;
      this.#stringLength = 0;
    } else if (byte < 0x20 || byte > 0x2f) this.#state = GROUND;
  }

  #endLine(): void {
    if (this.#length === BUFFER) this.#drain();
    if (this.#length > 0 && this.#text[this.#length - 1] !== NEWLINE) this.#text[this.#length++] = NEWLINE;
  }

  /** Searches the buffer and keeps the line that has not ended; of an endless line, it keeps as much as a match may begin in. */
  #drain(): void {
    const lines = this.#text.lastIndexOf(NEWLINE, this.#length - 1) + 1;
    const matched = this.#search(lines > 0 ? lines : this.#length);
    this.#keep(lines > 0 ? lines : Math.max(this.#length - this.#overlap, matched));
  }

  /** Searches the first `length` bytes; returns the byte after the last match. */
  #search(length: number): number {
    const text = this.#decoder.decode(this.#text.subarray(0, length));
    let matched = 0;
    for (const match of text.matchAll(this.#pattern!)) {
      this.total++;
      matched = match.index + match[0].length;
      if (this.hits.length < this.#limit) this.hits.push(this.#hit(text, match.index, match[0].length));
    }
    return this.#byteIndex(text, matched);
  }

  #keep(from: number): void {
    let start = Math.min(from, this.#length);
    while (start < this.#length && (this.#text[start]! & 0xc0) === 0x80) start++;
    const origin = this.#originOf(start);
    const later = this.#origins.filter(({ at }) => at > start).map((known) => ({ ...known, at: known.at - start }));
    this.#origins = start < this.#length ? [{ ...origin, at: 0 }, ...later] : [];
    this.#text.copyWithin(0, start, this.#length);
    this.#length -= start;
  }

  #hit(text: string, index: number, length: number): ConsoleHit {
    const { offset, t } = this.#originOf(this.#byteIndex(text, index));
    const begin = text.lastIndexOf('\n', index) + 1;
    const end = text.indexOf('\n', index);
    const line = text.slice(begin, end < 0 ? undefined : end);
    const start = index - begin;
    const from = line.length <= SHOWN ? 0 : Math.max(0, start - SHOWN_BEFORE);
    const shown = line.slice(from, from + SHOWN);
    return { offset, t, line: shown, start: start - from, length: Math.min(length, shown.length - (start - from)) };
  }

  /** Bytes before a character. After invalid bytes in its line its position is not exact: the beginning of the line is used instead. */
  #byteIndex(text: string, index: number): number {
    const before = text.slice(0, index);
    if (!before.includes('\ufffd')) return Buffer.byteLength(before);
    let at = 0;
    for (let i = before.indexOf('\n'); i >= 0; i = before.indexOf('\n', i + 1)) at = this.#text.indexOf(NEWLINE, at) + 1;
    const line = before.slice(before.lastIndexOf('\n') + 1);
    return line.includes('\ufffd') ? at : at + Buffer.byteLength(line);
  }

  #originOf(at: number): Origin {
    const origin = this.#origins.findLast((known) => known.at <= at) ?? { at: 0, offset: 0, t: 0 };
    return { at, offset: origin.offset + at - origin.at, t: origin.t };
  }
}
