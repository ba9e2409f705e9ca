import { mount } from '@vue/test-utils';
import { beforeEach, describe, expect, test } from 'vitest';
import { h } from 'vue';
import type { VNode } from 'vue';
import type { AllocationGrouping, AllocationMeasure } from '../../../src-preload/contract/index.ts';
import { toCsv } from '../../components/table/csv.ts';
import { textOf } from '../../components/table/columns.ts';
import { i18n } from '../../format/i18n.ts';
import { allocationColumns } from './columns.ts';
import { LOAD, MAIN, aRow } from './testing.ts';
import { whyText } from './words.ts';

beforeEach(() => (i18n.global.locale.value = 'en'));

function column(id: string, by: AllocationGrouping = 'line', of: AllocationMeasure = 'live') {
  const found = allocationColumns(by, of).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no column ${id}`);
  return found;
}

describe('what is sampled', () => {
  test.each(['bytes', 'blocks', 'perMinute', 'allocated', 'freed'])('looks so, in its column and its sum: %s', (id) => {
    expect(textOf(column(id), aRow())).toMatch(/^≈ /);
    const { sum } = column(id);
    if (sum !== undefined) expect(sum(5, false)).toMatch(/^≈ /);
  });

  test('says on hover how far it may be off', () =>
    expect(column('bytes').hover?.(aRow())).toBe('1,234,567 bytes, ± 1,000 bytes: one standard deviation'));

  test('that grew has a sign', () => {
    expect(textOf(column('bytes', 'line', 'growth'), aRow())).toBe('≈ +1.18 MiB');
    expect(textOf(column('bytes', 'line', 'growth'), aRow({ bytes: -2048 }))).toBe('≈ −2.00 KiB');
    expect(textOf(column('perMinute', 'line', 'growth'), aRow())).toBe('≈ −50 B');
  });

  test('is not there twice: the measure that is shown is hidden beside it', () => {
    expect([column('freed', 'line', 'freed').hidden, column('allocated', 'line', 'freed').hidden]).toEqual([true, false]);
  });

  test('is plain numbers in CSV, with its error', () => {
    const csv = toCsv([column('bytes'), column('error')], [aRow()]);
    expect(csv).toContain('1234567,1000');
  });
});

describe('a row is named by what it is grouped by', () => {
  test.each<[AllocationGrouping, string]>([
    ['line', 'Session.load app.py:41'],
    ['function', 'Session.load app.py'],
    ['file', '/srv/app.py'],
    ['module', 'app'],
    ['package', 'srv'],
  ])('%s', (by, text) => {
    const label = column('label', by);
    expect(textOf(label, aRow())).toBe(text);
    const drawn = mount({ render: () => h('div', [label.draw?.(aRow()) as VNode]) }, { global: { plugins: [i18n] } });
    expect(drawn.text()).toBe(text);
  });

  test('a traceback by its frames, the innermost first; a thread by its name', () => {
    const row = aRow({ frames: [LOAD, MAIN, { function: 'MainThread', file: '', line: 0, own: false }] });
    expect(textOf(column('label', 'traceback'), row)).toBe('Session.load app.py:41 ← main app.py:3 ← MainThread');
    expect(column('label', 'traceback').hover?.(row)).toBe('Session.load /srv/app.py:41\nmain /srv/app.py:3\nMainThread');
    expect(textOf(column('label', 'thread'), aRow({ function: 'worker-1', file: '', line: 0 }))).toBe('worker-1');
  });

  test('what is of no module or package has the name that there is', () =>
    expect(textOf(column('label', 'package'), aRow({ package: '', function: '(no Python thread)' }))).toBe('(no Python thread)'));
});

test('a reason is said in words, an unknown one as it is', () => {
  expect(whyText({ why: 'no-core' })).toContain('C core');
  expect(whyText({ why: 'no-core: cannot open shared object' })).toContain('C core');
  expect(whyText({ why: 'failed: MemoryError: out' })).toBe('it failed: MemoryError: out.');
  expect(whyText({ why: 'odd' })).toBe('reason: odd.');
});
