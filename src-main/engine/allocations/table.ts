import type { AllocationGrouping, AllocationMeasure, AllocationTable, FilterNode } from '../../../src-preload/contract/index.ts';
import { pageOf, type RowColumns } from '../rows/arrange.ts';
import { measured, RangeSums } from './estimates.ts';
import { groupsBy, namesOf, type GroupNames, type Groups } from './groups.ts';
import type { Site } from './sites.ts';
import type { Slices } from './slices.ts';

export interface TableQuestion {
  by: AllocationGrouping;
  of: AllocationMeasure;
  filter: FilterNode | null;
  sort: { column: string; descending: boolean } | null;
  first: number;
  count: number;
}

/** A row without its spark. */
type Row = GroupNames & {
  group: number;
  bytes: number;
  blocks: number;
  error: number;
  variance: number;
  allocated: number;
  freed: number;
  perMinute: number;
  share: number;
};

export interface TablePage {
  groups: Groups;
  rows: Row[];
  total: number;
  sums: AllocationTable['sums'];
}

const COLUMNS: RowColumns<Row> = {
  texts: { function: (row) => row.function, file: (row) => row.file, module: (row) => row.module, package: (row) => row.package },
  numbers: {
    line: (row) => row.line,
    bytes: (row) => row.bytes,
    blocks: (row) => row.blocks,
    error: (row) => row.error,
    allocated: (row) => row.allocated,
    freed: (row) => row.freed,
    perMinute: (row) => row.perMinute,
    share: (row) => row.share,
  },
};
const LARGEST_FIRST = { column: 'bytes', descending: true };
const STEP = 1 << 9;

/** The rows of a table, from the sums of each site. `minutes`: length of the range. */
export function* tableOf(sites: readonly Site[], bySite: RangeSums, minutes: number, question: TableQuestion): Slices<TablePage> {
  const { by, of, filter, sort, first, count } = question;
  const groups = yield* groupsBy(sites, by);
  const byGroup = new RangeSums(groups.keys.length);
  for (let site = 0; site < sites.length; site++) byGroup.add(groups.groupOf[site]!, bySite, site);
  yield;
  const rows: Row[] = [];
  for (let group = 0; group < groups.keys.length; group++) {
    if (group % STEP === 0) yield;
    const { bytes, blocks, variance } = measured(byGroup, group, of);
    if (bytes === 0 && blocks === 0) continue;
    const figures = { bytes, blocks, variance, error: Math.sqrt(variance), perMinute: minutes > 0 ? bytes / minutes : 0, share: 0 };
    const both = { allocated: byGroup.made.bytes[group]!, freed: byGroup.freed.bytes[group]! };
    rows.push({ ...namesOf(sites, groups, group, by), group, ...figures, ...both });
  }
  const all = rows.reduce((sum, { bytes }) => sum + Math.abs(bytes), 0);
  for (const row of rows) row.share = Math.abs(row.bytes) / all;
  yield;
  const page = pageOf(rows, { filter, sort: sort ?? LARGEST_FIRST, from: first, count }, COLUMNS);
  return { groups, rows: page.rows, total: page.total, sums: sumsOf(page.passed) };
}

function sumsOf(rows: readonly Row[]): AllocationTable['sums'] {
  const sum = (value: (row: Row) => number): number => rows.reduce((total, row) => total + value(row), 0);
  return {
    bytes: sum((row) => row.bytes),
    blocks: sum((row) => row.blocks),
    error: Math.sqrt(sum((row) => row.variance)),
    allocated: sum((row) => row.allocated),
    freed: sum((row) => row.freed),
  };
}
