import type { Column, Sort } from './columns.ts';

/** Above this many rows texts are compared by their code points: a collator takes seconds for a million. */
const COLLATE_UP_TO = 50_000;
/** Steps between two checks of the clock. */
export const STRIDE = 4096;
/** Positions that are sorted at once, before they are merged. */
const RUN = 8192;

/** The input of `arrange`. */
export interface Arrangement<Row> {
  rows: readonly Row[];
  /** null: all rows match. */
  test: ((row: Row) => boolean) | null;
  column: Column<Row> | undefined;
  sort: Sort | null;
}

type Compare = (a: number, b: number) => number;

/**
 * Indices of the matching rows, in sort order. Rows without a value come last in either direction; equal rows keep their order. A
 * generator, so that a million rows can be arranged in slices: it yields its progress, 0 to 1, every few thousand steps.
 */
export function* arranging<Row>(wanted: Arrangement<Row>): Generator<number, Uint32Array> {
  const { rows, column, sort } = wanted;
  const sorted = column !== undefined && sort !== null;
  const passed = yield* passing(wanted, sorted ? 0.3 : 1);
  if (!sorted) return passed;
  const compare = yield* column.kind === 'text'
    ? textOrder(passed, rows, column, sort.descending)
    : numberOrder(passed, rows, column, sort.descending);
  return yield* merged(passed, compare);
}

/** All at once: for rows that are few enough. */
export const arrange = <Row>(wanted: Arrangement<Row>): Uint32Array => allAtOnce(arranging(wanted));

export function allAtOnce<T>(steps: Generator<number, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function* passing<Row>({ rows, test }: Arrangement<Row>, share: number): Generator<number, Uint32Array> {
  const order = new Uint32Array(rows.length);
  let n = 0;
  for (let i = 0; i < rows.length; i += 1) {
    if (test !== null && i % STRIDE === 0) yield (share * i) / rows.length;
    const row = rows[i];
    if (row !== undefined && (test === null || test(row))) order[n++] = i;
  }
  return order.subarray(0, n);
}

function* numberOrder<Row>(order: Uint32Array, rows: readonly Row[], column: Column<Row>, descending: boolean): Generator<number, Compare> {
  const keys = new Float64Array(rows.length);
  const last = descending ? -Infinity : Infinity;
  for (let at = 0; at < order.length; at += 1) {
    if (at % STRIDE === 0) yield 0.3 + (0.2 * at) / order.length;
    const i = order[at] ?? 0;
    const row = rows[i];
    const value = row === undefined ? null : column.value(row);
    keys[i] = typeof value === 'number' && !Number.isNaN(value) ? value : last;
  }
  // Two infinities make NaN when subtracted: compare, do not subtract.
  const key = (i: number): number => keys[i] ?? last;
  return descending
    ? (a, b) => (key(a) < key(b) ? 1 : key(a) > key(b) ? -1 : a - b)
    : (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b);
}

function* textOrder<Row>(order: Uint32Array, rows: readonly Row[], column: Column<Row>, descending: boolean): Generator<number, Compare> {
  const keys: (string | null)[] = new Array<string | null>(rows.length).fill(null);
  for (let at = 0; at < order.length; at += 1) {
    if (at % STRIDE === 0) yield 0.3 + (0.2 * at) / order.length;
    const i = order[at] ?? 0;
    const row = rows[i];
    const value = row === undefined ? null : column.value(row);
    keys[i] = value === null || value === '' ? null : String(value);
  }
  const collator = order.length <= COLLATE_UP_TO ? new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }) : null;
  const compare = (a: string, b: string): number => (collator === null ? (a < b ? -1 : a > b ? 1 : 0) : collator.compare(a, b));
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const x = keys[a] ?? null;
    const y = keys[b] ?? null;
    if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1;
    return sign * compare(x, y) || a - b;
  };
}

/** Sorted runs, merged two by two from the bottom up: it can pause anywhere, which the built-in sort cannot. */
function* merged(order: Uint32Array, compare: Compare): Generator<number, Uint32Array> {
  const n = order.length;
  const rounds = Math.max(1, Math.ceil(Math.log2(n / RUN)) + 1);
  for (let from = 0; from < n; from += RUN) {
    yield 0.5 + (0.5 * from) / n / rounds;
    order.subarray(from, Math.min(n, from + RUN)).sort(compare);
  }
  let source = order;
  let target = n > RUN ? new Uint32Array(n) : order;
  for (let width = RUN, round = 1; width < n; width *= 2, round += 1) {
    for (let from = 0; from < n; from += 2 * width) {
      yield* mergeTwo(
        source,
        target,
        from,
        Math.min(n, from + width),
        Math.min(n, from + 2 * width),
        compare,
        (at) => 0.5 + (0.5 * (round + at / n)) / rounds,
      );
    }
    [source, target] = [target, source];
  }
  return source;
}

function* mergeTwo(
  source: Uint32Array,
  target: Uint32Array,
  from: number,
  middle: number,
  end: number,
  compare: Compare,
  done: (at: number) => number,
): Generator<number> {
  let a = from;
  let b = middle;
  for (let to = from; to < end; to += 1) {
    if (to % STRIDE === 0) yield done(to);
    const left = source[a] ?? 0;
    const right = source[b] ?? 0;
    const takeLeft = b >= end || (a < middle && compare(left, right) <= 0);
    target[to] = takeLeft ? left : right;
    if (takeLeft) a += 1;
    else b += 1;
  }
}

/** The previous order, for rows that changed while the user looks at them: rows that are gone are left out, new ones come last. */
export function keepOrder<Key>(fresh: readonly Key[], before: readonly Key[]): Key[] {
  const there = new Set(fresh);
  const kept = before.filter((key) => there.has(key));
  const known = new Set(kept);
  return [...kept, ...fresh.filter((key) => !known.has(key))];
}
