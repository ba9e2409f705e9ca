import { expect, test } from 'vitest';
import type { LaunchSpec } from '../../src-preload/contract/index.ts';
import { wordExit } from './exit.ts';
import { interpreterName, programLine, shortCommand } from './program.ts';

const exit = { code: null, signal: null, outOfMemory: false };
const spec: LaunchSpec = {
  mode: 'script',
  interpreter: '',
  target: '/a/b/app.py',
  args: [],
  cwd: '',
  env: {},
  intervalMs: 100,
  tracemallocFrames: 0,
  sampling: 0,
};

test('how a session ended', () => {
  expect(wordExit('ended', { ...exit, signal: 'SIGKILL', outOfMemory: true })).toEqual({ text: 'killed: out of memory', tone: 'error' });
  expect(wordExit('ended', { ...exit, signal: 'SIGSEGV' })).toEqual({ text: 'SIGSEGV', tone: 'error' });
  expect(wordExit('ended', { ...exit, code: 1 })).toEqual({ text: 'exited, code 1', tone: 'warning' });
  expect(wordExit('ended', { ...exit, code: 0 }).tone).toBe('plain');
  expect(wordExit('ended', null).text).toBe('not known');
  expect(wordExit('running', null).tone).toBe('live');
  expect(wordExit('interrupted', null).tone).toBe('warning');
});

test('what runs, in one line', () => {
  expect(programLine({ ...spec, args: ['--name', 'two words'] })).toBe(`app.py --name 'two words'`);
  expect(programLine({ ...spec, mode: 'module', target: 'pytest', args: ['-x'] })).toBe('-m pytest -x');
  expect(programLine({ ...spec, mode: 'code', target: '\nprint(1)\nprint(2)' })).toBe('-c print(1)');
  expect(programLine({ ...spec, mode: 'command', target: 'gunicorn app:app' })).toBe('gunicorn app:app');
});

test('a command without its folders', () => {
  expect(shortCommand('/usr/bin/python3 /a/b.py --out /tmp/x.json rel/c')).toBe('python3 b.py --out x.json rel/c');
});

test('an interpreter that could not be asked has no name', () => {
  const one = {
    path: '/p',
    version: null,
    implementation: null,
    source: 'named',
    support: 'broken',
    freeThreaded: false,
    environment: null,
  } as const;
  expect(interpreterName(one)).toBe('');
  expect(interpreterName({ ...one, version: '3.13.0', implementation: 'cpython', freeThreaded: true })).toBe('3.13.0 free-threaded');
  expect(interpreterName({ ...one, version: '3.10.1', implementation: 'PyPy' })).toBe('PyPy 3.10.1');
});
