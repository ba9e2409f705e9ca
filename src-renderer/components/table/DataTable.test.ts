import { mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import type { Component } from 'vue';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { computed, defineComponent, h, nextTick, ref, shallowRef } from 'vue';
import { i18n } from '../../format/i18n.ts';
import type { Column, RowKey, Sort } from './columns.ts';
import type { RowSource } from './source.ts';
import DataTable from './DataTable.vue';
import { useArrayRows } from './use-array-rows.ts';
import { TAKEN_KEYS } from './use-row-keys.ts';
import type { ColumnLayout } from './use-columns.ts';

interface Row {
  id: number;
  name: string;
  size: number;
}

const columns: Column<Row>[] = [
  { id: 'name', title: 'Name', kind: 'text', width: 100, value: (row) => row.name },
  { id: 'size', title: 'Size', kind: 'bytes', width: 80, value: (row) => row.size, sum: (total) => `${total} B` },
];

const rows = shallowRef<Row[]>([]);
const chosen = ref<ReadonlySet<RowKey>>(new Set());
const focused = ref<RowKey | null>(null);
const filter = ref('');
const sort = ref<Sort | null>(null);
const busy = ref(false);
/** Keys of the window. */
let taken = '';
const opened = vi.fn();
const copied = vi.fn();

const Host = defineComponent({
  setup() {
    const source = useArrayRows<Row>({ rows, columns, filter, sort, keyOf: (row) => row.id, frozen: busy });
    const selected = computed({ get: () => chosen.value, set: (value) => (chosen.value = value) });
    return () =>
      h(DataTable as Component, {
        source: source.value,
        columns,
        label: 'Rows',
        filter: filter.value,
        'onUpdate:filter': (value: string) => (filter.value = value),
        sort: sort.value,
        'onUpdate:sort': (value: Sort | null) => (sort.value = value),
        selected: selected.value,
        'onUpdate:selected': (value: ReadonlySet<RowKey>) => (selected.value = value),
        focused: focused.value,
        'onUpdate:focused': (value: RowKey | null) => (focused.value = value),
        busy: busy.value,
        'onUpdate:busy': (value: boolean) => (busy.value = value),
        onOpen: opened,
        onCopied: copied,
      });
  },
});

/** happy-dom measures nothing: the table gets a height of 330 pixels. */
function mountTable(count: number): VueWrapper {
  rows.value = Array.from({ length: count }, (_, id) => ({ id, name: `${String.fromCharCode(97 + (id % 26))}${id}`, size: count - id }));
  const provide = { [TAKEN_KEYS as symbol]: ({ key }: KeyboardEvent) => taken.includes(key) };
  return mount(Host, { global: { plugins: [i18n], provide }, attachTo: document.body });
}

const texts = (wrapper: VueWrapper): string[] => wrapper.findAll('[role=row] [role=gridcell]:first-child').map((cell) => cell.text());
const press = (wrapper: VueWrapper, key: string, options: Record<string, unknown> = {}): Promise<void> =>
  wrapper.find('[role=grid]').trigger('keydown', { key, ...options });

beforeEach(() => {
  document.body.innerHTML = '';
  taken = '';
  chosen.value = new Set();
  focused.value = null;
  filter.value = '';
  sort.value = null;
  busy.value = false;
  vi.clearAllMocks();
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(330);
});

test('keys of the window reach it, but within a beginning that is being typed', async () => {
  const wrapper = mountTable(100);
  const window = vi.fn();
  (wrapper.element as HTMLElement).parentElement!.addEventListener('keydown', window);
  taken = 'm1';
  await press(wrapper, 'm');
  await press(wrapper, '1');
  expect([window.mock.calls.length, focused.value]).toEqual([2, null]);
  await press(wrapper, 'l');
  await press(wrapper, '1');
  expect([window.mock.calls.length, focused.value]).toEqual([2, 11]);
  rows.value = [];
  await nextTick();
  await press(wrapper, '2');
  expect(window).toHaveBeenCalledTimes(3);
});

describe('a million rows', () => {
  test('draws the few that are in sight and says how many there are', () => {
    const wrapper = mountTable(1_000_000);
    expect(wrapper.findAll('[role=row]').length).toBeLessThan(40);
    expect(wrapper.find('[role=grid]').attributes('aria-rowcount')).toBe('1000001');
    expect(wrapper.text()).toContain('1,000,000 rows');
    wrapper.unmount();
  });

  test('End reaches the last one', async () => {
    const wrapper = mountTable(1_000_000);
    await press(wrapper, 'End');
    expect(focused.value).toBe(999_999);
    await nextTick();
    expect(texts(wrapper).at(-1)).toMatch(/999999$/);
    wrapper.unmount();
  });
});

test('an empty table says so, and a filter that fits nothing can be cleared', async () => {
  const wrapper = mountTable(3);
  filter.value = 'zzz';
  await nextTick();
  expect(wrapper.text()).toContain('No row matches the filter');
  await wrapper.find('.nothing button').trigger('click');
  expect(texts(wrapper)).toHaveLength(3);
  rows.value = [];
  await nextTick();
  expect(wrapper.text()).toContain('Nothing here');
  wrapper.unmount();
});

test('keys move, extend, select, open and find', async () => {
  const wrapper = mountTable(60);
  await press(wrapper, 'ArrowDown');
  expect([focused.value, [...chosen.value]]).toEqual([0, [0]]);
  await press(wrapper, 'ArrowDown', { shiftKey: true });
  await press(wrapper, 'ArrowDown', { shiftKey: true });
  expect([...chosen.value]).toEqual([0, 1, 2]);
  await press(wrapper, 'End');
  expect(focused.value).toBe(59);
  await press(wrapper, 'Home');
  await press(wrapper, ' ');
  expect(chosen.value.size).toBe(0);
  await press(wrapper, 'c');
  expect(focused.value).toBe(2);
  await press(wrapper, 'Enter');
  expect(opened).toHaveBeenCalledWith(expect.objectContaining({ id: 2 }));
  await press(wrapper, 'a', { ctrlKey: true });
  expect(chosen.value.size).toBe(60);
  wrapper.unmount();
});

test('a header sorts, numbers from the largest first, and tells it', async () => {
  const wrapper = mountTable(5);
  const size = wrapper.findAll('[role=columnheader]')[1];
  await size?.trigger('click');
  expect(sort.value).toEqual({ column: 'size', descending: true });
  await size?.trigger('click');
  expect(size?.attributes('aria-sort')).toBe('ascending');
  expect(texts(wrapper)[0]).toBe('e4');
  wrapper.unmount();
});

test('headers are reached and used by key, one of them by Tab', async () => {
  const wrapper = mountTable(3);
  const titles = wrapper.findAll('[role=columnheader]');
  const [name, size] = titles;
  expect(titles.map((title) => title.attributes('tabindex'))).toEqual(['0', '-1']);

  (name?.element as HTMLElement).focus();
  await name?.trigger('keydown', { key: 'ArrowRight' });
  expect(document.activeElement).toBe(size?.element);
  expect(titles.map((title) => title.attributes('tabindex'))).toEqual(['-1', '0']);

  await size?.trigger('keydown', { key: 'Enter' });
  expect(sort.value).toEqual({ column: 'size', descending: true });
  expect(opened).not.toHaveBeenCalled();

  await size?.trigger('keydown', { key: 'ArrowDown' });
  expect(document.activeElement?.getAttribute('role')).toBe('grid');
  wrapper.unmount();
});

test('while a row is looked at, live data does not move it', async () => {
  const wrapper = mountTable(3);
  sort.value = { column: 'size', descending: true };
  busy.value = true;
  await nextTick();
  rows.value = rows.value.map((row) => ({ ...row, size: row.id === 2 ? 1000 : row.size }));
  await nextTick();
  expect(texts(wrapper)).toEqual(['a0', 'b1', 'c2']);
  busy.value = false;
  await nextTick();
  expect(texts(wrapper)).toEqual(['c2', 'a0', 'b1']);
  wrapper.unmount();
});

test('what is filtered is summed and copied', async () => {
  const wrapper = mountTable(4);
  filter.value = 'size >= 3';
  await nextTick();
  expect(wrapper.find('.foot').text()).toContain('2 of 4');
  expect(wrapper.find('.foot').text()).toContain('7 B');
  await wrapper.find('[aria-label="Copy rows as CSV"]').trigger('click');
  expect(copied).toHaveBeenCalledWith(2, 'Name,Size\r\na0,4\r\nb1,3\r\n');
  wrapper.unmount();
});

/** The table alone, with any props. */
const given = shallowRef<Record<string, unknown>>({});
function mountAlone(props: Record<string, unknown>): VueWrapper {
  given.value = { columns, label: 'Rows', onCopied: copied, ...props };
  return mount(() => h(DataTable as Component, given.value), { global: { plugins: [i18n] }, attachTo: document.body });
}
async function give(props: Record<string, unknown>): Promise<void> {
  given.value = { ...given.value, ...props };
  await nextTick();
}
const tableIn = (wrapper: VueWrapper): VueWrapper => wrapper.findComponent(DataTable as Component);

describe('columns', () => {
  const own = (choice: { pinned?: string[]; hidden?: string[] }): ColumnLayout => ({
    widths: ref({}),
    pinned: ref(choice.pinned ?? null),
    hidden: ref(choice.hidden ?? null),
  });
  const titles = (wrapper: VueWrapper): string[] => wrapper.findAll('[role=columnheader]').map((title) => title.text());
  const source: RowSource<Row> = {
    count: 1,
    all: 1,
    at: () => ({ id: 1, name: 'a', size: 2 }),
    keyOf: (row) => row.id,
    indexOf: () => 0,
    sums: {},
    fault: null,
  };
  const mountColumns = (props: Record<string, unknown>): VueWrapper => mountAlone({ source, ...props });

  test('the pinned come first and stay, the hidden are not there', () => {
    const wrapper = mountColumns({ layout: own({ pinned: ['size'] }) });
    expect(titles(wrapper)).toEqual(['Size', 'Name']);
    expect(wrapper.find('[role=gridcell]').attributes('style')).toContain('left: 0px');
    wrapper.unmount();
    expect(titles(mountColumns({ layout: own({ hidden: ['name'] }) }))).toEqual(['Size']);
  });

  test('without a choice the columns say it themselves', () => {
    const [name, size] = columns;
    expect(
      titles(
        mountColumns({
          columns: [
            { ...name, hidden: true },
            { ...size, pinned: true },
          ],
        }),
      ),
    ).toEqual(['Size']);
  });

  test('a header that cannot sort does not', async () => {
    const wrapper = mountColumns({ columns: columns.map((column) => ({ ...column, sortable: false })) });
    await wrapper.find('[role=columnheader]').trigger('click');
    expect(tableIn(wrapper).emitted('update:sort')).toBeUndefined();
  });
});

test('a sum that is a lower bound says so, where its column is one', () => {
  const bounded = columns.map((column) => ({ ...column, sum: (total: number, atLeast: boolean) => `${atLeast ? '≥ ' : ''}${total}` }));
  const source = (bounds: string[]): RowSource<Row> => ({
    ...{ count: 1, all: 1, at: () => ({ id: 1, name: 'a', size: 2 }), keyOf: (row: Row) => row.id, indexOf: () => 0 },
    ...{ sums: { name: 1, size: 7 }, bounds, fault: null },
  });
  const foot = (bounds: string[]): string[] => {
    const wrapper = mountAlone({ source: source(bounds), columns: bounded });
    const sums = wrapper.findAll('.foot .sum').map((one) => one.text());
    wrapper.unmount();
    return sums;
  };
  expect(foot(['size'])).toEqual(['Name sum 1', 'Size sum ≥ 7']);
  expect(foot([])).toEqual(['Name sum 1', 'Size sum 7']);
});

test('that rows are loaded is said once', async () => {
  vi.useFakeTimers();
  const none = { count: 0, all: 0, at: () => undefined, keyOf: (row: Row) => row.id, indexOf: () => -1, sums: {}, fault: null };
  const wrapper = mountAlone({ source: { ...none, work: { done: 0.5, cancel: () => undefined } } });
  await vi.runOnlyPendingTimersAsync();
  vi.useRealTimers();
  expect(
    wrapper
      .findAll('[role=status]')
      .map((one) => one.text())
      .filter((text) => text !== ''),
  ).toHaveLength(1);
  expect(wrapper.find('.nothing').text()).toBe('');
  wrapper.unmount();
});

describe('rows that are not here yet', () => {
  const look = vi.fn();
  const page = (first: number, count: number, generation = 1): RowSource<Row> => ({
    count: 1000,
    all: 1000,
    at: (index) => (index >= first && index < first + count ? { id: index, name: `row ${index}`, size: 1 } : undefined),
    keyOf: (row) => row.id,
    indexOf: (key, near) => (typeof key === 'number' && key >= first && key < first + count ? key : near),
    sums: {},
    fault: null,
    remote: {
      generation,
      prefetch: look,
      rows: (from, n) => Promise.resolve(Array.from({ length: n }, (_, at) => ({ id: from + at, name: `row ${from + at}`, size: 1 }))),
      locate: () => Promise.resolve(700),
    },
  });
  const mountPages = (source: RowSource<Row>): VueWrapper => mountAlone({ source });
  const lastOf = (wrapper: VueWrapper, event: string): unknown => tableIn(wrapper).emitted(event)?.at(-1)?.[0];

  test('have a placeholder, and are looked for', async () => {
    const wrapper = mountPages(page(0, 5));
    await nextTick();
    expect(wrapper.findAll('.placeholder').length).toBeGreaterThan(10);
    expect(look).toHaveBeenCalledWith(0, expect.any(Number));
    wrapper.unmount();
  });

  test('End goes to the last, and selects it once it is here', async () => {
    const wrapper = mountPages(page(0, 200));
    await press(wrapper, 'End');
    expect(tableIn(wrapper).emitted('update:focused')).toBeUndefined();
    expect(look.mock.calls.at(-1)?.[1]).toBe(1000);
    await give({ source: page(800, 200) });
    await nextTick();
    expect(lastOf(wrapper, 'update:focused')).toBe(999);
    wrapper.unmount();
  });

  test('a range over them is fetched, and copied with what was fetched', async () => {
    const wrapper = mountPages(page(0, 200));
    await wrapper.findAll('[role=row]')[1]?.trigger('click');
    await give({ focused: 0 });
    await press(wrapper, 'End', { shiftKey: true });
    await give({ source: page(800, 200) });
    await vi.waitFor(() => expect((lastOf(wrapper, 'update:selected') as ReadonlySet<RowKey>).size).toBe(1000));
    await give({ selected: lastOf(wrapper, 'update:selected') });
    await press(wrapper, 'c', { ctrlKey: true });
    await vi.waitFor(() => expect(copied).toHaveBeenCalledWith(1000, expect.stringMatching(/^Name,Size\r\nrow 0,1\r\n/)));
    wrapper.unmount();
  });

  test('a row that nobody has seen is gone to where the source says it is', async () => {
    const wrapper = mountPages(page(0, 200));
    const going = (tableIn(wrapper).vm as { goTo?: (key: RowKey) => Promise<boolean> }).goTo?.('x');
    await going;
    await give({ source: page(600, 200) });
    await nextTick();
    expect(lastOf(wrapper, 'update:focused')).toBe(700);
    wrapper.unmount();
  });

  test('letters do not search what is not here', async () => {
    const wrapper = mountPages(page(0, 200));
    await press(wrapper, 'r');
    expect(tableIn(wrapper).emitted('update:focused')).toBeUndefined();
    wrapper.unmount();
  });
});
