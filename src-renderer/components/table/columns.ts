import type { VNodeChild } from 'vue';
import type { FilterKind } from '../../../src-preload/contract/index.ts';

/** The kind of a column's values: decides alignment, sorting, and the units that the filter understands. */
export type ColumnKind = FilterKind;

export type CellValue = string | number | null;
export type RowKey = string | number;

export interface Column<Row> {
  id: string;
  title: string;
  kind: ColumnKind;
  /** Initial width in pixels: at least this, if its figures need more. */
  width: number;
  /** false: a picture is drawn instead of the figures, which takes the width that there is. */
  fits?: boolean;
  /** The value for sorting, filtering and copying: bytes, milliseconds, plain text. null sorts last. */
  value: (row: Row) => CellValue;
  /** The displayed text, if it is not the value itself. */
  text?: (row: Row) => string;
  /** The tooltip: the exact figure, the whole text. */
  hover?: (row: Row) => string;
  /** Drawn instead of `text`: one of the cells of `cells/`. */
  draw?: (row: Row) => VNodeChild;
  /** The footer shows the sum of the matching rows, in this format; `atLeast`: it is a lower bound. */
  sum?: (total: number, atLeast: boolean) => string;
  /** The meaning of the column, shown on its header. */
  help?: string;
  /** Defaults, until the user chooses: stays on the left while the others scroll; hidden. */
  pinned?: boolean;
  hidden?: boolean;
  /** false: the source cannot sort by it. */
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
