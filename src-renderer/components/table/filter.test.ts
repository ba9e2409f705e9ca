import { describe, expect, test } from 'vitest';
import type { Column } from './columns.ts';
import { parseFilter, quantity } from './filter.ts';

interface Run {
  name: string;
  program: string;
  peak: number | null;
  duration: number;
}

const columns: Column<Run>[] = [
  { id: 'name', title: 'Name', kind: 'text', width: 1, value: (row) => row.name },
  { id: 'program', title: 'Program', kind: 'text', width: 1, value: (row) => row.program },
  { id: 'peak', title: 'Peak RSS', kind: 'bytes', width: 1, value: (row) => row.peak },
  { id: 'duration', title: 'Duration', kind: 'ms', width: 1, value: (row) => row.duration },
];
const rows: Run[] = [
  { name: 'before', program: 'leaky.py --port 80', peak: 300 * 1024 ** 2, duration: 90_000 },
  { name: 'after the fix', program: 'leaky.py', peak: 100 * 1024 ** 2, duration: 30_000 },
  { name: 'crash', program: 'crash.py', peak: null, duration: 500 },
];
const names = (filter: string): string[] => rows.filter(parseFilter(filter, columns).test).map((row) => row.name);

describe('what cannot be understood', () => {
  test.each(['colour > 3', 'name > 3', 'peak > many', 'peak : 3q'])('%s names its column', (text) => {
    expect(parseFilter(text, columns).fault).toBe(text.split(' ')[0]);
  });

  test('an unfinished comparison changes nothing yet', () => {
    expect(parseFilter('peak >', columns).fault).toBeNull();
    expect(names('peak >')).toHaveLength(3);
  });

  test('a row without a value passes no comparison', () => expect(names('peak < 1TB')).toEqual(['before', 'after the fix']));
});

test.each([
  ['', ['before', 'after the fix', 'crash']],
  ['LEAKY', ['before', 'after the fix']],
  ['leaky fix', ['after the fix']],
  ['leaky -port', ['after the fix']],
  ['"after the"', ['after the fix']],
  ['peak > 200MB', ['before']],
  ['peak>=100mib', ['before', 'after the fix']],
  ['"peak rss" > 200MB', ['before']],
  ['duration < 1m30s', ['after the fix', 'crash']],
  ['duration = 500', ['crash']],
  ['-duration > 1s', ['crash']],
  ['name = crash', ['crash']],
  ['program : .py name != crash', ['before', 'after the fix']],
])('%s', (filter, expected) => expect(names(filter)).toEqual(expected));

test('quantities in the unit of their column', () => {
  expect(quantity('1.5KB', 'bytes')).toBe(1536);
  expect(quantity('1m30s', 'ms')).toBe(90_000);
  expect(quantity('10k', 'count')).toBe(10_000);
  expect(quantity('1,000', 'count')).toBe(1000);
  expect(quantity('2026-11-22', 'time')).toBe(Date.UTC(2026, 10, 22));
  expect(quantity('ten', 'count')).toBeNull();
  expect(quantity('1x', 'ms')).toBeNull();
});
