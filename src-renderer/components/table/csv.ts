import type { Column } from './columns.ts';

/** Rows between two checks of the clock. */
const STRIDE = 500;

function field(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  // A spreadsheet would interpret these as formulas.
  const safe = typeof value === 'string' && /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV with a header: exact values, not the displayed text. */
export function toCsv<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): string {
  const lines = [columns.map((column) => field(column.title)).join(',')];
  for (const row of rows) lines.push(columns.map((column) => field(column.value(row))).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** The same for `count` rows, in slices; yields its progress, 0 to 1. */
export function* csvSteps<Row>(
  columns: readonly Column<Row>[],
  count: number,
  at: (index: number) => Row | undefined,
): Generator<number, string> {
  const parts = [toCsv(columns, [])];
  for (let from = 0; from < count; from += STRIDE) {
    yield from / count;
    const rows = Array.from({ length: Math.min(STRIDE, count - from) }, (_, index) => at(from + index)).filter((row) => row !== undefined);
    parts.push(toCsv(columns, rows).slice(parts[0]?.length));
  }
  return parts.join('');
}
