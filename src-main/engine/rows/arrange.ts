import { filterTest, type FilterNode, type FilterReader, type RowRequest } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import { firstOf, orderBy, sortKeys } from '../heap/order.ts';
import type { JobControl } from '../worker/job-control.ts';

/** How to read rows that are numbers: the columns of a table over nodes, edges, or positions in a list. */
export interface ColumnReader extends FilterReader<number> {
  /** A column's sort key: its numbers, or the ranks of its texts; throws `filter.unknown-column`. */
  sortKey(column: string, rows: Uint32Array): (row: number) => number;
  /** The test of a filter word, if there is a faster one than reading every text; null: there is none. */
  word?(text: string): ((row: number) => boolean) | null;
}

const CHECK_EVERY = 1 << 14;
/** A longer list is not sorted to get its first page: a selection is faster. */
const SELECT_FROM = 200_000;
const SELECT_COUNT = 5_000;

/** The rows that match, in their order. */
export function filtered(rows: Uint32Array, filter: FilterNode | null, reader: ColumnReader, control: JobControl): Uint32Array {
  if (filter === null) return rows;
  const passes = testOf(filter, reader);
  const kept = new Uint32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    if (i % CHECK_EVERY === 0) control.progress({ step: 'filtering', done: i / rows.length });
    if (passes(rows[i]!)) kept[count++] = rows[i]!;
  }
  return count < rows.length ? kept.slice(0, count) : kept;
}

function testOf(node: FilterNode, reader: ColumnReader): (row: number) => boolean {
  if (node.kind === 'and' || node.kind === 'or') {
    const parts = node.parts.map((part) => testOf(part, reader));
    return node.kind === 'and' ? (row) => parts.every((part) => part(row)) : (row) => parts.some((part) => part(row));
  }
  if (node.kind === 'not') {
    const part = testOf(node.part, reader);
    return (row) => !part(row);
  }
  return (node.kind === 'word' ? reader.word?.(node.text) : null) ?? filterTest(node, reader);
}

/** All rows sorted by a column; the sort is stable. */
export function sorted(rows: Uint32Array, sort: NonNullable<RowRequest['sort']>, reader: ColumnReader): Uint32Array {
  const key = reader.sortKey(sort.column, rows);
  const order = orderBy(
    sortKeys(rows.length, (i) => key(rows[i]!)),
    sort.descending,
  );
  for (let i = 0; i < order.length; i++) order[i] = rows[order[i]!]!;
  return order;
}

/** The first `count` of `sorted`. */
export function sortedFirst(rows: Uint32Array, sort: NonNullable<RowRequest['sort']>, reader: ColumnReader, count: number): Uint32Array {
  const key = reader.sortKey(sort.column, rows);
  const keys = sortKeys(rows.length, (i) => key(rows[i]!));
  return firstOf(keys, sort.descending, count).map((i) => rows[i]!);
}

/** A page near the top of a long list, found without sorting the whole list. */
export function isFirstPage(rows: number, { from, count }: RowRequest): boolean {
  return rows >= SELECT_FROM && from + count <= SELECT_COUNT;
}

export function unknownColumn(column: string): HeapscopeError {
  return new HeapscopeError('filter.unknown-column', { column });
}

/** How to read rows that are objects: their columns by name, each of text or of numbers. */
export interface RowColumns<Row> {
  texts: Record<string, (row: Row) => string>;
  numbers: Record<string, (row: Row) => number | null>;
}

/** One page of a table that is small enough to exist as rows. */
export function pageOf<Row>(
  all: readonly Row[],
  request: RowRequest,
  columns: RowColumns<Row>,
): { total: number; rows: Row[]; passed: readonly Row[] } {
  const passed = request.filter === null ? all : all.filter(filterTest(request.filter, readerOf(columns)));
  const rows = request.sort === null ? passed : sortedRows(passed, request.sort, columns);
  return { total: passed.length, rows: rows.slice(request.from, request.from + request.count), passed };
}

function readerOf<Row>({ texts, numbers }: RowColumns<Row>): FilterReader<Row> {
  return {
    texts: Object.keys(texts),
    text: (column) => own(texts, column) ?? textOfNumber(own(numbers, column)),
    number: (column) => found(own(numbers, column), column),
  };
  function textOfNumber(read: ((row: Row) => number | null) | undefined): (row: Row) => string {
    const number = found(read, 'text');
    return (row) => String(number(row) ?? '');
  }
}

function sortedRows<Row>(
  rows: readonly Row[],
  { column, descending }: NonNullable<RowRequest['sort']>,
  { texts, numbers }: RowColumns<Row>,
): Row[] {
  const text = own(texts, column);
  const sign = descending ? -1 : 1;
  if (text) {
    const keyed = rows.map((row) => ({ row, key: text(row) }));
    return keyed.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
  }
  const number = found(own(numbers, column), column);
  const keyed = rows.map((row) => ({ row, key: number(row) ?? -Infinity }));
  return keyed.sort((a, b) => (a.key === b.key ? 0 : sign * (a.key - b.key))).map(({ row }) => row);
}

/** Column names come from outside: `constructor` is not one. */
export function own<T>(columns: Record<string, T>, column: string): T | undefined {
  return Object.hasOwn(columns, column) ? columns[column] : undefined;
}

function found<T>(value: T | undefined, column: string): T {
  if (value === undefined) throw unknownColumn(column);
  return value;
}
