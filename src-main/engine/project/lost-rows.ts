import type { DamageReport } from '../../../src-preload/contract/index.ts';
import { HIGHEST_ID } from './cells.ts';
import type { Table } from './schema.ts';
import { BadCell, type Row, type Sqlite } from './sqlite.ts';

/** The number by which rows of a table are queried; each has an index. */
const ASKED_BY = [
  ['process', 'session'],
  ['series', 'session'],
  ['event', 'session'],
  ['console', 'session'],
  ['snapshot', 'session'],
  ['bookmark', 'snapshot'],
  ['allocation_track', 'session'],
] as const satisfies readonly (readonly [Table, string])[];

/** Invalid rows found so far: left out, and counted once each. */
export class LostRows {
  readonly #met = new Map<Table, Set<unknown>>();

  add(table: Table, id: unknown): void {
    const met = this.#met.get(table) ?? new Set();
    this.#met.set(table, met.add(id));
  }

  get counts(): DamageReport['lost'] {
    return [...this.#met].map(([table, { size }]) => ({ table, rows: size }));
  }
}

/**
 * Rows as `read` makes them, one at a time, so that a huge cell is held only for a moment. null omits a row silently, `BadCell` counts it.
 */
export function* readable<T>(rows: Iterable<Row>, read: (row: Row) => T | null, table: Table, lost?: LostRows): Generator<T> {
  for (const row of rows) {
    let value: T | null = null;
    try {
      value = read(row);
    } catch (thrown) {
      if (!(thrown instanceof BadCell)) throw thrown;
      lost?.add(table, row['id']);
    }
    if (value !== null) yield value;
  }
}

/** Counts rows whose owner's number is not one of ours: they are never queried, so they are looked for on opening. */
export function countStray(db: Sqlite, lost: LostRows): void {
  for (const [table, column] of ASKED_BY) {
    const sql = `SELECT id FROM ${table} WHERE ${column} < 1 UNION ALL SELECT id FROM ${table} WHERE ${column} > ?`;
    for (const row of db.iterate(sql, HIGHEST_ID)) lost.add(table, row['id']);
  }
}
