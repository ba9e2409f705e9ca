import { expect, test } from 'vitest';
import { i18n } from './i18n.ts';
import { en, zhCN } from './locales/index.ts';

function leaves(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

const names = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].sort();

const english = new Map(leaves(en, ''));
const chinese = new Map(leaves(zhCN, ''));

test('both languages have the same messages', () => {
  expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
});

test.each([...english])('%s has the same values to fill in, and something to say, in both', (key, text) => {
  const other = chinese.get(key) ?? '';
  expect(names(other).filter((name) => name !== 'n')).toEqual(names(text).filter((name) => name !== 'n'));
  expect(other === '').toBe(text === '');
});

test('no message breaks the message syntax', () => {
  for (const language of ['en', 'zh-CN'] as const) {
    i18n.global.locale.value = language;
    for (const [key, text] of language === 'en' ? english : chinese) {
      const values = Object.fromEntries(names(text).map((name) => [name, `<${name}>`]));
      const said = i18n.global.t(key, values);
      expect(said, key).not.toMatch(/[{}]/);
      if (!text.includes('|')) expect(said, key).toBe(text.replaceAll(/\{(\w+)\}/g, '<$1>'));
    }
  }
  i18n.global.locale.value = 'en';
});
