import { computed, onScopeDispose, shallowRef, toRaw, toValue, watch } from 'vue';
import type { ComputedRef, MaybeRefOrGetter } from 'vue';
import type { FilterFault } from '../../../src-preload/contract/index.ts';
import { t } from '../../format/i18n.ts';
import { allAtOnce, arrange, arranging, keepOrder, STRIDE } from './arrange.ts';
import type { Column, RowKey, Sort } from './columns.ts';
import { inSlices } from './in-slices.ts';
import { readFilter } from './read-filter.ts';
import type { RowFilter } from './read-filter.ts';
import type { RowSource, Trouble, Work } from './source.ts';

export interface ArrayRowsOptions<Row> {
  rows: MaybeRefOrGetter<readonly Row[]>;
  columns: MaybeRefOrGetter<readonly Column<Row>[]>;
  filter: MaybeRefOrGetter<string>;
  sort: MaybeRefOrGetter<Sort | null>;
  keyOf: (row: Row) => RowKey;
  /** While true, rows that change keep their places: the user is working with one. */
  frozen?: MaybeRefOrGetter<boolean>;
}

/** Above this many rows filtering and sorting run in slices, with progress: otherwise they would block the window. */
export const AT_ONCE = 200_000;

interface Wish<Row> {
  /** The filter and the sort, as text. */
  asked: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  sort: Sort | null;
  filter: RowFilter<Row>;
  frozen: boolean;
}

interface Arranged<Row> {
  asked: string;
  rows: readonly Row[];
  /** null: all rows in their original order. */
  order: Uint32Array | null;
  sums: Record<string, number>;
}

const arrangementOf = <Row>({ rows, columns, sort, filter }: Wish<Row>) => ({
  rows,
  test: filter.test,
  column: columns.find(({ id }) => id === sort?.column),
  sort,
});

/**
 * A source over rows that are all in memory, filtered and sorted. Rows are read without Vue's proxies, which would cost seconds for a
 * million: a change is noticed when the list is replaced, not when a row is changed in place.
 */
export function useArrayRows<Row>(options: ArrayRowsOptions<Row>): ComputedRef<RowSource<Row>> {
  const wish = computed<Wish<Row>>(() => {
    const columns = toValue(options.columns);
    const text = toValue(options.filter).trim();
    const sort = toValue(options.sort);
    return {
      asked: JSON.stringify([text, sort]),
      rows: toRaw(toValue(options.rows)),
      columns,
      sort,
      filter: readFilter(text, columns),
      frozen: toValue(options.frozen) === true,
    };
  });
  const isQuick = ({ rows }: Wish<Row>): boolean => rows.length <= AT_ONCE;
  let before: Arranged<Row> | null = null;
  const quick = computed(() => (isQuick(wish.value) ? (before = arrangedNow(wish.value, before, options.keyOf)) : null));
  const slow = useSlices(() => (isQuick(wish.value) ? null : wish.value));
  return computed(() => {
    const { filter, rows } = wish.value;
    const idle = quick.value !== null;
    return new ArrayRows(
      rows.length,
      quick.value ?? slow.arranged.value,
      options.keyOf,
      filter.fault,
      idle ? null : slow.work.value,
      idle ? null : slow.trouble.value,
    );
  });
}

function arrangedNow<Row>(wish: Wish<Row>, before: Arranged<Row> | null, keyOf: (row: Row) => RowKey): Arranged<Row> {
  const { rows, columns, asked } = wish;
  let order = arrange(arrangementOf(wish));
  if (wish.frozen && before?.asked === asked) order = frozenOrder(rows, order, before, keyOf);
  return { asked, rows, order, sums: allAtOnce(summing(rows, order, columns)) };
}

/** Arranges the latest request in slices; the previous rows stay until it is done. */
function useSlices<Row>(wanted: () => Wish<Row> | null): {
  arranged: { value: Arranged<Row> | null };
  work: { value: Work | null };
  trouble: { value: Trouble | null };
} {
  const arranged = shallowRef<Arranged<Row> | null>(null);
  const work = shallowRef<Work | null>(null);
  const trouble = shallowRef<Trouble | null>(null);
  let latest: AbortController | null = null;

  async function start(wish: Wish<Row>): Promise<void> {
    const own = (latest = new AbortController());
    const cancel = (): void => {
      own.abort();
      work.value = null;
      trouble.value = { kind: 'cancelled', text: t('table.cancelled'), again: () => void start(wish) };
    };
    trouble.value = null;
    const { asked, rows, columns } = wish;
    const asTheyCame = wish.sort === null && wish.filter.test === null;
    if (asTheyCame) arranged.value = { asked, rows, order: null, sums: {} };
    else work.value = { done: 0, cancel };
    const order = asTheyCame ? null : await inSlices(arranging(arrangementOf(wish)), own.signal, (done) => (work.value = { done, cancel }));
    if (own.signal.aborted) return;
    if (!asTheyCame) arranged.value = { asked, rows, order, sums: {} };
    work.value = null;
    const sums = await inSlices(summing(rows, order, columns), own.signal, () => undefined);
    if (sums !== null) arranged.value = { asked, rows, order, sums };
  }

  watch(
    wanted,
    (wish, last) => {
      if (wish !== null && last?.rows === wish.rows && last.asked === wish.asked && last.columns === wish.columns) return;
      latest?.abort();
      work.value = trouble.value = null;
      if (wish === null) arranged.value = null;
      else void start(wish);
    },
    { immediate: true, flush: 'sync' },
  );
  onScopeDispose(() => latest?.abort());
  return { arranged, work, trouble };
}

function frozenOrder<Row>(rows: readonly Row[], order: Uint32Array, before: Arranged<Row>, keyOf: (row: Row) => RowKey): Uint32Array {
  const keyAt = (of: readonly Row[], i: number): RowKey => {
    const row = of[i];
    return row === undefined ? '' : keyOf(row);
  };
  const places = new Map([...order].map((i) => [keyAt(rows, i), i]));
  const last = [...(before.order ?? before.rows.keys())].map((i) => keyAt(before.rows, i));
  return Uint32Array.from(keepOrder([...places.keys()], last), (key) => places.get(key) ?? 0);
}

/** Sums of the columns that have one; in slices, like `arranging`. */
function* summing<Row>(
  rows: readonly Row[],
  order: Uint32Array | null,
  columns: readonly Column<Row>[],
): Generator<number, Record<string, number>> {
  const sums: Record<string, number> = {};
  const n = order?.length ?? rows.length;
  for (const column of columns) {
    if (column.sum === undefined) continue;
    let total = 0;
    // By index: an iterator over a million positions costs several times the sum itself.
    for (let at = 0; at < n; at += 1) {
      if (at % STRIDE === 0) yield at / n;
      const row = rows[order === null ? at : (order[at] ?? 0)];
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
  readonly fault: FilterFault | null;
  readonly work: Work | null;
  readonly trouble: Trouble | null;
  readonly keyOf: (row: Row) => RowKey;
  readonly #rows: readonly Row[];
  readonly #order: Uint32Array | null;

  constructor(
    all: number,
    arranged: Arranged<Row> | null,
    keyOf: (row: Row) => RowKey,
    fault: FilterFault | null,
    work: Work | null,
    trouble: Trouble | null,
  ) {
    this.#rows = arranged?.rows ?? [];
    this.#order = arranged?.order ?? null;
    this.keyOf = keyOf;
    this.all = all;
    this.count = this.#order?.length ?? this.#rows.length;
    this.sums = arranged?.sums ?? {};
    this.fault = fault;
    this.work = work;
    this.trouble = trouble;
  }

  at(index: number): Row | undefined {
    const place = this.#order === null ? index : this.#order[index];
    return place === undefined ? undefined : this.#rows[place];
  }

  /** A scan costs some milliseconds for a million rows; a map would cost more each time the order changes. */
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
