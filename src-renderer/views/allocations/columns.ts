import { h } from 'vue';
import type { AllocationGrouping, AllocationMeasure, AllocationRow } from '../../../src-preload/contract/index.ts';
import { bytesColumn, countColumn, shareColumn, trendColumn } from '../../components/table/cells/columns.ts';
import type { Column } from '../../components/table/columns.ts';
import { t } from '../../format/i18n.ts';
import { about, bytesExact, count } from '../../format/units.ts';
import RowLabel from './RowLabel.vue';
import { aboutBytes, aboutChange, exactTitle, rowText, rowTitle } from './words.ts';

/** Columns by the names that the engine sorts and filters by. */
export function allocationColumns(by: AllocationGrouping, of: AllocationMeasure): Column<AllocationRow>[] {
  const measured = of === 'growth' ? aboutChange : aboutBytes;
  return [
    {
      id: 'label',
      title: t(`allocations.group.${by}`),
      kind: 'text',
      width: 216,
      pinned: true,
      value: (row) => rowText(row, by),
      hover: (row) => rowTitle(row, by),
      draw: (row) => h(RowLabel, { row, by }),
    },
    bytesColumn<AllocationRow>('bytes', t(`allocations.columns.bytes.${of}`), (row) => row.bytes, {
      width: 92,
      text: (row) => measured(row.bytes),
      hover: exactTitle,
      help: t(`allocations.measureTitle.${of}`),
      sum: measured,
    }),
    countColumn<AllocationRow>('blocks', t('allocations.columns.blocks'), (row) => row.blocks, {
      width: 70,
      text: (row) => about(count(row.blocks)),
      sum: (total) => about(count(total)),
    }),
    shareColumn<AllocationRow>('share', t('allocations.columns.share'), (row) => row.share, {
      width: 88,
      help: t('allocations.columnHelp.share'),
    }),
    trendColumn<AllocationRow>('spark', t('allocations.columns.spark'), 'bytes', (row) => row.spark, {
      width: 84,
      help: t('allocations.columnHelp.spark'),
    }),
    ...flowColumns(of),
    bytesColumn<AllocationRow>('error', t('allocations.columns.error'), (row) => row.error, {
      help: t('allocations.columnHelp.error'),
      hidden: true,
    }),
    ...placeColumns(by),
  ];
}

/** What came and went, beside the measure. */
function flowColumns(of: AllocationMeasure): Column<AllocationRow>[] {
  const flow = (id: 'allocated' | 'freed' | 'perMinute', title: 'made' | 'gone' | 'perMinute'): Column<AllocationRow> =>
    bytesColumn<AllocationRow>(id, t(`allocations.columns.${title}`), (row) => row[id], {
      width: 88,
      text: (row) => (id === 'perMinute' && of === 'growth' ? aboutChange(row[id]) : aboutBytes(row[id])),
      hover: (row) => about(bytesExact(row[id])),
      help: t(`allocations.columnHelp.${title}`),
      ...(id === 'perMinute' ? {} : { sum: aboutBytes, hidden: id === of }),
    });
  return [flow('perMinute', 'perMinute'), flow('allocated', 'made'), flow('freed', 'gone')];
}

/** For the filter and for CSV; what the rows are grouped by is said in their first column. */
function placeColumns(by: AllocationGrouping): Column<AllocationRow>[] {
  const text = (id: 'function' | 'file' | 'module' | 'package'): Column<AllocationRow> => ({
    id,
    title: t(`allocations.group.${id}`),
    kind: 'text',
    width: 140,
    value: (row) => row[id],
    hidden: true,
  });
  const named = (['function', 'file', 'module', 'package'] as const).filter((id) => id !== by);
  return by === 'traceback' || by === 'thread' ? [] : named.map(text);
}
