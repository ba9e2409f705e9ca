import type { DamageReport } from '../../../src-preload/contract/index.ts';
import type { Table } from './schema.ts';
import { BadCell, type Row } from './sqlite.ts';

/** Rows met so far that hold what no row of theirs can hold: left out, and counted once each. */
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

/** Rows as `read` makes them, one at a time, so that a huge cell is held for a moment only. null leaves a row out silently, `BadCell` counts it. */
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
