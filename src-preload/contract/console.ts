import type { Bytes, SessionTime } from './units.ts';

/** A piece of the program's terminal output: raw bytes with control sequences. */
export interface ConsolePart {
  /** Offset of the first byte in all output of the session. */
  offset: Bytes;
  t: SessionTime;
  data: Uint8Array;
}

export interface ConsoleInfo {
  /** All output so far, including what was cut. */
  total: Bytes;
  /** Bytes that were dropped: from `cutFrom` on, `cut` bytes. The beginning and the end are kept. */
  cutFrom: Bytes;
  cut: Bytes;
  columns: number;
  rows: number;
}

export interface ConsoleHit {
  offset: Bytes;
  t: SessionTime;
  /** The line with the match, without control sequences, truncated to 400 characters. */
  line: string;
  /** Start and length of the match in `line`. */
  start: number;
  length: number;
}
