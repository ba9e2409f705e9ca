import type { Sqlite } from './sqlite.ts';

type Numbered = 'session' | 'process' | 'series' | 'event';

/**
 * Gives numbers before their rows are written, so that memory and file agree. There is one writer at a time, and numbers of
 * deleted rows do not come back (AUTOINCREMENT keeps the highest in `sqlite_sequence`).
 */
export class IdCounter {
  readonly #last = new Map<Numbered, number>();

  constructor(db: Sqlite) {
    this.reload(db);
  }

  /** The file is another one, or was written by another process. */
  reload(db: Sqlite): void {
    for (const table of ['session', 'process', 'series', 'event'] as const) {
      const kept = db.number('SELECT seq FROM sqlite_sequence WHERE name = ?', table);
      this.#last.set(table, Math.max(kept, db.number(`SELECT max(id) FROM ${table}`)));
    }
  }

  next(table: Numbered): number {
    const id = (this.#last.get(table) ?? 0) + 1;
    this.#last.set(table, id);
    return id;
  }
}
