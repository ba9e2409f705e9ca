import { h } from 'vue';
import type { GroupRow, Grouping } from '../../../../src-preload/contract/index.ts';
import { bytesColumn, countColumn, shareColumn, trendColumn } from '../../../components/table/cells/columns.ts';
import type { Column } from '../../../components/table/columns.ts';
import { groupHover, groupTitle, isBound } from '../../../format/heap.ts';
import { t, tn } from '../../../format/i18n.ts';
import { bytesAtLeast, bytesExactAtLeast, count } from '../../../format/units.ts';
import GroupLabel from '../../shared/GroupLabel.vue';
import { sized } from '../../shared/object-columns.ts';

export interface GroupColumnOptions {
  by: Grouping;
  /** Size of all objects, the base of shares; 0: not known yet. */
  total: number;
  /** Counts over the snapshots of the process, if they were requested; null: there is only one snapshot. */
  history: ((key: number) => readonly (number | null)[]) | null;
  /** Only types were counted: retained sizes are unknown. */
  census: boolean;
}

/** Already part of a type's name: shown on request, and usable in filters. */
const moduleColumn = (): Column<GroupRow> => ({
  id: 'module',
  title: t('heap.types.columns.module'),
  kind: 'text',
  width: 140,
  hidden: true,
  value: (row) => row.label.module,
});

/** Columns of the Types page, by the names that the engine sorts and filters by. */
export function groupColumns({ by, total, history, census }: GroupColumnOptions): Column<GroupRow>[] {
  const title = (id: 'count' | 'shallow' | 'retained' | 'share' | 'average'): string => t(`heap.types.columns.${id}`);
  const help = (id: 'shallow' | 'retained' | 'share' | 'average'): string => t(`heap.types.columnHelp.${id}`);
  const columns: Column<GroupRow>[] = [
    {
      id: 'label',
      title: by === 'type' || by === 'hierarchy' ? t('heap.types.columns.label') : t(`heap.group.${by}`),
      kind: 'text',
      width: 280,
      pinned: true,
      value: groupTitle,
      hover: (row) => (row.classes > 1 ? `${groupTitle(row)}: ${tn('heap.types.classesTitle', row.classes)}` : groupHover(row)),
      draw: (row) => h(GroupLabel, { row }),
    },
    ...(by === 'type' ? [moduleColumn()] : []),
    countColumn('count', title('count'), (row) => row.count, { sum: count }),
    bytesColumn('shallow', title('shallow'), (row) => row.shallow, { ...sized('shallow'), help: help('shallow'), sum: bytesAtLeast }),
    ...(census
      ? []
      : [bytesColumn<GroupRow>('retained', title('retained'), (row) => row.retained, { ...sized('retained'), help: help('retained') })]),
    bytesColumn('average', title('average'), (row) => row.shallow / row.count, {
      help: help('average'),
      text: (row) => bytesAtLeast(row.shallow / row.count, isBound(row, 'shallow')),
      hover: (row) => bytesExactAtLeast(row.shallow / row.count, isBound(row, 'shallow')),
    }),
  ];
  const trend =
    history === null
      ? []
      : [
          trendColumn<GroupRow>('history', t('heap.types.columns.history'), 'count', (row) => history(row.key), {
            help: t('heap.types.columnHelp.history'),
            width: 100,
          }),
        ];
  // The last column takes the remaining width: a bar can use it.
  return [
    ...columns,
    ...trend,
    ...(census
      ? []
      : [shareColumn<GroupRow>('share', title('share'), (row) => (total > 0 ? row.retained / total : null), { help: help('share') })]),
  ];
}
