import { h } from 'vue';
import type { CompareRow, CompareRows, Grouping } from '../../../src-preload/contract/index.ts';
import { bytesColumn, countColumn, deltaColumn, trendColumn } from '../../components/table/cells/columns.ts';
import type { Column } from '../../components/table/columns.ts';
import { groupHover, groupTitle, sizeText, sizeTitle } from '../../format/heap.ts';
import { t } from '../../format/i18n.ts';
import { bytes, bytesExact, count, signed } from '../../format/units.ts';
import GroupLabel from '../shared/GroupLabel.vue';
import { letterAt } from '../shared/letters.ts';

export interface CompareColumnOptions {
  by: Grouping;
  snapshots: number;
  /** Whether objects could be matched; null: not known yet. */
  matched: boolean | null;
}

const difference = (values: readonly (number | null)[]): number => (values.at(-1) ?? 0) - (values[0] ?? 0);

/** Columns by the names that the engine sorts and filters by. */
export function compareColumns({ by, snapshots, matched }: CompareColumnOptions): Column<CompareRow>[] {
  const { columns } = labels();
  // A hierarchy counts an object in each of its classes: the sum of its rows would be meaningless.
  const summed = by !== 'hierarchy';
  const diff = t('compare.columnHelp.diff');
  return [
    {
      id: 'label',
      title: by === 'type' || by === 'hierarchy' ? t('heap.types.columns.label') : t(`heap.group.${by}`),
      kind: 'text',
      width: 200,
      pinned: true,
      value: groupTitle,
      hover: groupHover,
      draw: (row) => h(GroupLabel, { row: { ...row, classes: 1, count: 0, shallow: 0, retained: 0, atLeast: 'none', length: null } }),
    },
    ...(snapshots > 2
      ? [
          trendColumn<CompareRow>('trend', columns('trend'), 'count', (row) => row.counts, {
            help: t('compare.columnHelp.trend'),
            width: 80,
          }),
        ]
      : []),
    ...placesOf(snapshots).map((index) =>
      countColumn<CompareRow>(`counts.${index}`, columns('count', letterAt(index)), (row) => row.counts[index] ?? 0, {
        width: 70,
        hidden: !isEnd(index, snapshots),
      }),
    ),
    deltaColumn('countDiff', columns('countDiff'), 'count', (row) => difference(row.counts), {
      width: 78,
      help: diff,
      ...(summed && { sum: (total: number) => signed(count(total), total) }),
    }),
    deltaColumn('retainedDiff', columns('retainedDiff'), 'bytes', (row) => difference(row.retained), {
      width: 100,
      help: diff,
    }),
    ...shallowColumns(snapshots, summed),
    ...(matched === false ? [] : matchedColumns(summed)),
    ...retainedColumns(snapshots),
    ...lengthColumns(snapshots),
  ];
}

const placesOf = (snapshots: number): number[] => Array.from({ length: snapshots }, (_, index) => index);
const isEnd = (index: number, snapshots: number): boolean => index === 0 || index === snapshots - 1;

function shallowColumns(snapshots: number, summed: boolean): Column<CompareRow>[] {
  const { columns } = labels();
  return [
    ...placesOf(snapshots).map((index) =>
      bytesColumn<CompareRow>(`shallow.${index}`, columns('size', letterAt(index)), (row) => row.shallow[index] ?? 0, {
        ...sized('shallow', index),
        width: 78,
        hidden: true,
      }),
    ),
    deltaColumn('shallowDiff', columns('sizeDiff'), 'bytes', (row) => difference(row.shallow), {
      width: 86,
      hover: (row) => `${bytesExact(row.shallow[0] ?? 0)} → ${bytesExact(row.shallow.at(-1) ?? 0)}`,
      help: t('compare.columnHelp.diff'),
      ...(summed && { sum: (total: number) => signed(bytes(total), total) }),
    }),
  ];
}

function retainedColumns(snapshots: number): Column<CompareRow>[] {
  const { columns } = labels();
  return [
    ...placesOf(snapshots).map((index) =>
      bytesColumn<CompareRow>(`retained.${index}`, columns('retained', letterAt(index)), (row) => row.retained[index] ?? 0, {
        ...sized('retained', index),
        hidden: true,
      }),
    ),
  ];
}

/** Items of the containers; no difference where one of the two is not known. */
function lengthColumns(snapshots: number): Column<CompareRow>[] {
  const { columns } = labels();
  const known = ({ lengths }: CompareRow): number | null => (lengths[0] == null || lengths.at(-1) == null ? null : difference(lengths));
  return [
    ...placesOf(snapshots).map((index) =>
      countColumn<CompareRow>(`lengths.${index}`, columns('length', letterAt(index)), (row) => row.lengths[index] ?? null, {
        hidden: true,
      }),
    ),
    deltaColumn('lengthDiff', columns('lengthDiff'), 'count', known, { width: 78, help: t('compare.columnHelp.lengthDiff') }),
  ];
}

/** A size in one of the snapshots, `≥ 12 KiB` where it is a lower bound. */
function sized(size: 'shallow' | 'retained', index: number): Pick<Column<CompareRow>, 'text' | 'hover'> {
  const at = (row: CompareRow) => ({
    shallow: row.shallow[index] ?? 0,
    retained: row.retained[index] ?? 0,
    atLeast: row.atLeast[index] ?? 'none',
  });
  return { text: (row) => sizeText(at(row), size), hover: (row) => sizeTitle(at(row), size) };
}

function matchedColumns(summed: boolean): Column<CompareRow>[] {
  const { columns } = labels();
  const sum = summed ? { sum: count } : {};
  return [
    countColumn('fresh', columns('new'), (row) => row.fresh, { width: 62, help: t('compare.columnHelp.new'), ...sum }),
    countColumn('gone', columns('gone'), (row) => row.gone, { width: 56, help: t('compare.columnHelp.gone'), ...sum }),
    countColumn('replaced', columns('replaced'), (row) => row.replaced, { width: 82, help: t('compare.columnHelp.replaced'), ...sum }),
    countColumn('survived', columns('survived'), (row) => row.survived, {
      width: 76,
      hidden: true,
      help: t('compare.columnHelp.survived'),
      ...sum,
    }),
    countColumn('grown', columns('grown'), (row) => row.grown, { width: 62, help: t('compare.columnHelp.grown'), ...sum }),
    bytesColumn('freshBytes', columns('newBytes'), (row) => row.freshBytes, { help: t('compare.columnHelp.newBytes'), hidden: true }),
  ];
}

type Title =
  | 'count'
  | 'countDiff'
  | 'size'
  | 'sizeDiff'
  | 'retained'
  | 'retainedDiff'
  | 'new'
  | 'gone'
  | 'survived'
  | 'grown'
  | 'replaced'
  | 'newBytes'
  | 'length'
  | 'lengthDiff'
  | 'trend';
const labels = () => ({ columns: (id: Title, letter = ''): string => t(`compare.columns.${id}`, { letter }) });

/** What the footer adds up, by column. */
export function sumsOf({ sums }: CompareRows): Record<string, number> {
  const { fresh, gone, survived, grown, replaced } = sums;
  const matched = Object.entries({ fresh, gone, survived, grown, replaced }).flatMap(([id, value]) =>
    value === null ? [] : [[id, value] as const],
  );
  return { countDiff: difference(sums.counts), shallowDiff: difference(sums.shallow), ...Object.fromEntries(matched) };
}
