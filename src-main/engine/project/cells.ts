import { BadCell, type Row } from './sqlite.ts';

/** Limit of row numbers: a file that is written to a thousand times a second for thirty years would not reach it. */
export const HIGHEST_ID = 2 ** 40;
/** A session lasts at most three hundred years; a time beyond that is damage. */
export const LONGEST_SESSION = 1e13;
/** The last millisecond of the year 9999, which every calendar can still show. */
const LAST_MOMENT = 253_402_300_799_999;

/** Maximum lengths in characters: of text shown on one line, and of long text written by a person or a program. */
export const LINE = 4_000;
export const PROSE = 1_000_000;

/** A whole number between two others, both included. Throws `BadCell`, like all of these. */
export function whole(row: Row, column: string, lowest = 0, highest = Number.MAX_SAFE_INTEGER): number {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < lowest || value > highest) throw new BadCell(column);
  return value;
}

/** The number of a row, here or in another table. */
export function id(row: Row, column: string): number {
  return whole(row, column, 1, HIGHEST_ID);
}

export function idOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : id(row, column);
}

/** Milliseconds since the session's start. */
export function time(row: Row, column: string): number {
  return whole(row, column, 0, LONGEST_SESSION);
}

export function timeOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : time(row, column);
}

/** Milliseconds since 1970. */
export function moment(row: Row, column: string): number {
  return whole(row, column, 0, LAST_MOMENT);
}

/** A size or a duration that may be unknown: an invalid one counts as unknown. */
export function figure(row: Row, column: string): number | null {
  const value = row[column];
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : null;
}

/** Text up to a length; a longer one is damage. */
export function text(row: Row, column: string, longest: number): string {
  const value = row[column];
  if (typeof value !== 'string' || value.length > longest) throw new BadCell(column);
  return value;
}

export function textOrNull(row: Row, column: string, longest: number): string | null {
  return row[column] === null ? null : text(row, column, longest);
}

/** Text that is only shown: a longer one is truncated, which loses less than the row. */
export function shown(row: Row, column: string, longest: number): string {
  const value = row[column];
  if (typeof value !== 'string') throw new BadCell(column);
  return value.length > longest ? `${value.slice(0, longest - 1)}…` : value;
}

/** The replacement for an invalid cell, where the row is worth more than the cell. */
export function or<T, U>(fallback: U, read: () => T): T | U {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof BadCell) return fallback;
    throw thrown;
  }
}
