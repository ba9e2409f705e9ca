/** What the owner of a terminal can do with it. */
export interface TerminalHandle {
  write(data: Uint8Array | string): void;
  reset(): void;
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
