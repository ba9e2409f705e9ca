import { mount } from '@vue/test-utils';
import { beforeEach, describe, expect, test } from 'vitest';
import { h } from 'vue';
import type { VNode } from 'vue';
import { i18n } from '../../../format/i18n.ts';
import type { Column } from '../columns.ts';
import { textOf } from '../columns.ts';
import { addressColumn, bytesColumn, countColumn, deltaColumn, shareColumn, trendColumn, typeColumn } from './columns.ts';
import { sparkPath } from './spark-path.ts';

beforeEach(() => (i18n.global.locale.value = 'en'));

const drawn = <Row>(column: Column<Row>, row: Row) =>
  mount({ render: () => h('div', [column.draw?.(row) as VNode]) }, { global: { plugins: [i18n] } });

describe('what is not there', () => {
  test('a figure that is missing is a dash, and no growth', () => {
    const delta = deltaColumn<null>('d', 'D', 'bytes', () => null);
    expect(drawn(delta, null).text()).toBe('–');
    expect(drawn(delta, null).find('.grow, .shrink').exists()).toBe(false);
    expect(
      textOf(
        bytesColumn<null>('b', 'B', () => null),
        null,
      ),
    ).toBe('–');
    expect(
      drawn(
        shareColumn<null>('s', 'S', () => null),
        null,
      ).text(),
    ).toBe('–');
  });

  test('no address is no text', () =>
    expect(
      textOf(
        addressColumn<number>('a', 'A', (row) => row),
        0,
      ),
    ).toBe(''));

  test('a line of nothing, of one value and of equal values can be drawn', () => {
    expect(sparkPath([], 60, 16)).toEqual({ line: '', end: '' });
    expect(sparkPath([null, null], 60, 16).line).toBe('');
    expect(sparkPath([5], 60, 16).line).toBe('M30 2');
    expect(sparkPath([0, 0], 60, 16).line).toBe('M2 14L58 14');
  });
});

test('bytes show three digits, and all of them on hover', () => {
  const column = bytesColumn<number>('b', 'B', (row) => row);
  expect([textOf(column, 1_234_567), column.hover?.(1_234_567)]).toEqual(['1.18 MiB', '1,234,567 bytes']);
  expect(
    textOf(
      countColumn<number>('c', 'C', (row) => row),
      1_234_567,
    ),
  ).toBe('1,234,567');
});

test('a difference has its sign and its colour', () => {
  const column = deltaColumn<number>('d', 'D', 'count', (row) => row);
  expect([drawn(column, 12).text(), drawn(column, 12).find('span').classes()]).toEqual(['+12', ['grow']]);
  expect([drawn(column, -12).text(), drawn(column, -12).find('span').classes()]).toEqual(['−12', ['shrink']]);
  expect(drawn(column, 0).text()).toBe('0');
});

test('a share is a bar and a figure', () => {
  const bar = drawn(
    shareColumn<number>('s', 'S', (row) => row),
    0.25,
  );
  expect(bar.text()).toBe('25.0 %');
  expect(bar.find('.bar span').attributes('style')).toContain('25%');
});

test('a line goes from zero, leaves gaps, and ends in a point', () => {
  expect(sparkPath([0, 10, null, 10], 60, 16)).toEqual({ line: 'M2 14L20.7 2M58 2', end: 'M58 2h0' });
  const column = trendColumn<(number | null)[]>('t', 'T', 'count', (row) => row);
  expect([column.value([null, 5, 9]), column.hover?.([1, null, 9])]).toEqual([4, '1 → – → 9']);
  expect(drawn(column, [1, 2]).find('svg').attributes('aria-label')).toBe('1 → 2');
});

test('a type is found and copied by its whole name', () => {
  const column = typeColumn<{ module: string; name: string }>('t', 'T', (row) => row);
  const session = { module: 'app.models', name: 'Session' };
  expect([column.value(session), column.value({ module: '', name: 'dict' })]).toEqual(['app.models.Session', 'dict']);
  expect([drawn(column, session).text(), drawn(column, session).find('.module').text()]).toEqual(['app.models.Session', 'app.models.']);
});

test('an address is hexadecimal', () =>
  expect(
    textOf(
      addressColumn<number>('a', 'A', (row) => row),
      0x7f3a_5c01_e2d0,
    ),
  ).toBe('0x7f3a5c01e2d0'));
