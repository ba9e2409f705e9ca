import type { Column, ColumnKind } from './columns.ts';

/**
 * The filter language of every table. Words are separated by spaces and must all fit:
 * `leak` occurs in any column of text; `-leak` must not; `"two words"`; `peak > 100MB`, `duration >= 1m30s`, `exit = "code 1"`,
 * `name : api` compare one column, by its id or its title. `:` means contains, `=` equals.
 */
export interface Filter<Row> {
  test: (row: Row) => boolean;
  /** A column that is not there, or cannot be compared so. */
  fault: string | null;
}

type Operator = '>=' | '<=' | '!=' | '>' | '<' | '=' | ':';

const TOKEN = /(-?)("[^"]*"?|[^\s"<>=:!]+)(?:\s*(>=|<=|!=|>|<|=|:)\s*("[^"]*"?|[^\s"]*))?/g;

const KIB = 1024;
const FACTORS: Record<string, number> = {
  b: 1, k: KIB, kb: KIB, kib: KIB, m: KIB ** 2, mb: KIB ** 2, mib: KIB ** 2, g: KIB ** 3, gb: KIB ** 3, gib: KIB ** 3, t: KIB ** 4, tb: KIB ** 4, tib: KIB ** 4,
};
const TIMES: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** A typed quantity in the unit that the column's values have: bytes, milliseconds, or a plain number. null: none. */
export function quantity(text: string, kind: ColumnKind): number | null {
  if (kind === 'time') {
    const at = Date.parse(text);
    return Number.isNaN(at) ? null : at;
  }
  const units: Record<string, number> = kind === 'bytes' ? FACTORS : kind === 'ms' ? TIMES : { k: 1000, m: 1e6 };
  const parts = [...text.toLowerCase().replaceAll('_', '').matchAll(/([\d.,]+)\s*([a-z]*)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text.toLowerCase().replaceAll('_', '')) return null;
  let total = 0;
  for (const [, digits = '', unit = ''] of parts) {
    const factor = unit === '' ? 1 : units[unit];
    const value = Number(digits.replaceAll(',', ''));
    if (factor === undefined || Number.isNaN(value)) return null;
    total += value * factor;
  }
  return total;
}

const unquoted = (text: string): string => text.replaceAll('"', '').toLowerCase();

function compare(operator: Operator, a: number, b: number): boolean {
  if (operator === '>') return a > b;
  if (operator === '<') return a < b;
  if (operator === '>=') return a >= b;
  if (operator === '<=') return a <= b;
  return operator === '!=' ? a !== b : a === b;
}

function comparison<Row>(column: Column<Row>, operator: Operator, typed: string): ((row: Row) => boolean) | null {
  if (column.kind === 'text') {
    const wanted = unquoted(typed);
    const read = (row: Row): string => `${column.value(row) ?? ''}`.toLowerCase();
    if (operator === ':') return (row) => read(row).includes(wanted);
    if (operator === '=') return (row) => read(row) === wanted;
    return operator === '!=' ? (row) => read(row) !== wanted : null;
  }
  const wanted = quantity(unquoted(typed), column.kind);
  if (wanted === null) return null;
  return (row) => {
    const value = column.value(row);
    return typeof value === 'number' && compare(operator, value, wanted);
  };
}

function anywhere<Row>(columns: readonly Column<Row>[], word: string): (row: Row) => boolean {
  const texts = columns.filter((column) => column.kind === 'text');
  return (row) => texts.some((column) => `${column.value(row) ?? ''}`.toLowerCase().includes(word));
}

/** Reads a filter. An unfinished comparison (`peak >`) counts as not there yet. */
export function parseFilter<Row>(text: string, columns: readonly Column<Row>[]): Filter<Row> {
  const tests: ((row: Row) => boolean)[] = [];
  let fault: string | null = null;
  for (const [, minus, word = '', operator, typed] of text.matchAll(TOKEN)) {
    let test: ((row: Row) => boolean) | null;
    if (operator === undefined) test = anywhere(columns, unquoted(word));
    else if (typed === undefined || typed === '') continue;
    else {
      const column = columns.find((one) => one.id.toLowerCase() === unquoted(word) || one.title.toLowerCase() === unquoted(word));
      test = column === undefined ? null : comparison(column, operator as Operator, typed);
    }
    if (test === null) fault ??= word;
    else {
      const wanted = test;
      tests.push(minus === '-' ? (row) => !wanted(row) : wanted);
    }
  }
  return { test: (row) => tests.every((one) => one(row)), fault };
}
