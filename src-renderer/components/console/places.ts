import type { IMarker, Terminal } from '@xterm/xterm';

/** A place in the output and where the terminal shows it. */
interface Place {
  offset: number;
  marker: IMarker;
  /** The output from there to the next place; of the last place nothing. */
  data: Uint8Array;
}

const NOTHING = new Uint8Array();

/** What is looked for: text that was printed at `offset`. */
export interface Wanted {
  offset: number;
  text: string;
  /** Characters before it in its line. */
  column: number;
}

/** Few enough that the terminal, which moves its markers with each line, is not slowed down. */
const SLICE = 32 * 1024;
const MOST_PLACES = 512;
/** A program that moves its cursor may have put the line elsewhere: so many lines around are looked at. */
const AROUND = 300;
const NEWLINE = 0x0a;

/**
 * Writes output into a terminal and knows afterwards where it is, as long as the terminal has it: markers, which move with the lines, also
 * when they are wrapped anew, and the line feeds between them.
 */
export class OutputPlaces {
  readonly #terminal: Terminal;
  #places: Place[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Settles when the terminal has taken it in. */
  write(offset: number, data: Uint8Array): Promise<void> {
    const written: Promise<void>[] = [];
    for (let at = 0; at < data.length; at += SLICE) {
      const slice = data.subarray(at, at + SLICE);
      // An empty write is called back at its turn: where the slice will begin.
      this.#terminal.write('', () => this.#mark(offset + at, slice));
      const mark = (): void => this.#mark(offset + at + slice.length, NOTHING);
      written.push(new Promise((resolve) => this.#terminal.write(slice, () => resolve(mark()))));
    }
    return Promise.all(written).then(() => undefined);
  }

  clear(): void {
    for (const { marker } of this.#places) marker.dispose();
    this.#places = [];
  }

  /** Shows the text and selects it; false: the terminal has no such line any more, or not yet. */
  reveal(wanted: Wanted): boolean {
    const expected = this.#expectedLine(wanted.offset);
    if (expected === null) return false;
    const line = this.#nearest(expected, wanted);
    this.#terminal.scrollToLine(Math.max(0, line - Math.floor(this.#terminal.rows / 2)));
    this.#select(line, wanted);
    return true;
  }

  /** Counted from the place before it, or, where the terminal has dropped that, from the place behind it. */
  #expectedLine(offset: number): number | null {
    const at = this.#places.findLastIndex((one) => one.offset <= offset);
    const before = this.#places[at];
    const behind = this.#places[at + 1];
    if (before === undefined || behind === undefined || offset >= before.offset + before.data.length) return null;
    const within = offset - before.offset;
    if (!before.marker.isDisposed) {
      return this.#lineAfter(this.#beginOf(before.marker.line), countFeeds(before.data.subarray(0, within)));
    }
    if (behind.marker.isDisposed) return null;
    return this.#lineBefore(this.#beginOf(behind.marker.line), countFeeds(before.data.subarray(within)));
  }

  #mark(offset: number, data: Uint8Array): void {
    const last = this.#places.at(-1);
    if (last?.offset === offset) {
      last.data = data;
      return;
    }
    // The last of those that the terminal has dropped is kept: what follows it may still be there.
    const gone = this.#places.findLastIndex(({ marker }) => marker.isDisposed);
    if (gone > 0) this.#places.splice(0, gone);
    if (this.#places.length === MOST_PLACES) this.#places.shift()?.marker.dispose();
    this.#places.push({ offset, marker: this.#terminal.registerMarker(0), data });
  }

  #isWrapped(line: number): boolean {
    return this.#terminal.buffer.active.getLine(line)?.isWrapped === true;
  }

  /** First row of the line that a row belongs to. */
  #beginOf(row: number): number {
    let line = row;
    while (line > 0 && this.#isWrapped(line)) line--;
    return line;
  }

  #lineAfter(from: number, feeds: number): number {
    let line = from;
    for (let left = feeds; left > 0; left--) {
      line++;
      while (this.#isWrapped(line)) line++;
    }
    return Math.min(line, this.#terminal.buffer.active.length - 1);
  }

  #lineBefore(from: number, feeds: number): number | null {
    let line = from;
    for (let left = feeds; left > 0; left--) {
      if (line === 0) return null;
      line = this.#beginOf(line - 1);
    }
    return line;
  }

  /** The line nearest to the expected one that shows the text; the expected one where none does. */
  #nearest(expected: number, { text }: Wanted): number {
    for (let away = 0; away <= AROUND; away++) {
      for (const line of away === 0 ? [expected] : [expected - away, expected + away]) {
        if (line >= 0 && !this.#isWrapped(line) && this.#cellsOf(line).text.includes(text)) return line;
      }
    }
    return expected;
  }

  #select(line: number, { text, column }: Wanted): void {
    const { text: shown, cells } = this.#cellsOf(line);
    const at = shown.startsWith(text, column) ? column : shown.indexOf(text);
    const begin = cells[at];
    const end = cells[at + text.length - 1];
    if (begin === undefined || end === undefined) return;
    const { cols } = this.#terminal;
    this.#terminal.select(begin % cols, line + Math.floor(begin / cols), end - begin + 1);
  }

  /** Text of a line over all its rows, and for each of its characters the cell, counted from the first row. */
  #cellsOf(line: number): { text: string; cells: number[] } {
    const { active } = this.#terminal.buffer;
    const { cols } = this.#terminal;
    const cells: number[] = [];
    let text = '';
    for (let row = line; row === line || this.#isWrapped(row); row++) {
      const shown = active.getLine(row);
      for (let x = 0; x < cols && shown !== undefined; x++) {
        const cell = shown.getCell(x);
        if (cell === undefined || cell.getWidth() === 0) continue;
        const chars = cell.getChars() || ' ';
        for (let i = 0; i < chars.length; i++) cells.push((row - line) * cols + x);
        text += chars;
      }
    }
    return { text, cells };
  }
}

function countFeeds(data: Uint8Array): number {
  let feeds = 0;
  for (const byte of data) if (byte === NEWLINE) feeds++;
  return feeds;
}
