import { computed, toValue } from 'vue';
import type { ComputedRef, MaybeRefOrGetter } from 'vue';
import { arrange, keepOrder } from './arrange.ts';
import type { Column, RowKey, RowSource, Sort } from './columns.ts';
import { parseFilter } from './filter.ts';

export interface ArrayRowsOptions<Row> {
  rows: MaybeRefOrGetter<readonly Row[]>;
  columns: MaybeRefOrGetter<readonly Column<Row>[]>;
  filter: MaybeRefOrGetter<string>;
  sort: MaybeRefOrGetter<Sort | null>;
  keyOf: (row: Row) => RowKey;
  /** While true, rows that change keep their places: the user has his eye on one. */
  frozen?: MaybeRefOrGetter<boolean>;
}

interface Arranged<Row> {
  asked: string;
  order: Uint32Array;
  rows: readonly Row[];
}

/** A source over rows that are all here, filtered and sorted. */
export function useArrayRows<Row>(options: ArrayRowsOptions<Row>): ComputedRef<RowSource<Row>> {
  let before: Arranged<Row> | null = null;
  return computed(() => {
    const rows = toValue(options.rows);
    const columns = toValue(options.columns);
    const text = toValue(options.filter).trim();
    const sort = toValue(options.sort);
    const filter = text === '' ? null : parseFilter(text, columns);
    const asked = JSON.stringify([text, sort]);
    let order = arrange(rows, filter?.test ?? null, columns.find((column) => column.id === sort?.column), sort);
    if (toValue(options.frozen) === true && before?.asked === asked) order = frozenOrder(rows, order, before, options.keyOf);
    before = { asked, order, rows };
    return new ArrayRows(rows, order, options.keyOf, sumUp(rows, order, columns), filter?.fault ?? null);
  });
}

function frozenOrder<Row>(rows: readonly Row[], order: Uint32Array, before: Arranged<Row>, keyOf: (row: Row) => RowKey): Uint32Array {
  const keys = (of: readonly Row[], at: Uint32Array): RowKey[] => [...at].map((i) => of[i]).filter((row) => row !== undefined).map((row) => keyOf(row as Row));
  const places = new Map([...order].map((i) => [rows[i] === undefined ? '' : keyOf(rows[i] as Row), i]));
  const kept = keepOrder(keys(rows, order), keys(before.rows, before.order));
  return Uint32Array.from(kept, (key) => places.get(key) ?? 0);
}

function sumUp<Row>(rows: readonly Row[], order: Uint32Array, columns: readonly Column<Row>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const column of columns) {
    if (column.sum === undefined) continue;
    let total = 0;
    for (const i of order) {
      const row = rows[i];
      const value = row === undefined ? null : column.value(row);
      if (typeof value === 'number') total += value;
    }
    sums[column.id] = total;
  }
  return sums;
}

class ArrayRows<Row> implements RowSource<Row> {
  readonly all: number;
  readonly count: number;
  readonly sums: Readonly<Record<string, number>>;
  readonly fault: string | null;
  readonly keyOf: (row: Row) => RowKey;
  readonly #rows: readonly Row[];
  readonly #order: Uint32Array;
  #places: Map<RowKey, number> | null = null;

  constructor(rows: readonly Row[], order: Uint32Array, keyOf: (row: Row) => RowKey, sums: Record<string, number>, fault: string | null) {
    this.#rows = rows;
    this.#order = order;
    this.keyOf = keyOf;
    this.all = rows.length;
    this.count = order.length;
    this.sums = sums;
    this.fault = fault;
  }

  at(index: number): Row | undefined {
    const place = this.#order[index];
    return place === undefined ? undefined : this.#rows[place];
  }

  /** Built when first asked for: most tables are scrolled and never asked. */
  indexOf(key: RowKey): number {
    if (this.#places === null) {
      this.#places = new Map();
      for (let i = 0; i < this.count; i += 1) {
        const row = this.at(i);
        if (row !== undefined) this.#places.set(this.keyOf(row), i);
      }
    }
    return this.#places.get(key) ?? -1;
  }
}
