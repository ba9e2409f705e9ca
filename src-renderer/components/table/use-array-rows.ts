import { computed, toRaw, toValue } from 'vue';
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

/**
 * A source over rows that are all here, filtered and sorted. Rows are read past Vue's proxies, which would cost seconds for a
 * million: a change is seen when the list is replaced, not when a row is changed in place.
 */
export function useArrayRows<Row>(options: ArrayRowsOptions<Row>): ComputedRef<RowSource<Row>> {
  let before: Arranged<Row> | null = null;
  return computed(() => {
    const rows = toRaw(toValue(options.rows));
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
    // By index: an iterator over a million places costs several times the sum itself.
    for (let at = 0; at < order.length; at += 1) {
      const row = rows[order[at] ?? 0];
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

  /** A scan costs some milliseconds for a million rows; a map of them would cost more, each time the order changes. */
  indexOf(key: RowKey, near: number): number {
    const isAt = (index: number): boolean => {
      const row = this.at(index);
      return row !== undefined && this.keyOf(row) === key;
    };
    if (isAt(near)) return near;
    for (let i = 0; i < this.count; i += 1) if (isAt(i)) return i;
    return -1;
  }
}
