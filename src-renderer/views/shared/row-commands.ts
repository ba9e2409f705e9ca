import { computed, ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { IconName } from '../../components/base/icons.ts';
import type { MenuEntry } from '../../components/base/menu.ts';
import type { TableHandle } from '../../components/table/handle.ts';
import { t } from '../../format/i18n.ts';
import type { MessageKey } from '../../format/i18n.ts';
import type { Action, ActionGroup } from '../../stores/actions.ts';
import { useNotices } from '../../stores/notices.ts';
import { useTableActions } from './page-actions.ts';

/** What can be done with the selected rows of a table: a button above it (`RowButtons.vue`), an entry of the rows' menu, an action. */
export interface RowCommand {
  id: string;
  label: MessageKey;
  icon: IconName;
  enabled: () => boolean;
  run: () => void;
  /** The action's id, for the palette and its shortcut. Without it only the button and the menu have the command. */
  action?: string;
  shortcut?: string;
  /** A key that the table itself handles. */
  tableKey?: 'Enter' | 'Del';
  /** A line above it in the menu. */
  apart?: boolean;
}

interface RowMenu {
  entries: ComputedRef<MenuEntry[]>;
  choose: (id: string) => void;
}

/** Registers the actions among the commands while the page is shown; returns the menu. Call in setup. */
export function useRowCommands(
  table: Readonly<Ref<TableHandle | null>>,
  commands: readonly RowCommand[],
  group: ActionGroup = 'session',
): RowMenu {
  useTableActions(
    table,
    commands.flatMap((command) => (command.action === undefined ? [] : [actionOf(command, command.action, group)])),
  );
  return {
    entries: computed(() => commands.flatMap(entriesOf)),
    choose: (id) => commands.find((command) => command.id === id)?.run(),
  };
}

const actionOf = ({ label, shortcut, enabled, run }: RowCommand, id: string, group: ActionGroup): Action => ({
  id,
  label,
  group,
  shortcuts: shortcut === undefined ? [] : [shortcut],
  enabled,
  run,
});

function entriesOf({ id, label, icon, enabled, shortcut, tableKey, apart }: RowCommand): MenuEntry[] {
  const hint = shortcut ?? tableKey;
  const entry: MenuEntry = { kind: 'item', id, text: t(label), icon, disabled: !enabled(), ...(hint && { hint }) };
  return apart ? [{ kind: 'separator' }, entry] : [entry];
}

interface Renaming<Id> {
  /** The row whose name is edited in its cell (`RenameInput.vue`). */
  row: Readonly<Ref<Id | null>>;
  start: (id: Id | null) => void;
  /** null: unchanged. The focus returns to the rows. */
  end: (name: string | null) => void;
}

export function useRenaming<Id>(table: Readonly<Ref<TableHandle | null>>, save: (id: Id, name: string) => Promise<unknown>): Renaming<Id> {
  const row = ref(null) as Ref<Id | null>;
  return {
    row,
    start: (id) => (row.value = id),
    end(name) {
      const id = row.value;
      row.value = null;
      table.value?.focusRows();
      if (name !== null && id !== null) void useNotices().attempt(() => save(id, name));
    },
  };
}
