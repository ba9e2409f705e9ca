import type { ProcessId, SeriesId, SessionId } from '../../../src-preload/contract/index.ts';
import type { Sqlite } from './sqlite.ts';

/** The tables whose rows are numbered here, and their number types. */
interface Numbers {
  session: SessionId;
  process: ProcessId;
  series: SeriesId;
  event: number;
  allocation_track: number;
}

/**
 * Assigns numbers before their rows are written, so that memory and file agree. There is one writer at a time, and numbers of deleted rows
 * are not reused (AUTOINCREMENT keeps the highest in `sqlite_sequence`).
 */
export class IdCounter {
  readonly #last = new Map<keyof Numbers, number>();

  constructor(db: Sqlite) {
    this.reload(db);
  }

  /** The file was replaced, or was written by another process. */
  reload(db: Sqlite): void {
    for (const table of ['session', 'process', 'series', 'event', 'allocation_track'] as const) {
      const kept = db.number('SELECT seq FROM sqlite_sequence WHERE name = ?', table);
      this.#last.set(table, Math.max(kept, db.number(`SELECT max(id) FROM ${table}`)));
    }
  }

  next<Table extends keyof Numbers>(table: Table): Numbers[Table] {
    const id = (this.#last.get(table) ?? 0) + 1;
    this.#last.set(table, id);
    return id;
  }
}
