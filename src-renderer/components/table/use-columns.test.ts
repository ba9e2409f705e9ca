import { expect, test } from 'vitest';
import { nextTick, ref, shallowRef } from 'vue';
import type { Column } from './columns.ts';
import { passingLayout, useColumns } from './use-columns.ts';
import type { Columns } from './use-columns.ts';
import { useFit } from './use-fit.ts';

interface Row {
  name: string;
  count: number;
}

const COLUMNS: Column<Row>[] = [
  { id: 'name', title: 'Name', kind: 'text', width: 200, pinned: true, value: (row) => row.name },
  { id: 'count', title: 'Count', kind: 'count', width: 70, value: (row) => row.count, text: (row) => row.count.toLocaleString('en-US') },
  { id: 'trend', title: 'Trend', kind: 'count', width: 80, fits: false, value: (row) => row.count, text: () => '1 → 2 → 3 → 4 → 5 → 6' },
];

const make = (widths: Record<string, number>, chars: Record<string, number> = {}): Columns<Row> =>
  useColumns(() => COLUMNS, { ...passingLayout(), widths: ref(widths), sort: ref(null) }, ref(chars));

test('what the columns leave is shared by all of them', () => {
  expect(make({}).template.value).toBe('minmax(200px, 200fr) minmax(70px, 70fr) minmax(80px, 80fr)');
});

test('a width that was chosen is kept; where all are chosen, the last column takes the rest', () => {
  expect(make({ count: 50 }).template.value).toBe('minmax(200px, 200fr) 50px minmax(80px, 80fr)');
  expect(make({ name: 90, count: 50, trend: 60 }).template.value).toBe('90px 50px minmax(60px, 80fr)');
});

test('a column is as wide as its figures need, in the template and in the sum', () => {
  const { template, totalWidth } = make({}, { count: 9 });
  expect(template.value).toContain('minmax(max(70px, 9ch + 19px), 70fr)');
  expect(totalWidth.value).toBe('calc(200px + max(70px, 9ch + 19px) + 80px)');
});

test('the longest figure that was drawn counts, names and pictures do not; other columns are measured afresh', async () => {
  const rows = shallowRef<Row[]>([{ name: 'a very long name indeed', count: 12 }]);
  const columns = shallowRef<readonly Column<Row>[]>(COLUMNS);
  const longest = useFit<Row>(
    () => rows.value,
    () => columns.value,
  );
  expect(longest.value).toEqual({ count: 2 });
  rows.value = [...rows.value, { name: 'b', count: 2_307_123 }];
  await nextTick();
  expect(longest.value).toEqual({ count: 9 });
  rows.value = [{ name: 'c', count: 1 }];
  await nextTick();
  expect(longest.value).toEqual({ count: 9 });
  columns.value = [...COLUMNS];
  await nextTick();
  expect(longest.value).toEqual({ count: 1 });
});
