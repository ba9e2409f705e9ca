import { visible } from '../../../../src-preload/contract/index.ts';
import { h } from 'vue';
import type { Component } from 'vue';
import type { Bytes, TypeName } from '../../../../src-preload/contract/index.ts';
import { bytes, bytesExact, count, percent, signed } from '../../../format/units.ts';
import type { Column } from '../columns.ts';
import DeltaValue from './DeltaValue.vue';
import ShareBar from './ShareBar.vue';
import Sparkline from './Sparkline.vue';
import TypeLabel from './TypeLabel.vue';

/** Options of a column besides its kind's defaults. */
export type More<Row> = Partial<Omit<Column<Row>, 'id' | 'title' | 'value'>>;

/** Outside the Vue compiler's view a component is of no known type. */
const cell = (component: unknown, props: Record<string, unknown>) => h(component as Component, props);

/** Three significant digits; every byte on hover. */
export function bytesColumn<Row>(id: string, title: string, value: (row: Row) => Bytes | null, more: More<Row> = {}): Column<Row> {
  return { id, title, kind: 'bytes', width: 88, value, text: (row) => bytes(value(row)), hover: (row) => bytesExact(value(row)), ...more };
}

export function countColumn<Row>(id: string, title: string, value: (row: Row) => number | null, more: More<Row> = {}): Column<Row> {
  return { id, title, kind: 'count', width: 80, value, text: (row) => count(value(row)), ...more };
}

/** A signed difference of bytes or of counts. */
export function deltaColumn<Row>(
  id: string,
  title: string,
  kind: 'bytes' | 'count',
  value: (row: Row) => number | null,
  more: More<Row> = {},
): Column<Row> {
  const text = (row: Row): string => (kind === 'bytes' ? bytes(value(row)) : count(value(row)));
  return {
    id,
    title,
    kind,
    width: 96,
    value,
    text: (row) => signed(text(row), value(row)),
    hover: kind === 'bytes' ? (row) => signed(bytesExact(value(row)), value(row)) : undefined,
    draw: (row) => cell(DeltaValue, { value: value(row), text: text(row) }),
    ...more,
  };
}

/** A part of a whole, 0 to 1. */
export function shareColumn<Row>(id: string, title: string, value: (row: Row) => number | null, more: More<Row> = {}): Column<Row> {
  return {
    id,
    title,
    kind: 'ratio',
    width: 120,
    fits: false,
    value,
    text: (row) => percent(value(row)),
    draw: (row) => cell(ShareBar, { ratio: value(row) }),
    ...more,
  };
}

/** A few values over time. It sorts, filters and copies by their growth; `hover` should list the values. */
export function trendColumn<Row>(
  id: string,
  title: string,
  kind: 'bytes' | 'count',
  values: (row: Row) => readonly (number | null)[],
  more: More<Row> = {},
): Column<Row> {
  const grown = (row: Row): number | null => {
    const there = values(row).filter((one) => one !== null);
    const [first, last] = [there[0], there.at(-1)];
    return first === undefined || last === undefined ? null : last - first;
  };
  const inWords = (row: Row): string =>
    values(row)
      .map((one) => (kind === 'bytes' ? bytes(one) : count(one)))
      .join(' → ');
  return {
    id,
    title,
    kind,
    width: 76,
    fits: false,
    sortable: false,
    value: grown,
    text: inWords,
    hover: inWords,
    draw: (row) => cell(Sparkline, { values: values(row), label: inWords(row) }),
    ...more,
  };
}

/** A type: sorts, filters and copies as `module.name`. */
export function typeColumn<Row>(id: string, title: string, type: (row: Row) => TypeName, more: More<Row> = {}): Column<Row> {
  const whole = (row: Row): string => [type(row).module, type(row).name].filter((part) => part !== '').join('.');
  return { id, title, kind: 'text', width: 220, value: whole, hover: whole, draw: (row) => cell(TypeLabel, { type: type(row) }), ...more };
}

/** `0x7f3a5c01e2d0`; empty if there is none (0). */
export function addressColumn<Row>(id: string, title: string, address: (row: Row) => number, more: More<Row> = {}): Column<Row> {
  const text = (row: Row): string => (address(row) === 0 ? '' : `0x${address(row).toString(16)}`);
  return { id, title, kind: 'text', width: 122, value: text, draw: (row) => h('span', { class: 'mono' }, visible(text(row))), ...more };
}
