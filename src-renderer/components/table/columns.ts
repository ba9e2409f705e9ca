/** What a column's values are: it decides alignment, sorting, and which units the filter understands. */
export type ColumnKind = 'text' | 'count' | 'bytes' | 'ms' | 'time';

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
  /** The footer adds up what is shown, and writes it like this. */
  sum?: (total: number) => string;
}

export interface Sort {
  column: string;
  descending: boolean;
}

/** Rows in the order in which they are shown. The table asks for the few it draws; they may come from anywhere. */
export interface RowSource<Row> {
  /** Rows that pass the filter. */
  readonly count: number;
  /** Rows in all. */
  readonly all: number;
  at(index: number): Row | undefined;
  keyOf(row: Row): RowKey;
  /** `near`: where it was last seen; looked at first. -1: it is not shown. */
  indexOf(key: RowKey, near: number): number;
  /** Of the columns that have a `sum`, over what passes the filter. */
  readonly sums: Readonly<Record<string, number>>;
  /** The column that the filter names and that is not there; null: the filter is understood. */
  readonly fault: string | null;
}

export const isNumeric = (kind: ColumnKind): boolean => kind !== 'text';

export function textOf<Row>(column: Column<Row>, row: Row): string {
  return column.text === undefined ? String(column.value(row) ?? '') : column.text(row);
}
