import type { Bytes, ConsolePart, SessionId } from '../../../src-preload/contract/index.ts';
import { id, time, whole } from './cells.ts';
import { deflate, inflate, rowChecksum } from './chunk-codec.ts';
import { CodecError } from './column-codec.ts';
import { BadCell, blob, isCorrupt, number, type Row, type Sqlite } from './sqlite.ts';

/** Longest piece of output in one row. */
export const PIECE = 64 * 1024;
const WORTH_COMPRESSING = 512;

export function insertConsole(db: Sqlite, session: SessionId, { offset, t, data }: ConsolePart): void {
  const frame = data.length >= WORTH_COMPRESSING ? deflate(data) : data;
  const packed = frame.length < data.length;
  const stored = packed ? frame : data;
  const crc = rowChecksum([session, offset, data.length, t], stored);
  const sql = 'INSERT INTO console (session, start, length, t, crc, packed, data) VALUES (?, ?, ?, ?, ?, ?, ?)';
  db.run(sql, session, offset, data.length, t, crc, packed ? 1 : 0, stored);
}

/** The stored parts that hold bytes from `from` on, in order; a damaged one is left out. */
export function* storedConsole(db: Sqlite, session: SessionId, from: Bytes): Generator<ConsolePart> {
  const sql = 'SELECT * FROM console WHERE session = ? AND start > ? AND start + length > ? ORDER BY start';
  try {
    for (const row of db.iterate(sql, session, from - PIECE - 1, from)) {
      const part = toPart(row);
      if (part !== null) yield part;
    }
  } catch (thrown) {
    if (!isCorrupt(thrown)) throw thrown;
  }
}

function toPart(row: Row): ConsolePart | null {
  try {
    const [session, offset, length, t] = [id(row, 'session'), whole(row, 'start'), whole(row, 'length', 1, PIECE), time(row, 't')];
    const stored = blob(row, 'data');
    if (rowChecksum([session, offset, length, t], stored) !== number(row, 'crc')) return null;
    const data = number(row, 'packed') === 1 ? inflate(stored, length) : stored;
    return data.length === length ? { offset, t, data } : null;
  } catch (thrown) {
    if (thrown instanceof CodecError || thrown instanceof BadCell) return null;
    throw thrown;
  }
}

/** At most `limit` bytes from `offset` on; gaps are skipped. */
export function readParts(parts: Iterable<ConsolePart>, offset: Bytes, limit: Bytes): ConsolePart[] {
  const found: ConsolePart[] = [];
  let left = limit;
  for (const part of parts) {
    if (left <= 0) break;
    const skip = Math.max(0, offset - part.offset);
    if (skip >= part.data.length) continue;
    const data = part.data.subarray(skip, skip + left);
    found.push({ offset: part.offset + skip, t: part.t, data });
    left -= data.length;
  }
  return found;
}
