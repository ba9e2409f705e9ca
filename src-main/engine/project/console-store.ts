import type { Bytes, ConsoleInfo, ConsolePart, SessionId, SessionTime } from '../../../src-preload/contract/index.ts';
import { CodecError } from './column-codec.ts';
import { deflate, inflate, rowChecksum } from './chunk-codec.ts';
import { id, time, whole } from './cells.ts';
import { BadCell, blob, isCorrupt, number, type Row, type Sqlite } from './sqlite.ts';

/** Longest stretch in one row. */
const PIECE = 64 * 1024;
/** Output this close in time is one row: a person does not see the difference, a file does. */
const JOIN_MS = 50;
const HEAD = 1024 * 1024;
const WORTH_COMPRESSING = 512;

/** How many bytes of the beginning are kept for good. */
function headOf(limit: Bytes): Bytes {
  return Math.min(HEAD, Math.floor(limit / 4));
}

interface Pending {
  offset: Bytes;
  t: SessionTime;
  length: Bytes;
  chunks: Uint8Array[];
}

/**
 * The console of a session that records. The beginning stays; of the rest the newest is kept, up to the limit, and the
 * middle is cut as it goes. What was appended stays in memory until it is in the file.
 */
export class ConsoleWriter {
  readonly #session: SessionId;
  readonly #limit: Bytes;
  #pending: Pending[] = [];
  #info: ConsoleInfo;

  constructor(session: SessionId, limit: Bytes, columns: number, rows: number) {
    this.#session = session;
    this.#limit = limit;
    this.#info = { total: 0, cutFrom: headOf(limit), cut: 0, columns, rows };
  }

  get info(): ConsoleInfo {
    return { ...this.#info, cutFrom: Math.min(this.#info.cutFrom, this.#info.total) };
  }

  get dirty(): boolean {
    return this.#pending.length > 0;
  }

  /** What is in no file yet. */
  get pending(): ConsolePart[] {
    return this.#pending.map(({ offset, t, chunks }) => ({ offset, t, data: Buffer.concat(chunks) }));
  }

  resize(columns: number, rows: number): void {
    this.#info = { ...this.#info, columns, rows };
  }

  /** The bytes are copied: the caller may use its buffer again. */
  append(t: SessionTime, bytes: Uint8Array): ConsolePart {
    const time = Math.max(0, Math.round(t) || 0);
    const part: ConsolePart = { offset: this.#info.total, t: time, data: Uint8Array.from(bytes) };
    for (let at = 0; at < part.data.length;) at += this.#add(time, part.data.subarray(at));
    return part;
  }

  /** Writes what is pending; inside a transaction. The result takes the change over once it is committed. */
  write(db: Sqlite): () => void {
    const parts = this.pending;
    const written = this.#pending.length;
    for (const part of parts) insertConsole(db, this.#session, part);
    const cut = this.#cutMiddle(db);
    return () => {
      this.#pending.splice(0, written);
      this.#info = { ...this.#info, cut };
    };
  }

  /** Adds as much as fits into one row; says how much. */
  #add(t: SessionTime, bytes: Uint8Array): Bytes {
    const { total, cutFrom } = this.#info;
    const last = this.#pending.at(-1);
    const joins = last !== undefined && t - last.t <= JOIN_MS && last.length < PIECE && total !== cutFrom;
    const room = Math.min(joins ? PIECE - last.length : PIECE, total < cutFrom ? cutFrom - total : Infinity);
    const taken = bytes.subarray(0, room);
    if (joins) {
      last.chunks.push(taken);
      last.length += taken.length;
    } else {
      this.#pending.push({ offset: total, t, length: taken.length, chunks: [taken] });
    }
    this.#info.total += taken.length;
    return taken.length;
  }

  #cutMiddle(db: Sqlite): Bytes {
    const { total, cutFrom, cut } = this.#info;
    const keepFrom = total - (this.#limit - cutFrom);
    if (keepFrom <= cutFrom + cut) return cut;
    const sql = 'SELECT max(start) FROM console WHERE session = ? AND start >= ? AND start <= ?';
    const start = db.number(sql, this.#session, cutFrom, keepFrom);
    if (start <= cutFrom + cut) return cut;
    db.run('DELETE FROM console WHERE session = ? AND start >= ? AND start < ?', this.#session, cutFrom, start);
    return start - cutFrom;
  }
}

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

/** At most `limit` bytes from `offset` on; what was cut is skipped. */
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
