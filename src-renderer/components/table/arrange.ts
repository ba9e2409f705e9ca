import type { Column, Sort } from './columns.ts';

/** Above this many rows texts are compared by their code points: a collator takes seconds for a million. */
const COLLATE_UP_TO = 50_000;

/** Indices of `rows` that pass `test`, in order of the sort. Rows without a value come last either way; equals keep their order. */
export function arrange<Row>(rows: readonly Row[], test: ((row: Row) => boolean) | null, column: Column<Row> | undefined, sort: Sort | null): Uint32Array {
  const order = new Uint32Array(rows.length);
  let n = 0;
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i];
    if (row !== undefined && (test === null || test(row))) order[n++] = i;
  }
  const passed = order.subarray(0, n);
  if (column === undefined || sort === null) return passed;
  return column.kind === 'text' ? byText(passed, rows, column, sort.descending) : byNumber(passed, rows, column, sort.descending);
}

function byNumber<Row>(order: Uint32Array, rows: readonly Row[], column: Column<Row>, descending: boolean): Uint32Array {
  const keys = new Float64Array(rows.length);
  const last = descending ? -Infinity : Infinity;
  for (const i of order) {
    const row = rows[i];
    const value = row === undefined ? null : column.value(row);
    keys[i] = typeof value === 'number' && !Number.isNaN(value) ? value : last;
  }
  const key = (i: number): number => keys[i] ?? last;
  // Two infinities make NaN when subtracted: compare, do not subtract.
  return descending
    ? order.sort((a, b) => (key(a) < key(b) ? 1 : key(a) > key(b) ? -1 : a - b))
    : order.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b));
}

function byText<Row>(order: Uint32Array, rows: readonly Row[], column: Column<Row>, descending: boolean): Uint32Array {
  const keys: (string | null)[] = new Array<string | null>(rows.length).fill(null);
  for (const i of order) {
    const row = rows[i];
    const value = row === undefined ? null : column.value(row);
    keys[i] = value === null || value === '' ? null : String(value);
  }
  const collator = order.length <= COLLATE_UP_TO ? new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }) : null;
  const compare = (a: string, b: string): number => (collator === null ? (a < b ? -1 : a > b ? 1 : 0) : collator.compare(a, b));
  const sign = descending ? -1 : 1;
  return order.sort((a, b) => {
    const x = keys[a] ?? null;
    const y = keys[b] ?? null;
    if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1;
    return sign * compare(x, y) || a - b;
  });
}

/** The order as it was, for rows that changed while the user looks at them: what is gone is left out, what is new comes last. */
export function keepOrder<Key>(fresh: readonly Key[], before: readonly Key[]): Key[] {
  const there = new Set(fresh);
  const kept = before.filter((key) => there.has(key));
  const known = new Set(kept);
  return [...kept, ...fresh.filter((key) => !known.has(key))];
}
