import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { effectScope, ref } from 'vue';
import type { EffectScope } from 'vue';
import type { RowRequest } from '../../../src-preload/contract/index.ts';
import { i18n } from '../../format/i18n.ts';
import type { Column, Sort } from './columns.ts';
import type { RowSource } from './source.ts';
import { usePagedRows } from './use-paged-rows.ts';
import type { Page, PageCall } from './use-paged-rows.ts';

interface Call {
  request: RowRequest;
  call: PageCall;
  answer: (page: Page<number>) => void;
  fail: (thrown: unknown) => void;
}
const columns: Column<number>[] = [{ id: 'size', title: 'Size', kind: 'bytes', width: 1, value: (row) => row, sum: String }];
const of = ref<number | null>(1);
const filter = ref('');
const sort = ref<Sort | null>(null);
let calls: Call[] = [];
let scope: EffectScope;
let source: { value: RowSource<number> };
const last = (): Call => calls.at(-1) ?? expect.fail('nothing was asked');
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(100);
const answer = async (total: number, first = 0): Promise<void> => {
  last().answer({ total, all: 1000, rows: Array.from({ length: Math.min(200, total) }, (_, at) => first + at), sums: { size: 7 } });
  await settle();
};

beforeEach(() => {
  vi.useFakeTimers();
  i18n.global.locale.value = 'en';
  calls = [];
  of.value = 1;
  filter.value = '';
  sort.value = null;
  scope = effectScope();
  source =
    scope.run(() =>
      usePagedRows<number>({
        of,
        columns,
        filter,
        sort,
        keyOf: (row) => row,
        fetch: (request, call) => {
          const { promise, resolve, reject } = Promise.withResolvers<Page<number>>();
          calls.push({ request, call, answer: resolve, fail: reject });
          return promise;
        },
        explain: (thrown) => `told: ${String(thrown)}`,
      }),
    ) ?? expect.fail('no source');
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

describe('what goes wrong', () => {
  test('a failure is told in words, and can be tried again', async () => {
    last().fail('no worker');
    await settle();
    expect(source.value.trouble).toMatchObject({ kind: 'failed', text: 'told: no worker' });
    expect(source.value.work).toBeNull();
    source.value.trouble?.again();
    await answer(3);
    expect([source.value.count, source.value.trouble]).toEqual([3, null]);
  });

  test('given rows, when a sort is cancelled, then the rows stay, and the request is aborted', async () => {
    await answer(3);
    sort.value = { column: 'size', descending: true };
    await settle();
    source.value.work?.cancel();
    expect(last().call.signal.aborted).toBe(true);
    expect(source.value).toMatchObject({ count: 3, work: null, trouble: { kind: 'cancelled' } });
    await answer(1);
    expect(source.value.count).toBe(3);
  });

  test('a filter at fault asks for all rows, and names its place', async () => {
    await answer(3);
    filter.value = 'size > 1KB';
    await settle();
    await answer(2);
    filter.value = 'size > 1KB and colour > 3';
    await settle();
    expect(last().request.filter).toBeNull();
    expect(source.value.fault).toMatchObject({ code: 'unknown-column', at: 15 });
  });
});

test('until a new query is answered the old rows stay; the latest wins', async () => {
  await answer(3);
  sort.value = { column: 'size', descending: true };
  await settle();
  const early = last();
  sort.value = { column: 'size', descending: false };
  await settle();
  expect(early.call.signal.aborted).toBe(true);
  expect([source.value.count, source.value.work !== null]).toEqual([3, true]);
  await answer(2);
  early.answer({ total: 99, rows: [] });
  await settle();
  expect(source.value.count).toBe(2);
  expect(source.value.remote?.generation).toBe(2);
});

test('while letters are typed, only the last filter is asked for', async () => {
  await answer(3);
  for (const text of ['s', 'si', 'size > 1', 'size > 10']) filter.value = text;
  await settle();
  expect(calls.map(({ request }) => request.filter)).toEqual([null, { kind: 'number', column: 'size', operator: '>', value: 10 }]);
});

test('a filter that means the same asks nothing', async () => {
  await answer(3);
  filter.value = ' size > ';
  await settle();
  expect(calls).toHaveLength(1);
});

test('progress is passed on', () => {
  last().call.progress(0.5);
  expect(source.value.work?.done).toBe(0.5);
});

test('rows of something else do not stay', async () => {
  await answer(3);
  of.value = 2;
  expect(source.value.count).toBe(0);
  expect(last().request).toEqual({ filter: null, sort: null, from: 0, count: 200 });
  of.value = null;
  expect(source.value.work).toBeNull();
});

test('a row keeps its place when its page was forgotten', async () => {
  await answer(1000);
  expect(source.value).toMatchObject({ all: 1000, sums: { size: 7 } });
  expect(source.value.indexOf(5, -1)).toBe(5);
  expect(source.value.indexOf(700, 700)).toBe(700);
  expect(source.value.indexOf(700, -1)).toBe(-1);
});
