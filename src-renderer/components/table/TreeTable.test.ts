import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import type { Component } from 'vue';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { defineComponent, h, ref } from 'vue';
import { i18n } from '../../format/i18n.ts';
import type { Column, RowKey, Sort } from './columns.ts';
import TreeTable from './TreeTable.vue';
import type { Children } from './tree-branches.ts';
import { useTreeRows } from './use-tree-rows.ts';

interface Node {
  id: number;
  name: string;
  inside: number;
}
const columns: Column<Node>[] = [
  { id: 'name', title: 'Name', kind: 'text', width: 100, value: (node) => node.name },
  { id: 'inside', title: 'Inside', kind: 'count', width: 80, value: (node) => node.inside },
];
const expanded = ref<ReadonlySet<string>>(new Set());
const focused = ref<RowKey | null>(null);
const sort = ref<Sort | null>(null);
const children = vi.fn<(parent: Node | null, from: number, count: number) => Promise<Children<Node>>>();
const opened = vi.fn();
const copied = vi.fn();

const Host = defineComponent({
  setup() {
    const source = useTreeRows<Node>({
      of: 1,
      columns,
      sort,
      expanded,
      children: (parent, { from, count }) => children(parent, from, count),
      keyOf: ({ id }) => id,
      countOf: ({ inside }) => inside,
      explain: () => 'It did not work.',
    });
    return () =>
      h(TreeTable as Component, {
        source: source.value,
        columns,
        label: 'Tree',
        sort: sort.value,
        focused: focused.value,
        'onUpdate:focused': (value: RowKey | null) => (focused.value = value),
        onOpen: opened,
        onCopied: copied,
      });
  },
});

/** `a` with 250 children, `b` without any; each child has one of its own. */
function small(parent: Node | null, from: number, count: number): Promise<Children<Node>> {
  if (parent === null)
    return Promise.resolve({
      total: 2,
      nodes: [
        { id: 1, name: 'a', inside: 250 },
        { id: 2, name: 'b', inside: 0 },
      ],
    });
  const nodes = Array.from({ length: Math.min(count, parent.inside - from) }, (_, at) => ({
    id: from + at,
    name: `${parent.name}.${from + at}`,
    inside: 1,
  }));
  return Promise.resolve({ total: parent.inside, nodes });
}

async function mountTree(): Promise<VueWrapper> {
  const wrapper = mount(Host, { global: { plugins: [i18n] }, attachTo: document.body });
  await flushPromises();
  return wrapper;
}
const grid = (wrapper: VueWrapper) => wrapper.find('[role=treegrid]');
const names = (wrapper: VueWrapper): string[] => wrapper.findAll('[role=row] [role=gridcell]:first-child').map((cell) => cell.text());
async function press(wrapper: VueWrapper, ...keys: string[]): Promise<void> {
  for (const key of keys) await grid(wrapper).trigger('keydown', { key });
  await flushPromises();
}

beforeEach(() => {
  document.body.innerHTML = '';
  i18n.global.locale.value = 'en';
  expanded.value = new Set();
  focused.value = null;
  sort.value = null;
  vi.clearAllMocks();
  children.mockImplementation(small);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(6000);
});

describe('what goes wrong', () => {
  test('children that do not come say why, and come when asked again', async () => {
    const wrapper = await mountTree();
    children.mockRejectedValueOnce(new Error('gone'));
    await press(wrapper, 'ArrowDown', 'ArrowRight');
    expect(names(wrapper)).toEqual(['a', 'It did not work. Try again', 'b']);
    await press(wrapper, 'ArrowDown', 'Enter');
    expect(names(wrapper)[1]).toBe('a.0');
    wrapper.unmount();
  });

  test('given fewer children than promised, then the tree does not ask for ever', async () => {
    const wrapper = await mountTree();
    children.mockResolvedValue({ total: 10, nodes: [] });
    await press(wrapper, 'ArrowDown', ' ');
    expect(names(wrapper)).toEqual(['a', 'b']);
    expect(children).toHaveBeenCalledTimes(2);
    wrapper.unmount();
  });

  test('a chain of open nodes opens from its top, level by level', async () => {
    children.mockImplementation((parent) =>
      Promise.resolve({ total: 1, nodes: [{ id: 0, name: String(Number(parent?.name ?? -1) + 1), inside: 1 }] }),
    );
    const wrapper = await mountTree();
    const paths = Array.from({ length: 200 }, (_, depth) => '/0'.repeat(depth + 1));
    expanded.value = new Set(paths);
    await vi.waitFor(() => expect(names(wrapper)).toHaveLength(201));
    wrapper.unmount();
  });
});

test('keys open, go in, go out and close', async () => {
  const wrapper = await mountTree();
  expect(grid(wrapper).attributes('aria-rowcount')).toBe('3');
  await press(wrapper, 'ArrowDown', 'ArrowRight');
  const [a, first] = wrapper.findAll('[role=row][aria-level]');
  expect([a?.attributes('aria-expanded'), first?.attributes('aria-level'), first?.attributes('aria-expanded')]).toEqual([
    'true',
    '2',
    'false',
  ]);
  await press(wrapper, 'ArrowRight');
  expect(focused.value).toBe('/1/0');
  await press(wrapper, 'ArrowLeft');
  expect(focused.value).toBe('/1');
  await press(wrapper, 'ArrowLeft');
  expect([...expanded.value]).toEqual([]);
  expect(names(wrapper)).toEqual(['a', 'b']);
  wrapper.unmount();
});

test('children come a hundred at a time', async () => {
  expanded.value = new Set(['/1']);
  const wrapper = await mountTree();
  expect(names(wrapper)).toHaveLength(103);
  expect(names(wrapper)[101]).toBe('Show 100 more of 150');
  await wrapper.findAll('[role=row]')[102]?.trigger('click');
  await flushPromises();
  expect(names(wrapper)[201]).toBe('Show 50 more of 50');
  await wrapper.findAll('[role=row]')[202]?.trigger('click');
  await flushPromises();
  expect(names(wrapper)).toHaveLength(252);
  expect(children.mock.calls.map(([, from, count]) => [from, count])).toEqual([
    [0, 100],
    [0, 100],
    [100, 100],
    [200, 100],
  ]);
  wrapper.unmount();
});

test('the chevron opens, a double click tells the node', async () => {
  const wrapper = await mountTree();
  await wrapper.find('[aria-label=Open]').trigger('click');
  await flushPromises();
  expect(names(wrapper)[1]).toBe('a.0');
  await wrapper.findAll('[role=row]')[2]?.trigger('dblclick');
  expect(opened).toHaveBeenCalledWith({ id: 0, name: 'a.0', inside: 1 });
  wrapper.unmount();
});

test('in another order the same nodes are open', async () => {
  expanded.value = new Set(['/1']);
  const wrapper = await mountTree();
  children.mockClear();
  sort.value = { column: 'inside', descending: true };
  await flushPromises();
  expect(children.mock.calls.map(([parent]) => parent?.name ?? null)).toEqual([null, 'a']);
  expect(names(wrapper)).toHaveLength(103);
  wrapper.unmount();
});

test('only nodes are copied', async () => {
  expanded.value = new Set(['/1']);
  const wrapper = await mountTree();
  await wrapper.find('[aria-label="Copy rows as CSV"]').trigger('click');
  expect(copied.mock.calls[0]?.[0]).toBe(102);
  wrapper.unmount();
});
