import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import type { EffectScope } from 'vue';
import type { Column, Sort } from './columns.ts';
import type { RowSource } from './source.ts';
import { AT_ONCE, useArrayRows } from './use-array-rows.ts';

interface Row {
  id: number;
  size: number;
  name: string;
}
const MANY = AT_ONCE + 1;
/** Sizes are a permutation of the ids. */
const made = (count: number): Row[] =>
  Array.from({ length: count }, (_, id) => ({ id, size: (id * 7919) % count, name: id % 2 === 0 ? `even ${id}` : '' }));
const columns: Column<Row>[] = [
  { id: 'size', title: 'Size', kind: 'count', width: 1, value: (row) => row.size, sum: String },
  { id: 'name', title: 'Name', kind: 'text', width: 1, value: (row) => row.name },
];
const rows = shallowRef<Row[]>([]);
const filter = ref('');
const sort = ref<Sort | null>(null);
let scope: EffectScope;
let source: { value: RowSource<Row> };

async function settled(): Promise<void> {
  await nextTick();
  while (source.value.work || Object.keys(source.value.sums).length === 0) await new Promise((done) => setTimeout(done, 5));
}

beforeEach(() => {
  rows.value = made(MANY);
  filter.value = '';
  sort.value = null;
  scope = effectScope();
  source = scope.run(() => useArrayRows<Row>({ rows, columns, filter, sort, keyOf: ({ id }) => id })) ?? expect.fail('no source');
});
afterEach(() => scope.stop());

describe('more rows than can be arranged at once', () => {
  test('as they came they are there at once, their sums a moment later', async () => {
    expect([source.value.count, source.value.at(5)?.id, source.value.work]).toEqual([MANY, 5, null]);
    await settled();
    expect(source.value.sums).toEqual({ size: (MANY * (MANY - 1)) / 2 });
  });

  test('given a sort, the rows stay until all are sorted, and the window gets its turns', async () => {
    sort.value = { column: 'size', descending: false };
    expect([source.value.at(5)?.id, source.value.work !== null]).toEqual([5, true]);
    let turns = 0;
    const count = setInterval(() => (turns += 1), 0);
    await settled();
    clearInterval(count);
    expect(turns).toBeGreaterThan(0);
    for (const at of [0, 1, 8191, 8192, 100_000, MANY - 1]) expect(source.value.at(at)?.size).toBe(at);
  });

  test('given a sort by text, what has none comes last and equals keep their order', async () => {
    sort.value = { column: 'name', descending: true };
    await settled();
    expect(source.value.at(0)?.name).toBe('even 99998');
    expect(source.value.at(MANY - 1)?.id).toBe(MANY - 2);
  });

  test('the latest wish wins', async () => {
    sort.value = { column: 'size', descending: false };
    filter.value = 'size < 100';
    await settled();
    expect([source.value.count, source.value.all, source.value.at(99)?.size]).toEqual([100, MANY, 99]);
    sort.value = null;
    filter.value = '';
    expect([source.value.count, source.value.work]).toEqual([MANY, null]);
  });

  test('given a cancel, the rows stay as they are, and can be asked for again', async () => {
    sort.value = { column: 'size', descending: false };
    source.value.work?.cancel();
    await new Promise((done) => setTimeout(done, 30));
    expect(source.value.trouble).toMatchObject({ kind: 'cancelled' });
    expect(source.value.at(5)?.id).toBe(5);
    source.value.trouble?.again();
    await settled();
    expect([source.value.at(5)?.size, source.value.trouble]).toEqual([5, null]);
  });

  test('other rows do not wait for the old ones', async () => {
    sort.value = { column: 'size', descending: false };
    rows.value = made(10);
    await settled();
    expect([source.value.count, source.value.at(3)?.size]).toEqual([10, 3]);
  });
});
