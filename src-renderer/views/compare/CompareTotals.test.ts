import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test } from 'vitest';
import type { CompareRow, CompareRows } from '../../../src-preload/contract/index.ts';
import { i18n } from '../../format/i18n.ts';
import { useSelection } from '../../stores/selection.ts';
import CompareTotals from './CompareTotals.vue';

beforeEach(() => {
  setActivePinia(createPinia());
  i18n.global.locale.value = 'en';
});

const waiting = (change: Partial<CompareRow> = {}): CompareRow => ({
  ...{ key: 2 ** 48, label: { module: '', name: '' }, kind: 'type', parent: null, children: 0, growsEachTime: false },
  ...{ counts: [12, 40_000], shallow: [960, 2048], retained: [960, 2048], lengths: [0, 0], atLeast: ['none', 'shallow'] },
  ...{ fresh: 40_000, gone: 12, survived: 0, grown: 0, replaced: 12, freshBytes: 2048 },
  ...change,
});

const totals = (change: Partial<CompareRows> = {}): CompareRows => ({
  ...{ total: 0, rows: [], matched: true, confidence: [], waits: null },
  sums: {
    ...{ counts: [100, 300], shallow: [1024, 4096], atLeast: ['none', 'shallow'] },
    ...{ fresh: 250, gone: 50, survived: 50, grown: 3, replaced: 0 },
  },
  ...change,
});

const shown = (change: Partial<CompareRows> = {}) =>
  mount(CompareTotals, { props: { totals: totals(change) }, global: { plugins: [i18n] } });

test('a sum that is a lower bound says so', () => {
  expect(shown().text().replaceAll('\u00a0', ' ')).toContain('1.00 KiB → ≥ 4.00 KiB');
});

test('what waits for a collection has a row of its own, which lists it', async () => {
  const wrapper = shown({ waits: waiting() });
  const row = wrapper.findAll('button').find((button) => button.text().includes('Unreachable'))!;
  expect(row.text()).toContain('12 → 40,000');
  expect(row.text()).toContain('≥ 2.00 KiB');
  await row.trigger('click');
  expect(useSelection().compare.row).toEqual({ key: 2 ** 48, called: 'Unreachable', part: 'new' });
  await shown({ waits: waiting({ fresh: 0, gone: 0, survived: 5 }) })
    .get('.figure.part')
    .trigger('click');
  expect(useSelection().compare.row).toMatchObject({ part: 'survived' });
});

test('where objects cannot be matched it cannot be listed, and where nothing waits there is no row', () => {
  const others = shown({ matched: false, waits: waiting() });
  expect([others.text().includes('Unreachable'), others.findAll('button')]).toEqual([true, []]);
  expect(shown().text()).not.toContain('Unreachable');
});

test('what survived and grew is one of the parts', async () => {
  const wrapper = shown();
  await wrapper
    .findAll('button')
    .find((button) => button.text().startsWith('Grown'))!
    .trigger('click');
  expect(useSelection().compare.row).toEqual({ key: null, called: '', part: 'grown' });
});
