import { onBeforeUnmount, onMounted } from 'vue';
import type { Ref } from 'vue';
import type { TableHandle } from '../../components/table/handle.ts';
import { useActions } from '../../stores/actions.ts';
import type { Action } from '../../stores/actions.ts';

/** Actions of this page alone: in the palette, in menus and on its keys while the page is shown. Call in setup. */
export function usePageActions(actions: readonly Action[]): void {
  let release: () => void = () => undefined;
  onMounted(() => (release = useActions().register(actions)));
  onBeforeUnmount(() => release());
}

const always = (): boolean => true;

/** Where the user is typing: a table that appears by itself, with live data, leaves the focus there. */
const isTyping = (): boolean => document.activeElement?.matches('input, textarea') === true;

/** The same for a page that is one table: `/` focuses its filter, and its rows have the focus at first. `comesLate`: not with its page. */
export function useTableActions(
  table: Readonly<Ref<TableHandle | null>>,
  actions: readonly Action[],
  filterable: () => boolean = always,
  { comesLate = false } = {},
): void {
  const toFilter: Action = {
    id: 'table.filter',
    group: 'view',
    label: 'common.actions.filter',
    shortcuts: ['/'],
    enabled: filterable,
    run: () => table.value?.focusFilter(),
  };
  usePageActions([toFilter, ...actions]);
  onMounted(() => {
    if (!comesLate || !isTyping()) table.value?.focusRows();
  });
}
