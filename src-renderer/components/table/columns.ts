import type { VNodeChild } from 'vue';
import type { FilterKind } from '../../../src-preload/contract/index.ts';

/** What a column's values are: it decides alignment, sorting, and which units the filter understands. */
export type ColumnKind = FilterKind;

export type CellValue = string | number | null;
export type RowKey = string | number;

export interface Column<Row> {
  id: string;
  title: string;
  kind: ColumnKind;
  /** Pixels at first. */
  width: number;
  /** What is sorted, filtered and copied: bytes, milliseconds, plain text. null sorts last. */
  value: (row: Row) => CellValue;
  /** What is shown, where it is not the value itself. */
  text?: (row: Row) => string;
  /** What is told on hover: the exact figure, the whole text. */
  hover?: (row: Row) => string;
  /** What is drawn instead of `text`: one of the cells of `cells/`. */
  draw?: (row: Row) => VNodeChild;
  /** The footer adds up what is shown, and writes it like this. */
  sum?: (total: number) => string;
  /** What the column means, on its header. */
  help?: string;
  /** Until the user chooses: stays on the left while the others scroll; not shown. */
  pinned?: boolean;
  hidden?: boolean;
  /** false: the source knows no order by it. */
  sortable?: boolean;
}

export interface Sort {
  column: string;
  descending: boolean;
}

export const isNumeric = (kind: ColumnKind): boolean => kind !== 'text';

export function textOf<Row>(column: Column<Row>, row: Row): string {
  return column.text === undefined ? String(column.value(row) ?? '') : column.text(row);
}
