import { filterExample, filterTest, parseFilter } from '../../../src-preload/contract/index.ts';
import type { FilterColumn, FilterFault } from '../../../src-preload/contract/index.ts';
import { t } from '../../format/i18n.ts';
import type { Column } from './columns.ts';

/** A filter over rows in memory; `test` null: all rows match. */
export interface RowFilter<Row> {
  test: ((row: Row) => boolean) | null;
  fault: FilterFault | null;
}

/** Parses the filter text, for the columns of a table. */
export function readFilter<Row>(text: string, columns: readonly Column<Row>[]): RowFilter<Row> {
  if (text.trim() === '') return { test: null, fault: null };
  const { node, fault } = parseFilter(text, columns);
  const byId = new Map(columns.map((column) => [column.id, column]));
  const test =
    node &&
    filterTest<Row>(node, {
      texts: columns.filter(({ kind }) => kind === 'text').map(({ id }) => id),
      text: (id) => {
        const column = byId.get(id);
        return (row) => String(column?.value(row) ?? '');
      },
      number: (id) => {
        const column = byId.get(id);
        return (row) => {
          const value = column?.value(row);
          return typeof value === 'number' ? value : null;
        };
      },
    });
  return { test, fault };
}

/** How to filter a table, with conditions for its own columns as examples: one of a quantity, one of a text. */
export function filterHelp(columns: readonly FilterColumn[]): string {
  const quantity = columns.find(({ kind }) => kind === 'bytes') ?? columns.find(({ kind }) => kind !== 'text');
  const text = columns.find(({ kind }) => kind === 'text');
  const examples = [quantity, text].filter((column) => column !== undefined).map(filterExample);
  return t('table.filterHelp', { examples: examples.join(` ${t('table.filterOr')} `) });
}

/** A fault as a message, with its position. Nothing is filtered then. */
export const faultText = (fault: FilterFault): string => t('table.notFiltered', { why: whyOf(fault) });

function whyOf(fault: FilterFault): string {
  const at = { text: fault.text, place: fault.at + 1 };
  if (fault.code === 'unknown-column') return t('table.fault.unknownColumn', at);
  if (fault.code === 'wrong-operator') return t(fault.kind === 'text' ? 'table.fault.textOperator' : 'table.fault.numberOperator', at);
  if (fault.code === 'no-column') return t('table.fault.noColumn', at);
  if (fault.code === 'stray-bracket') return t('table.fault.strayBracket', at);
  if (fault.code === 'too-deep') return t('table.fault.tooDeep', at);
  if (fault.code === 'too-long') return t('table.fault.tooLong', at);
  return t(`table.fault.${QUANTITIES[fault.kind ?? 'count']}`, at);
}

const QUANTITIES = {
  text: 'notACount',
  count: 'notACount',
  bytes: 'notASize',
  ms: 'notADuration',
  time: 'notATime',
  ratio: 'notAShare',
} as const;
