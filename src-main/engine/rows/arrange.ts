import { filterTest, type FilterNode, type FilterReader, type RowRequest } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import { firstOf, orderBy, sortKeys } from '../heap/order.ts';
import type { JobControl } from '../worker/job-control.ts';

/** How rows that are numbers are read: the columns of a table over nodes, edges, or positions in a list. */
export interface ColumnReader extends FilterReader<number> {
  /** What a column sorts by: its numbers, or the ranks of its texts; throws `filter.unknown-column`. */
  sortKey(column: string, rows: Uint32Array): (row: number) => number;
  /** The test of a word, where there is a faster one than reading every text; null: there is none. */
  word?(text: string): ((row: number) => boolean) | null;
}

const CHECK_EVERY = 1 << 14;
/** A longer list is not sorted for its first page: that is found faster. */
const SELECT_FROM = 200_000;
const SELECT_COUNT = 5_000;

/** The rows that pass, in their order. */
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

/** All rows by a column; equal ones stay in their order. */
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

/** A page near the top of a long list, which need not be sorted as a whole for it. */
export function isFirstPage(rows: number, { from, count }: RowRequest): boolean {
  return rows >= SELECT_FROM && from + count <= SELECT_COUNT;
}

export function unknownColumn(column: string): HeapscopeError {
  return new HeapscopeError('filter.unknown-column', { column });
}

/** How rows that are objects are read: their columns by name, each of text or of numbers. */
export interface RowColumns<Row> {
  texts: Record<string, (row: Row) => string>;
  numbers: Record<string, (row: Row) => number | null>;
}

/** One page of a table that is small enough to be there as rows. */
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

/** Columns are named from outside: `constructor` is none. */
export function own<T>(columns: Record<string, T>, column: string): T | undefined {
  return Object.hasOwn(columns, column) ? columns[column] : undefined;
}

function found<T>(value: T | undefined, column: string): T {
  if (value === undefined) throw unknownColumn(column);
  return value;
}
