import { expect, test } from 'vitest';
import { loadsCode } from './loading-variables.ts';

test.each([
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'LD_AUDIT',
  'PYTHONPATH',
  'PYTHONSTARTUP',
  'PYTHONHOME',
  'PATH',
  'Path',
  'NODE_OPTIONS',
  'DYLD_INSERT_LIBRARIES',
  'BASH_ENV',
  'HOME',
  'OPENSSL_CONF',
])('%s decides what code is loaded', (name) => {
  expect(loadsCode(name)).toBe(true);
});

test.each(['', 'HOMES', 'LANG', 'MY_PATH', 'DEBUG', 'PORT', 'OLD_LD'])('%j does not', (name) => {
  expect(loadsCode(name)).toBe(false);
});
