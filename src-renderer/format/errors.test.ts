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
  for (const code of Object.keys(errors).filter((key) => key !== 'unknown') as ErrorCode[]) {
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

test.each([
  ['interpreter.crashed', { path: '/p', exitCode: null, signal: null, detail: 'timeout' }, '/p did not answer'],
  ['interpreter.not-python', { path: '/p', detail: 'directory' }, '/p is a folder'],
  ['interpreter.not-python', { path: '/p', detail: 'not-executable' }, '/p may not be executed'],
  ['launch.script-missing', { path: '/p', detail: 'folder' }, '__main__.py'],
  ['launch.command-malformed', { command: 'ls | wc', detail: 'shell-operator', at: 3 }, 'No shell is started'],
  ['launch.command-malformed', { command: 'ls $HOME', detail: 'shell-variable', at: 3 }, 'No shell is started'],
  ['launch.command-malformed', { command: 'http.server 8000', detail: 'module-name' }, 'not the name of a module'],
] as const)('%s with %j has words of its own', (code, facts, words) => {
  const said = wordError({ code, facts });
  expect(said.what).toContain(words);
  expect(said.detail).toBe('');
});

test('what follows a script is said to be arguments', () => {
  expect(wordError({ code: 'launch.script-missing', facts: { path: '/a.py -x', detail: 'arguments' } }).next).toContain('Arguments');
});

test('the other language says the same', () => {
  setLanguage('zh-CN');
  expect(wordError({ code: 'project.newer', facts: { path: '/a', version: 9, supported: 1 } }).what).toContain('格式 9');
});
