import { fitted } from './status-line.ts';

/** The part of a terminal's output stream that is used, so that tests can replace it. */
export interface Screen {
  write(text: string | Uint8Array): unknown;
  columns?: number;
  rows?: number;
}

const ESC = '\x1b';
const SAVE = `${ESC}7`;
const RESTORE = `${ESC}8`;

/**
 * The terminal's last row, kept free for the status by a scroll region while a program uses the rows above. It is drawn only where the
 * program's output so far ends outside of an escape sequence or a character; otherwise it would land inside of it.
 */
export class LastRow {
  readonly #screen: Screen;
  #text = '';
  #dirty = false;
  #openEnd = false;
  /** Where it was last drawn. */
  #row = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Rows left for the program. */
  get programRows(): number {
    return Math.max(1, this.#rows - 1);
  }

  get columns(): number {
    return Math.max(1, this.#screen.columns ?? 80);
  }

  get #rows(): number {
    return this.#screen.rows ?? 24;
  }

  /** Makes room: a line feed scrolls when the cursor is in the last row; moving up one row leaves the cursor above it. */
  begin(): void {
    this.#screen.write(`\n${ESC}[A`);
    this.resized();
  }

  /** Setting the region moves the cursor, so it is saved first. In a larger terminal the previous last row becomes an ordinary one. */
  resized(): void {
    const clearOld = this.#row > 0 && this.#row < this.#rows ? `${ESC}[${this.#row};1H${ESC}[2K` : '';
    this.#screen.write(`${SAVE}${clearOld}${ESC}[1;${this.programRows}r${RESTORE}`);
    this.#dirty = true;
    this.#draw();
  }

  show(text: string): void {
    this.#dirty ||= text !== this.#text;
    this.#text = text;
    this.#draw();
  }

  /** The program wrote this. */
  passed(data: Uint8Array): void {
    this.#openEnd = endsInside(data);
  }

  end(): void {
    this.#screen.write(`${SAVE}${ESC}[r${ESC}[${this.#rows};1H${ESC}[2K${RESTORE}`);
  }

  #draw(): void {
    if (!this.#dirty || this.#openEnd || this.#text === '') return;
    this.#dirty = false;
    this.#row = this.#rows;
    this.#screen.write(`${SAVE}${ESC}[${this.#rows};1H${ESC}[0;7m${fitted(this.#text, this.columns)}${ESC}[0m${ESC}[K${RESTORE}`);
  }
}

/** One status line below a program's plain output: removed before the program writes, drawn again once the program has ended a line. */
export class FloatingLine {
  readonly #screen: Screen;
  #shown = false;
  #atLineStart = true;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  show(text: string): void {
    if (!this.#atLineStart) return;
    this.#screen.write(`\r${ESC}[2K${fitted(text, this.#screen.columns ?? 80)}`);
    this.#shown = true;
  }

  /** Called before the program's output is shown. */
  passing(data: Uint8Array): void {
    this.end();
    if (data.length > 0) this.#atLineStart = data[data.length - 1] === 0x0a;
  }

  end(): void {
    if (!this.#shown) return;
    this.#screen.write(`\r${ESC}[2K`);
    this.#shown = false;
  }
}

/** Whether output ends within an escape sequence or a UTF-8 character. Looks at the last 64 bytes: longer sequences are rare. */
export function endsInside(data: Uint8Array): boolean {
  const tail = data.subarray(Math.max(0, data.length - 64));
  if (cutCharacter(tail)) return true;
  const at = tail.lastIndexOf(0x1b);
  return at !== -1 && !isComplete(tail.subarray(at + 1));
}

/** `after`: what follows the last ESC. */
function isComplete(after: Uint8Array): boolean {
  const first = after[0];
  if (first === undefined) return false;
  // CSI: parameters and intermediates, then one final byte.
  if (first === 0x5b) return after.subarray(1).some((byte) => byte >= 0x40 && byte <= 0x7e);
  // OSC, DCS, APC, PM, SOS: up to BEL (ST begins with an ESC of its own).
  if ([0x5d, 0x50, 0x5f, 0x5e, 0x58].includes(first)) return after.includes(0x07);
  // Intermediates, as in the choice of a character set, then one final byte.
  if (first >= 0x20 && first <= 0x2f) return after.subarray(1).some((byte) => byte >= 0x30);
  return true;
}

function cutCharacter(tail: Uint8Array): boolean {
  for (let back = 1; back <= Math.min(3, tail.length); back++) {
    const byte = tail[tail.length - back] ?? 0;
    if (byte < 0x80) return false;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2);
  }
  return false;
}
