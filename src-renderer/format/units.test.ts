import { afterEach, describe, expect, test } from 'vitest';
import { setLanguage } from './i18n.ts';
import { bytes, bytesExact, bytesPerMinute, count, decimal, metricValue, percent, signed, trend } from './units.ts';

afterEach(() => setLanguage('en'));

describe('bytes', () => {
  test('what is no number is a dash', () => {
    expect(bytes(null)).toBe('–');
    expect(bytes(NaN)).toBe('–');
    expect(bytesExact(null)).toBe('');
  });

  test.each([
    [0, '0 B'],
    [17, '17 B'],
    [1023, '1,023 B'],
    [1024, '1.00 KiB'],
    [1536, '1.50 KiB'],
    [1024 * 1023.9, '1.00 MiB'],
    [432_013_312, '412 MiB'],
    [12.3 * 1024 ** 3, '12.3 GiB'],
    [-2048, '−2.00 KiB'],
  ])('%d reads %s', (value, text) => expect(bytes(value)).toBe(text));

  test('the exact value has every digit, in the language in use', () => {
    expect(bytesExact(431_767_552)).toBe('431,767,552 bytes');
    setLanguage('zh-CN');
    expect(bytesExact(431_767_552)).toBe('431,767,552 字节');
  });

  test('a slope has its sign', () => {
    expect(bytesPerMinute(1.2 * 1024 ** 2)).toBe('+1.20\u00a0MiB/min');
    expect(bytesPerMinute(-1024)).toBe('−1.00\u00a0KiB/min');
    expect(bytesPerMinute(0)).toBe('0\u00a0B/min');
    expect(bytesPerMinute(null)).toBe('–');
  });
});

test('counts, ratios and decimals', () => {
  expect(count(1_234_567)).toBe('1,234,567');
  expect(percent(0.1234)).toBe('12.3 %');
  expect(percent(null)).toBe('–');
  expect(decimal(3.14159)).toBe('3.14');
  expect(decimal(1234)).toBe('1,234');
  expect(signed('5', 5)).toBe('+5');
  expect(signed('−5', -5)).toBe('−5');
});

test('a metric is written in its unit', () => {
  expect(metricValue('bytes', 2048)).toBe('2.00 KiB');
  expect(metricValue('ratio', 0.5)).toBe('50.0 %');
  expect(metricValue('ms', 12.34)).toBe('12.3 ms');
  expect(metricValue('count', 7)).toBe('7');
  expect(metricValue('count', null)).toBe('–');
});

test('growth and shrink are told apart, nothing is neither', () => {
  expect([trend(1), trend(-1), trend(0), trend(null)]).toEqual(['grow', 'shrink', '', '']);
});
