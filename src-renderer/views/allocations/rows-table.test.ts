import { flushPromises, mount } from '@vue/test-utils';
import { beforeEach, expect, test, vi } from 'vitest';
import type { AllocationRow } from '../../../src-preload/contract/index.ts';
import type { RowSource } from '../../components/table/source.ts';
import * as api from '../../api/index.ts';
import { nextTick } from 'vue';
import { i18n } from '../../format/i18n.ts';
import { useAllocations } from '../../stores/allocations.ts';
import { useSelection } from '../../stores/selection.ts';
import { fakeOf, freshStores } from '../../stores/testing.ts';
import RowsTable from './RowsTable.vue';
import { aRow, anAnswer } from './testing.ts';

vi.mock('../../api/index.ts', async () => {
  const testing = await import('../../stores/testing.ts');
  return { ...testing.fakeApi(), CallError: testing.FakeCallError, onResync: () => () => undefined };
});

beforeEach(() => {
  freshStores(fakeOf(api));
  i18n.global.locale.value = 'en';
  document.body.innerHTML = '<textarea id="terminal"></textarea><button id="rail"></button><div id="page"></div>';
  useSelection().go({ project: 'p1', session: 1, view: 'allocations' });
});

const rows = (...bytes: number[]) =>
  anAnswer({ rows: bytes.map((one, key) => aRow({ key: key + 1, function: `f${key + 1}`, bytes: one })) });

function table() {
  const wrapper = mount(RowsTable, { props: { answer: rows(1, 2, 3) }, attachTo: '#page', global: { plugins: [i18n] } });
  return { wrapper, grid: wrapper.get<HTMLElement>('[role=grid]') };
}

test('given a row that the user chose, when new figures come, then the order stays; it is put right when the table is left', async () => {
  const { wrapper } = table();
  const source = (): (string | undefined)[] => {
    const all = wrapper.findComponent({ name: 'DataTable' }).props('source') as RowSource<AllocationRow>;
    return Array.from({ length: all.count }, (_, i) => all.at(i)?.function);
  };
  await flushPromises();
  expect(source()).toEqual(['f3', 'f2', 'f1']);
  await wrapper.setProps({ answer: rows(1, 4, 3) });
  expect(source()).toEqual(['f2', 'f3', 'f1']);
  useAllocations().change({ row: 2 });
  await wrapper.setProps({ answer: rows(9, 2, 3) });
  expect(source()).toEqual(['f2', 'f3', 'f1']);
  document.getElementById('rail')!.focus();
  await nextTick();
  expect(source()).toEqual(['f1', 'f3', 'f2']);
});

test('given the user types in the terminal, when the first figures come, then the focus stays there; else the rows have it', () => {
  document.getElementById('terminal')!.focus();
  const first = table();
  expect(document.activeElement?.id).toBe('terminal');
  first.wrapper.unmount();
  document.getElementById('rail')!.focus();
  table();
  expect(document.activeElement?.getAttribute('role')).toBe('grid');
});
