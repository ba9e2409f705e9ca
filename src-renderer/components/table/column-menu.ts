import { t } from '../../format/i18n.ts';
import type { MenuEntry } from '../base/menu.ts';
import type { Column, Sort } from './columns.ts';

/** The current columns. */
export interface ColumnState<Row> {
  all: readonly Column<Row>[];
  sort: Sort | null;
  pinned: readonly string[];
  hidden: readonly string[];
}

/** The menu of one column's header, or (null) of all columns. Ids are a verb and the column's id. */
export function columnEntries<Row>(column: Column<Row> | null, state: ColumnState<Row>): MenuEntry[] {
  const every = state.all.map((one): MenuEntry => ({
    kind: 'item',
    id: '',
    text: one.title,
    icon: state.hidden.includes(one.id) ? undefined : 'check',
    items: entriesOf(one, state),
  }));
  const reset: MenuEntry[] = [{ kind: 'separator' }, { kind: 'item', id: 'reset', text: t('table.resetColumns') }];
  if (column === null) return [...every, ...reset];
  return [
    { kind: 'label', text: column.title },
    ...entriesOf(column, state),
    { kind: 'separator' },
    { kind: 'item', id: '', text: t('table.columns'), items: every },
    ...reset,
  ];
}

function entriesOf<Row>(column: Column<Row>, { all, sort, pinned, hidden }: ColumnState<Row>): MenuEntry[] {
  const { id } = column;
  const sorted = sort?.column === id ? sort : null;
  const disabled = column.sortable === false;
  const isLast = !hidden.includes(id) && all.filter((one) => !hidden.includes(one.id)).length === 1;
  return [
    { kind: 'item', id: `up ${id}`, text: t('table.sortAscending'), icon: 'up', checked: sorted?.descending === false, disabled },
    { kind: 'item', id: `down ${id}`, text: t('table.sortDescending'), icon: 'down', checked: sorted?.descending === true, disabled },
    { kind: 'separator' },
    { kind: 'item', id: `pin ${id}`, text: t('table.pin'), checked: pinned.includes(id) },
    { kind: 'item', id: `show ${id}`, text: t(hidden.includes(id) ? 'table.show' : 'table.hide'), disabled: isLast },
  ];
}
