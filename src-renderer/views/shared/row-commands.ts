import { computed, ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { IconName } from '../../components/base/icons.ts';
import type { MenuEntry } from '../../components/base/menu.ts';
import type { TableHandle } from '../../components/table/handle.ts';
import { t } from '../../format/i18n.ts';
import type { MessageKey } from '../../format/i18n.ts';
import type { Action, ActionGroup } from '../../stores/actions.ts';
import { useApp } from '../../stores/app.ts';
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

/** Whether it can be done now: all that is done with rows is done by the engine. */
export const isPossible = ({ enabled }: RowCommand): boolean => useApp().isConnected && enabled();

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
    choose: (id) => commands.find((command) => command.id === id && isPossible(command))?.run(),
  };
}

const actionOf = (command: RowCommand, id: string, group: ActionGroup): Action => ({
  id,
  label: command.label,
  group,
  shortcuts: command.shortcut === undefined ? [] : [command.shortcut],
  enabled: () => isPossible(command),
  run: command.run,
});

function entriesOf(command: RowCommand): MenuEntry[] {
  const { id, label, icon, shortcut, tableKey, apart } = command;
  const hint = shortcut ?? tableKey;
  const entry: MenuEntry = { kind: 'item', id, text: t(label), icon, disabled: !isPossible(command), ...(hint && { hint }) };
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
