import { describe, expect, it } from 'vitest';
import type { FilterNode, RowRequest } from '../../../src-preload/contract/index.ts';
import { UNWATCHED } from '../worker/job-control.ts';
import { filtered, isFirstPage, pageOf, sorted, sortedFirst } from './arrange.ts';
import type { ColumnReader, RowColumns } from './arrange.ts';

interface Fruit {
  name: string;
  weight: number | null;
}
const FRUIT: Fruit[] = [
  { name: 'pear', weight: 3 },
  { name: 'fig', weight: null },
  { name: 'apple', weight: -1 },
  { name: 'plum', weight: 3 },
];
const columns: RowColumns<Fruit> = { texts: { name: ({ name }) => name }, numbers: { weight: ({ weight }) => weight } };
const heavier = (value: number): FilterNode => ({ kind: 'number', column: 'weight', operator: '>', value });
const ask = (change: Partial<RowRequest> = {}): RowRequest => ({ filter: null, sort: null, from: 0, count: 10, ...change });
const names = (request: RowRequest): string[] => pageOf(FRUIT, request, columns).rows.map(({ name }) => name);
const by = (column: string, descending = false): Partial<RowRequest> => ({ sort: { column, descending } });

describe('a page of rows', () => {
  it.each([
    ['pear fig', { from: 0, count: 2 }],
    ['fig apple', { from: 1, count: 2 }],
    ['plum', { from: 3, count: 2 }],
    ['', { from: 4, count: 2 }],
    ['', { from: 0, count: 0 }],
  ])('is "%s" for %j', (expected, part) => expect(names(ask(part)).join(' ')).toBe(expected));

  it('counts all that pass the filter, and hands them out as they were', () => {
    const page = pageOf(FRUIT, ask({ filter: heavier(0), ...by('weight'), from: 1, count: 1 }), columns);
    expect([page.total, page.rows, page.passed]).toEqual([2, [FRUIT[3]], [FRUIT[0], FRUIT[3]]]);
  });

  it('is sorted both ways; equal rows stay in their order, those without a value are least', () => {
    expect(names(ask(by('name')))).toEqual(['apple', 'fig', 'pear', 'plum']);
    expect(names(ask(by('name', true)))).toEqual(['plum', 'pear', 'fig', 'apple']);
    expect(names(ask(by('weight')))).toEqual(['fig', 'apple', 'pear', 'plum']);
    expect(names(ask(by('weight', true)))).toEqual(['pear', 'plum', 'apple', 'fig']);
    const none = [FRUIT[1]!, { name: 'nut', weight: null }];
    expect(pageOf(none, ask(by('weight', true)), columns).rows).toEqual(none);
    expect(pageOf([FRUIT[0]!, { ...FRUIT[0]!, weight: 9 }], ask(by('name')), columns).rows.map(({ weight }) => weight)).toEqual([3, 9]);
  });

  it('finds a number by its digits, and no digits where there is none', () => {
    const is = (value: string): FilterNode => ({ kind: 'text', column: 'weight', operator: '=', value });
    expect(names(ask({ filter: is('-1') }))).toEqual(['apple']);
    expect(names(ask({ filter: is('') }))).toEqual(['fig']);
    expect(names(ask({ filter: { kind: 'word', text: 'pl' } }))).toEqual(['apple', 'plum']);
  });

  it.each([by('taste'), by('constructor'), { filter: { ...heavier(1), column: 'taste' } }, { filter: { ...heavier(1), column: 'name' } }])(
    'has no such column: %j',
    (part) => expect(() => names(ask(part as Partial<RowRequest>))).toThrow(expect.objectContaining({ code: 'filter.unknown-column' })),
  );
});

/** Rows 10, 11, 12 … with these values. */
function numbered(...values: number[]): { rows: Uint32Array; reader: ColumnReader } {
  const at = (row: number): number => values[row - 10]!;
  const reader: ColumnReader = { texts: ['text'], text: () => (row) => `v${at(row)}`, number: () => at, sortKey: () => at };
  return { rows: Uint32Array.from(values, (_, i) => 10 + i), reader };
}

describe('lists of numbers', () => {
  const { rows, reader } = numbered(5, 3, 5, 1);

  it('are sorted stably, whole or only their beginning', () => {
    for (const [descending, order] of [
      [true, [10, 12, 11, 13]],
      [false, [13, 11, 10, 12]],
    ] as const) {
      const sort = { column: 'weight', descending };
      expect([...sorted(rows, sort, reader)]).toEqual(order);
      for (let count = 0; count <= 4; count++) expect([...sortedFirst(rows, sort, reader, count)]).toEqual(order.slice(0, count));
    }
  });

  const test = (node: FilterNode): number[] => [...filtered(rows, node, reader, UNWATCHED)];

  it('keep what passes, whatever the filter is made of', () => {
    expect(filtered(rows, null, reader, UNWATCHED)).toBe(rows);
    expect(test(heavier(3))).toEqual([10, 12]);
    expect(test(heavier(0))).toEqual([10, 11, 12, 13]);
    expect(test({ kind: 'not', part: heavier(3) })).toEqual([11, 13]);
    const less: FilterNode = { kind: 'number', column: 'weight', operator: '<', value: 5 };
    expect(test({ kind: 'and', parts: [heavier(1), less] })).toEqual([11]);
    expect(test({ kind: 'or', parts: [heavier(4), { ...less, value: 3 }] })).toEqual([10, 12, 13]);
  });

  it('ask the faster test of a word where there is one, also inside of others', () => {
    const fast: ColumnReader = { ...reader, word: (text) => (text === 'odd' ? (row) => row % 2 === 1 : null) };
    const word = (text: string): FilterNode => ({ kind: 'not', part: { kind: 'and', parts: [{ kind: 'word', text }] } });
    expect([...filtered(rows, word('odd'), fast, UNWATCHED)]).toEqual([10, 12]);
    expect([...filtered(rows, word('v5'), fast, UNWATCHED)]).toEqual([11, 13]);
    expect([...filtered(rows, word('v5'), reader, UNWATCHED)]).toEqual([11, 13]);
  });

  it('tell how far they are each 16,384 rows, and stop when nobody waits', () => {
    const many = new Uint32Array(40_000);
    const told: (number | null)[] = [];
    const seen = { ...UNWATCHED, progress: ({ done }: { done: number | null }) => void told.push(done) };
    filtered(many, heavier(9), { ...reader, number: () => () => 0 }, seen);
    expect(told).toEqual([0, 16_384 / 40_000, 32_768 / 40_000]);
  });
});

it('the first page of a long list is found without sorting all of it: from 200,000 rows, up to row 5,000', () => {
  expect(isFirstPage(200_000, ask({ from: 4_900, count: 100 }))).toBe(true);
  expect(isFirstPage(199_999, ask({ from: 0, count: 100 }))).toBe(false);
  expect(isFirstPage(200_000, ask({ from: 4_901, count: 100 }))).toBe(false);
});
