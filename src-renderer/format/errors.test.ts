import { afterEach, expect, test } from 'vitest';
import type { ErrorCode } from '../../src-preload/contract/index.ts';
import { wordError } from './errors.ts';
import { setLanguage } from './i18n.ts';
import { errors } from './locales/en/errors.ts';

afterEach(() => setLanguage('en'));

test('a code from a newer engine is still told', () => {
  const said = wordError({ code: 'heap.exploded' as ErrorCode, facts: { detail: 'why' } });
  expect(said.what).toContain('heap.exploded');
  expect(said.detail).toBe('why');
});

test('an error without its facts leaves no hole with braces', () => {
  for (const code of Object.keys(errors).filter((key) => key !== 'unknown' && key !== 'interpreter.crashed-signal') as ErrorCode[]) {
    expect(wordError({ code, facts: {} }).what).not.toMatch(/\{\w+\}/);
  }
});

test('facts are in the sentence, sizes with their unit and on one line with it', () => {
  const said = wordError({ code: 'file.too-large', facts: { path: '/a', size: 2048, limit: 1024 } });
  expect(said.what).toBe('/a is too large: 2.00\u00a0KiB; the limit is 1.00\u00a0KiB.');
});

test('a crash by a signal reads differently from one with a code', () => {
  const by = (facts: Record<string, string | number | null>): string => wordError({ code: 'interpreter.crashed', facts }).what;
  expect(by({ path: '/p', exitCode: 3, signal: null })).toContain('code 3');
  expect(by({ path: '/p', exitCode: null, signal: 'SIGSEGV' })).toContain('SIGSEGV');
});

test('the other language says the same', () => {
  setLanguage('zh-CN');
  expect(wordError({ code: 'project.newer', facts: { path: '/a', version: 9, supported: 1 } }).what).toContain('格式 9');
});
