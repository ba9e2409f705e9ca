import type { Bytes, ConsoleInfo, ConsolePart, SessionId, SessionTime } from '../../../src-preload/contract/index.ts';
import { insertConsole, PIECE } from './console-rows.ts';
import type { Sqlite } from './sqlite.ts';

/** Output this close in time becomes one row: a person does not see the difference, and the file has fewer rows. */
const JOIN_MS = 50;
const HEAD = 1024 * 1024;

/** How many bytes of the beginning are kept permanently. */
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
 * The console of a recorded session. The beginning is kept; of the rest the newest output is kept, up to the limit, and the middle is
 * dropped over time. Appended output stays in memory until it is in the file.
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

  /** Output that is not in the file yet. */
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

  /** Writes pending output; inside a transaction. The returned function applies the change to memory once it is committed. */
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

  /** Adds as much as fits into one row; returns how much. */
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
