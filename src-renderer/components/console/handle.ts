import type { Wanted } from './places.ts';

/** What the owner of a terminal can do with it. */
export interface TerminalHandle {
  /** Output of the program, which begins at `offset` of it all; settles when the terminal has taken it in. */
  write(offset: number, data: Uint8Array): Promise<void>;
  /** A line of our own between the program's. */
  say(text: string): void;
  /** An empty terminal, whatever was written before. */
  reset(): void;
  /** Scrolls to what the program printed, and selects it; false: the terminal does not have it. */
  reveal(wanted: Wanted): boolean;
  focus(): void;
  size(): { columns: number; rows: number };
  scrollToEnd(): void;
  /** True: found; the match is shown and marked. */
  find(text: string, options: FindOptions): boolean;
  endSearch(): void;
  /** Selected text; empty: none. */
  selection(): string;
  selectAll(): void;
  /** As if it had been typed, in the mode that the program asked for (bracketed or not). */
  paste(text: string): void;
}

export interface FindOptions {
  caseSensitive: boolean;
  back: boolean;
  /** Stay on the current match while it still matches what is typed. */
  incremental: boolean;
}
