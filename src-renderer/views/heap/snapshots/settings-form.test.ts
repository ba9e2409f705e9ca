import { describe, expect, test } from 'vitest';
import { emptyForm, fromForm, toForm, wrongFields } from './settings-form.ts';
import type { SettingsForm } from './settings-form.ts';

const form = (change: Partial<SettingsForm> = {}): SettingsForm => ({ ...emptyForm(), limit: '20', ...change });

describe('what makes no sense', () => {
  test.each(['0', '-1', 'x', '1e3', '1.2.3', '٣'])('an interval of %s', (every) =>
    expect([...wrongFields(form({ every }))]).toEqual(['every']),
  );
  test.each(['', '0', '1.5'])('a limit of “%s”', (limit) => expect([...wrongFields(form({ limit }))]).toEqual(['limit']));
});

test('empty fields are rules that do not hold', () => {
  expect(wrongFields(form()).size).toBe(0);
  expect(fromForm(form()).rules).toEqual({ every: null, rssAbove: null, rssStep: null, atMark: null, atExit: false, limit: 20 });
});

test('seconds and MiB, with a comma where people write one', () => {
  const { rules, options } = fromForm(
    form({ every: '2,5', rssAbove: '512', rssStep: ' 10 ', atMark: ' * ', memoryLimit: '100', redact: 'password, token  key' }),
  );
  expect(rules).toMatchObject({ every: 2500, rssAbove: 512 * 1024 * 1024, rssStep: 10 * 1024 * 1024, atMark: '*' });
  expect(options).toMatchObject({ memoryLimit: 104_857_600, redact: ['password', 'token', 'key'] });
});

test('what is shown is what is kept', () => {
  const settings = {
    rules: { every: 1500, rssAbove: null, rssStep: 3 * 1024 * 1024, atMark: 'loaded', atExit: true, limit: 7 },
    options: { method: 'in-place' as const, collectFirst: true, previews: true, redact: ['secret'], memoryLimit: null, joinPages: true },
  };
  expect(fromForm(toForm(settings))).toEqual(settings);
});
