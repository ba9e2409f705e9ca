/** A column of a table on the terminal. */
export interface Column {
  title: string;
  right: boolean;
}

/** Rows under their titles, aligned. */
export function aligned(columns: readonly Column[], content: string[][]): string {
  const rows = [columns.map((column) => column.title), ...content];
  const widths = columns.map((_, at) => rows.reduce((widest, row) => Math.max(widest, width(row[at] ?? '')), 0));
  return rows
    .map((row) =>
      row
        .map((cell, at) => pad(cell, widths[at] ?? 0, columns[at]?.right ?? false))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(cell: string, to: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, to - width(cell)));
  return right ? space + cell : cell + space;
}

/** Width in terminal columns: East Asian characters take two. */
export function width(text: string): number {
  return [...text].reduce(
    (sum, char) =>
      sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(char) ? 2 : 1),
    0,
  );
}

/** JSON without anything that a terminal would execute. */
export function jsonText(value: unknown): string {
  const escaped = JSON.stringify(value, null, 2).replace(/[\x7f-\x9f\p{Cf}\u2028\u2029]/gu, (char) =>
    Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
  return `${escaped}\n`;
}
