import { afterEach, expect, test } from 'vitest';
import { setLanguage } from './i18n.ts';
import { ago, duration, milliseconds, roughly, sessionTime, wallTimeShort } from './time.ts';

afterEach(() => setLanguage('en'));

test.each([
  [15_001, '15 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [7_200_000, '2 h'],
])('%s ms are roughly %s', (ms, text) => expect(roughly(ms)).toBe(text));

test('durations keep their width', () => {
  expect(duration(null)).toBe('–');
  expect(duration(192_000)).toBe('00:03:12');
  expect(duration(192_499, true)).toBe('00:03:12.4');
  expect(duration(100 * 3_600_000)).toBe('100:00:00');
  expect(duration(-1500, true)).toBe('−00:00:01.5');
  expect(sessionTime(0)).toBe('00:00:00.0');
});

test('a tenth is cut, never rounded up to a moment that has not come', () => {
  expect(duration(999.9)).toBe('00:00:00');
  expect(duration(99.99, true)).toBe('00:00:00.0');
});

test.each([
  [0, '0 ms'],
  [0.85, '850 µs'],
  [12.34, '12.3 ms'],
  [345, '345 ms'],
  [4200, '4.20 s'],
  [190_000, '3 min 10 s'],
])('%d ms reads %s', (ms, text) => expect(milliseconds(ms)).toBe(text));

test('the day is told only where it is another one', () => {
  const now = new Date(2026, 10, 22, 15, 0, 0).getTime();
  expect(wallTimeShort(new Date(2026, 10, 22, 9, 5, 7).getTime(), now)).toMatch(/^0?9:05:07/);
  expect(wallTimeShort(new Date(2026, 10, 21, 9, 5, 7).getTime(), now)).toMatch(/11\/21\/2026/);
});

test('how long ago, in both languages', () => {
  const now = 1_000_000_000;
  expect(ago(now - 5 * 60_000, now)).toBe('5 minutes ago');
  expect(ago(now - 26 * 3_600_000, now)).toBe('yesterday');
  setLanguage('zh-CN');
  expect(ago(now - 5 * 60_000, now)).toBe('5分钟前');
});
