import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { computed, defineComponent, h, ref } from 'vue';
import { i18n } from '../../format/i18n.ts';
import { useActions } from '../../stores/actions.ts';
import { useApp } from '../../stores/app.ts';
import { useNotices } from '../../stores/notices.ts';
import RowButtons from './RowButtons.vue';
import { useRenaming, useRowCommands } from './row-commands.ts';
import type { RowCommand } from './row-commands.ts';

const handle = { focusFilter: vi.fn(), focusRows: vi.fn() };
const table = computed(() => handle);
const one = ref(true);
const open = vi.fn();
const rename = vi.fn();
const remove = vi.fn();

const COMMANDS: RowCommand[] = [
  { id: 'open', label: 'sessions.open', icon: 'timeline', tableKey: 'Enter', enabled: () => one.value, run: open },
  {
    id: 'rename',
    label: 'sessions.rename',
    icon: 'pencil',
    action: 'session.rename',
    shortcut: 'F2',
    enabled: () => one.value,
    run: rename,
  },
  { id: 'delete', label: 'sessions.delete', icon: 'trash', action: 'session.delete', apart: true, enabled: () => true, run: remove },
];

let menu: ReturnType<typeof useRowCommands>;
const Page = defineComponent(() => {
  menu = useRowCommands(table, COMMANDS);
  return () => h(RowButtons, { commands: COMMANDS });
});
const shown = () => mount(Page, { global: { plugins: [i18n] } });
let page: ReturnType<typeof shown>;

beforeEach(() => {
  setActivePinia(createPinia());
  useApp().connection = 'connected';
  one.value = true;
  vi.clearAllMocks();
  page = shown();
});
afterEach(() => page.unmount());

describe('commands of rows', () => {
  test('cannot be done without the engine: by no button, no entry and no action', async () => {
    useApp().connection = 'lost';
    await page.vm.$nextTick();
    expect(page.findAll('button').map((button) => button.attributes('disabled') !== undefined)).toEqual([true, true, true]);
    expect(menu.entries.value.map((entry) => entry.kind === 'item' && entry.disabled)).toEqual([true, true, false, true]);
    menu.choose('delete');
    expect([useActions().run('session.delete'), remove.mock.calls.length]).toEqual([false, 0]);
  });

  test('are buttons, enabled as they are now', async () => {
    const buttons = () => page.findAll('button').map((button) => [button.text(), button.attributes('disabled') !== undefined]);
    const [first] = page.findAll('button');
    await first?.trigger('click');
    expect(open).toHaveBeenCalledOnce();
    const names = buttons().map(([name]) => name);
    expect(buttons().map(([, disabled]) => disabled)).toEqual([false, false, false]);
    one.value = false;
    await page.vm.$nextTick();
    expect(buttons()).toEqual(names.map((name, i) => [name, i < 2]));
  });

  test('are a menu, with their keys, and a line before what stands apart', () => {
    const facts = () => menu.entries.value.map((entry) => (entry.kind === 'item' ? [entry.id, entry.hint, entry.disabled] : entry.kind));
    expect(facts()).toEqual([['open', 'Enter', false], ['rename', 'F2', false], 'separator', ['delete', undefined, false]]);
    one.value = false;
    expect(facts()).toEqual([['open', 'Enter', true], ['rename', 'F2', true], 'separator', ['delete', undefined, false]]);
    menu.choose('delete');
    menu.choose('nothing');
    expect([open, rename, remove].map(({ mock }) => mock.calls.length)).toEqual([0, 0, 1]);
  });

  test('are actions of the shown page where they have an id for it', () => {
    const actions = useActions();
    const ids = () => actions.list.filter(({ group }) => group === 'session').map(({ id, shortcuts }) => [id, ...shortcuts]);
    expect(ids()).toEqual([['session.rename', 'F2'], ['session.delete']]);
    one.value = false;
    expect([actions.run('session.rename'), rename.mock.calls.length]).toEqual([false, 0]);
    one.value = true;
    expect([actions.run('session.rename'), rename.mock.calls.length]).toEqual([true, 1]);
    page.unmount();
    expect(ids()).toEqual([]);
    page = shown();
  });
});

describe('a row that is renamed', () => {
  test('gets its new name once, and the rows get the focus', () => {
    const save = vi.fn(async () => undefined);
    const renaming = useRenaming<number>(table, save);
    renaming.start(7);
    expect(renaming.row.value).toBe(7);
    handle.focusRows.mockClear();
    renaming.end('new');
    renaming.end('again');
    expect(save.mock.calls).toEqual([[7, 'new']]);
    expect([renaming.row.value, handle.focusRows.mock.calls.length]).toEqual([null, 2]);
  });

  test('keeps its name where the user gave up; a failure is said', async () => {
    const save = vi.fn(() => Promise.reject(new Error('full')));
    const renaming = useRenaming<number>(table, save);
    renaming.start(7);
    renaming.end(null);
    expect([renaming.row.value, save.mock.calls.length]).toEqual([null, 0]);
    renaming.start(7);
    renaming.end('new');
    await vi.waitFor(() => expect(useNotices().list).toHaveLength(1));
  });
});
