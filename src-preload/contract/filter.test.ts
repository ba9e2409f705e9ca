import { describe, expect, test } from 'vitest';
import { filterExample, filterTest, parseFilter, quantity } from './filter.ts';
import type { FilterColumn, FilterReader } from './filter.ts';

interface Row {
  name: string;
  program: string;
  peak: number | null;
  duration: number;
  share: number;
  growth: number;
}

const columns: FilterColumn[] = [
  { id: 'name', title: 'Name', kind: 'text' },
  { id: 'program', title: 'Program', kind: 'text' },
  { id: 'peak', title: 'Peak RSS', kind: 'bytes' },
  { id: 'duration', title: '时长', kind: 'ms' },
  { id: 'share', title: 'Share', kind: 'ratio' },
  { id: 'growth', title: 'Growth', kind: 'bytes' },
];
const rows: Row[] = [
  { name: 'before', program: 'leaky.py --port 80', peak: 300 * 1024 ** 2, duration: 90_000, share: 0.5, growth: 4096 },
  { name: 'after the fix', program: 'leaky.py:12 f(x)', peak: 100 * 1024 ** 2, duration: 30_000, share: 0.05, growth: -2 * 1024 ** 2 },
  { name: 'crash and burn', program: '<lambda>', peak: null, duration: 500, share: 0.01, growth: 0 },
];
const reader: FilterReader<Row> = {
  texts: ['name', 'program'],
  text: (column) => (row) => (column === 'name' ? row.name : row.program),
  number: (column) => (row) => row[column as 'peak' | 'duration' | 'share' | 'growth'],
};

function passing(text: string): string[] {
  const { node } = parseFilter(text, columns);
  return rows.filter(node === null ? () => true : filterTest(node, reader)).map(({ name }) => name);
}
const [before, after, crash] = ['before', 'after the fix', 'crash and burn'];

describe('what cannot be understood', () => {
  test.each([
    ['dict colour > 3', { code: 'unknown-column', at: 5, length: 6, text: 'colour' }],
    ['"my colour" > 3', { code: 'unknown-column', at: 0, length: 11, text: 'my colour' }],
    ['name > 3', { code: 'wrong-operator', at: 0, length: 8, text: 'name > 3', kind: 'text' }],
    ['peak ~ 3MB', { code: 'wrong-operator', at: 0, length: 10, text: 'peak ~ 3MB', kind: 'bytes' }],
    ['(peak > many)', { code: 'not-a-quantity', at: 8, length: 4, text: 'many', kind: 'bytes' }],
    ['peak : 3q', { code: 'not-a-quantity', at: 7, length: 2, text: '3q', kind: 'bytes' }],
    ['a > 1 or b > 2', { code: 'unknown-column', at: 0, length: 1, text: 'a' }],
    ['leak ) x', { code: 'stray-bracket', at: 5, length: 1, text: ')' }],
    ['> 3', { code: 'no-column', at: 0, length: 1, text: '>' }],
  ])('%s is told with its place', (text, fault) => expect(parseFilter(text, columns).fault).toEqual(fault));

  test('nothing of it is applied: what matches a half would look like the answer', () => {
    expect(parseFilter('leaky colour > 3', columns).node).toBeNull();
    expect(passing('leaky colour > 3')).toHaveLength(3);
  });

  test('a text that no one types is refused, not read', () => {
    expect(parseFilter('('.repeat(100_000), columns)).toMatchObject({ node: null, fault: { code: 'too-long' } });
    expect(parseFilter('('.repeat(2000), columns)).toMatchObject({ node: null, fault: { code: 'too-deep', at: 1000 } });
  });

  test('conditions that lie deep in each other are refused, brackets around one condition are not', () => {
    const deep = (levels: number): string => `${'(a or (b '.repeat(levels)}c`;
    expect(parseFilter(deep(19), columns).fault).toBeNull();
    expect(parseFilter(deep(20), columns)).toMatchObject({ node: null, fault: { code: 'too-deep' } });
    expect(parseFilter(`${'('.repeat(900)}a`, columns)).toMatchObject({ node: { kind: 'word', text: 'a' }, fault: null });
    expect(parseFilter(`${'not '.repeat(401)}a`, columns)).toMatchObject({
      node: { kind: 'not', part: { kind: 'word', text: 'a' } },
      fault: null,
    });
  });

  test.each(['peak >', 'peak', 'peak > 1GB or', 'and', 'not', 'or', '(', '()', '-', '"', 'name ~', 'not (', 'peak > 1 MB and ('])(
    'what is not finished (%s) is no fault',
    (text) => expect(parseFilter(text, columns).fault).toBeNull(),
  );

  test.each([
    ['peak >', { at: 0, length: 6, text: 'peak >' }],
    ['leaky and peak > ', { at: 10, length: 6, text: 'peak >' }],
    ['leaky and', { at: 6, length: 3, text: 'and' }],
    ['leaky or ', { at: 6, length: 2, text: 'or' }],
    ['or leaky', { at: 0, length: 2, text: 'or' }],
    ['and leaky', { at: 0, length: 3, text: 'and' }],
    ['leaky and or fix', { at: 6, length: 3, text: 'and' }],
    ['leaky not', { at: 6, length: 3, text: 'not' }],
    ['leaky (fix or port', { at: 6, length: 1, text: '(' }],
    ['colour >', { at: 0, length: 8, text: 'colour >' }],
  ])('of %s it is told what is left out', (text, unfinished) => {
    expect(parseFilter(text, columns)).toMatchObject({ fault: null, unfinished });
  });

  test('the finished part is applied', () => expect(passing('leaky and peak >')).toEqual([before, after]));

  test.each(['', 'peak', 'peak > 1MB', '(leaky or fix) and not port', 'f(x)', '"two wor'])('%s leaves nothing out', (text) =>
    expect(parseFilter(text, columns).unfinished).toBeNull(),
  );

  test('an unfinished comparison changes nothing yet', () => expect(passing('peak >')).toHaveLength(3));

  test('a row without a value passes no comparison', () => expect(passing('peak < 1TB')).toEqual([before, after]));
});

test.each([
  ['', [before, after, crash]],
  ['LEAKY', [before, after]],
  ['leaky fix', [after]],
  ['leaky -port', [after]],
  ['not port', [after, crash]],
  ['-"after the"', [before, crash]],
  ['"after the"', [after]],
  ['"and"', [crash]],
  ['crash "and" burn', [crash]],
  ['f(x)', [after]],
  ['(f(x))', [after]],
  ['<lambda>', [crash]],
  ['leaky.py:12', [after]],
  ['--port', [before]],
  ['peak > 200MB', [before]],
  ['peak > 200 MB', [before]],
  ['(peak>200 mb)', [before]],
  ['peak>=100mib', [before, after]],
  ['"peak rss" > 200MB', [before]],
  ['时长 < 1m30s', [after, crash]],
  ['duration = 500', [crash]],
  ['duration : 500', [crash]],
  ['-duration > 1s', [crash]],
  ['name = "crash and burn"', [crash]],
  ['name != before', [after, crash]],
  ['name ~ FIX', [after]],
  ['name !~ fix', [before, crash]],
  ['program : .py name != before', [after]],
  ['share >= 5%', [before, after]],
  ['share > 5 %', [before]],
  ['growth < -1MB', [after]],
  ['growth > 0 or name ~ crash', [before, crash]],
  ['name ~ crash or leaky and peak > 200MB', [before, crash]],
  ['(name ~ crash OR leaky) AND peak > 200MB', [before]],
  ['not (growth > 0 or growth < 0)', [crash]],
  ['leaky and not(port)', [after]],
])('%s', (filter, expected) => {
  expect(parseFilter(filter, columns).fault).toBeNull();
  expect(passing(filter)).toEqual(expected);
});

test('the tree is plain data with exact values', () => {
  const { node } = parseFilter('retained > 1MB and -Weak', [{ id: 'retained', kind: 'bytes' }]);
  expect(JSON.parse(JSON.stringify(node))).toEqual({
    kind: 'and',
    parts: [
      { kind: 'number', column: 'retained', operator: '>', value: 1_048_576 },
      { kind: 'not', part: { kind: 'word', text: 'weak' } },
    ],
  });
});

test('quantities in the unit of their column', () => {
  expect(quantity('1.5KB', 'bytes')).toBe(1536);
  expect(quantity('−2k', 'bytes')).toBe(-2048);
  expect(quantity('1m30s', 'ms')).toBe(90_000);
  expect(quantity('10k', 'count')).toBe(10_000);
  expect(quantity('1,000', 'count')).toBe(1000);
  expect(quantity('12.5%', 'ratio')).toBe(0.125);
  expect(quantity('2026-11-22', 'time')).toBe(Date.UTC(2026, 10, 22));
  expect(quantity('ten', 'count')).toBeNull();
  expect(quantity('1x', 'ms')).toBeNull();
  expect(quantity('', 'bytes')).toBeNull();
});

test.each<FilterColumn>([
  ...columns,
  { id: 'bytes', title: '± Count (%)', kind: 'count' },
  { id: 'a', title: '-minus', kind: 'count' },
  { id: 'b', title: 'Not', kind: 'count' },
  { id: 'c', title: 'a:b', kind: 'ratio' },
  { id: 'd', title: 'Start', kind: 'time' },
  { id: 'e', title: 'growth of peak', kind: 'count' },
  { id: 'plain', kind: 'ms' },
])('the example of $id $title is understood', (column) => {
  const others = columns.filter(({ id }) => id !== column.id);
  const { node, fault, unfinished } = parseFilter(filterExample(column), [...others, column]);
  expect([fault, unfinished]).toEqual([null, null]);
  expect(node).toMatchObject({ column: column.id });
});

test('a title goes before the id of another column', () => {
  const two: FilterColumn[] = [
    { id: 'size', title: 'Shallow', kind: 'bytes' },
    { id: 'whole', title: 'Size', kind: 'bytes' },
  ];
  expect(parseFilter('size > 1', two).node).toMatchObject({ column: 'whole' });
  expect(parseFilter('whole > 1', two).node).toMatchObject({ column: 'whole' });
});
