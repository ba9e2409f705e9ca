import { describe, expect, test } from 'vitest';
import { arrange, keepOrder } from './arrange.ts';
import type { Column } from './columns.ts';
import { toCsv } from './csv.ts';
import { scrollTopFor, TALLEST, virtualOffset } from './use-virtual-rows.ts';

interface Row {
  name: string;
  size: number | null;
}
const name: Column<Row> = { id: 'name', title: 'Name', kind: 'text', width: 1, value: (row) => row.name };
const size: Column<Row> = { id: 'size', title: 'Size', kind: 'bytes', width: 1, value: (row) => row.size };
const rows: Row[] = [
  { name: 'run 10', size: 5 },
  { name: 'run 9', size: null },
  { name: '', size: 1 },
  { name: 'Alpha', size: 5 },
];
const order = (column: Column<Row>, descending: boolean): number[] => [
  ...arrange({ rows, test: null, column, sort: { column: column.id, descending } }),
];

describe('sorting', () => {
  test('what has no value comes last, whichever way', () => {
    expect(order(size, false)).toEqual([2, 0, 3, 1]);
    expect(order(size, true)).toEqual([0, 3, 2, 1]);
    expect(order(name, true).at(-1)).toBe(2);
  });

  test('text sorts as people count', () => expect(order(name, false)).toEqual([3, 1, 0, 2]));

  test('without a sort the rows stay as they came', () =>
    expect([...arrange({ rows, test: (row) => row.size !== null, column: undefined, sort: null })]).toEqual([0, 2, 3]));
});

test('a frozen order keeps its places, drops what went and appends what came', () => {
  expect(keepOrder(['d', 'c', 'b'], ['a', 'b', 'c'])).toEqual(['b', 'c', 'd']);
});

test('CSV holds exact values, quotes what needs it, and gives a spreadsheet no formula', () => {
  const text = toCsv(
    [name, size],
    [
      { name: 'a "b", c', size: 1024 },
      { name: '=SUM(A1)', size: null },
    ],
  );
  expect(text).toBe('Name,Size\r\n"a ""b"", c",1024\r\n\'=SUM(A1),\r\n');
});

describe('scrolling beyond what an element may be tall', () => {
  const viewport = 660;

  test('is exact while it fits', () => expect(virtualOffset(12_345, TALLEST, viewport)).toBe(12_345));

  test('reaches the first and the last row', () => {
    const total = 5 * TALLEST;
    expect(virtualOffset(0, total, viewport)).toBe(0);
    expect(virtualOffset(TALLEST - viewport, total, viewport)).toBeCloseTo(total - viewport, 3);
    expect(virtualOffset(scrollTopFor(1_000_000, total, viewport), total, viewport)).toBeCloseTo(1_000_000, 3);
  });
});
