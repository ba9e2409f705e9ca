import type { SnapshotId, SnapshotRow } from '../../../../src-preload/contract/index.ts';
import { bytesColumn, countColumn } from '../../../components/table/cells/columns.ts';
import type { Column } from '../../../components/table/columns.ts';
import { snapshotName } from '../../../format/heap.ts';
import { t } from '../../../format/i18n.ts';
import { milliseconds, sessionTime } from '../../../format/time.ts';
import { letterOf } from '../../shared/letters.ts';
import { reasonWords } from '../../shared/snapshot-actions.ts';

const title = (
  id:
    | 'name'
    | 'time'
    | 'process'
    | 'trigger'
    | 'state'
    | 'objects'
    | 'tracked'
    | 'references'
    | 'size'
    | 'garbage'
    | 'rss'
    | 'pause'
    | 'capture'
    | 'import'
    | 'method'
    | 'dump'
    | 'stored'
    | 'note'
    | 'chosen',
): string => t(`heap.snapshots.columns.${id}`);

function pauseColumn(
  id: 'pause' | 'capture' | 'import',
  value: (row: SnapshotRow) => number | null,
  more: Partial<Column<SnapshotRow>> = {},
): Column<SnapshotRow> {
  return { id, title: title(id), kind: 'ms', width: 80, value, text: (row) => milliseconds(value(row)), ...more };
}

/** The snapshots table; recreated when the language or the choice changes. */
export function snapshotColumns(chosen: readonly SnapshotId[]): Column<SnapshotRow>[] {
  const help = (id: 'tracked' | 'size' | 'garbage' | 'pause' | 'stored'): string => t(`heap.snapshots.columnHelp.${id}`);
  return [
    { id: 'chosen', title: title('chosen'), kind: 'text', width: 44, value: (row) => letterOf(chosen, row.id), sortable: false },
    { id: 'time', title: title('time'), kind: 'ms', width: 96, value: (row) => row.t, text: (row) => sessionTime(row.t) },
    { id: 'name', title: title('name'), kind: 'text', width: 150, value: snapshotName, hover: snapshotName },
    { id: 'process', title: title('process'), kind: 'text', width: 70, value: (row) => String(row.pid) },
    { id: 'state', title: title('state'), kind: 'text', width: 110, value: (row) => t(`heap.state.${row.state}`) },
    countColumn('objects', title('objects'), (row) => row.objects, { width: 84 }),
    bytesColumn('size', title('size'), (row) => row.size, { help: help('size') }),
    bytesColumn('rss', title('rss'), (row) => row.rss),
    countColumn('garbage', title('garbage'), (row) => row.garbage, { width: 74, help: help('garbage') }),
    pauseColumn('pause', (row) => row.pause, { help: help('pause') }),
    pauseColumn('capture', (row) => row.captureTime, { hidden: true }),
    pauseColumn('import', (row) => row.importTime, { hidden: true }),
    {
      id: 'method',
      title: title('method'),
      kind: 'text',
      width: 94,
      value: (row) => (row.method === null ? '' : t(`heap.method.${row.method}`)),
      hover: (row) => reasonWords(row.methodReason),
    },
    { id: 'trigger', title: title('trigger'), kind: 'text', width: 92, value: (row) => t(`heap.trigger.${row.trigger}`) },
    countColumn('tracked', title('tracked'), (row) => row.tracked, { hidden: true, help: help('tracked') }),
    countColumn('references', title('references'), (row) => row.references, { hidden: true }),
    bytesColumn('dump', title('dump'), (row) => row.dumpBytes, { hidden: true }),
    bytesColumn('stored', title('stored'), (row) => row.storedBytes, { help: help('stored') }),
    {
      id: 'note',
      title: title('note'),
      kind: 'text',
      width: 140,
      value: (row) => row.note,
      text: (row) => row.note.replaceAll(/\s+/g, ' '),
      hover: (row) => row.note,
    },
  ];
}
