import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import type { Actions } from './ports.ts';
import { buildProgram, withCommand } from './program.ts';

/** Which action was called, with which arguments; commander's own output is swallowed. */
async function run(...words: string[]): Promise<{ calls: unknown[][]; error: CommanderError | null }> {
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    (...args: unknown[]): Promise<number> => {
      calls.push([name, ...args]);
      return Promise.resolve(0);
    };
  const actions: Actions = {
    open: note('open'),
    serve: note('serve'),
    record: note('record'),
    info: note('info'),
    allocations: note('allocations'),
  };
  const program = buildProgram('1.2.3', actions, () => undefined);
  for (const command of [program, ...program.commands])
    command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined }).exitOverride();
  const error = await program.parseAsync(withCommand(program, words), { from: 'user' }).then(
    () => null,
    (thrown: unknown) => {
      if (thrown instanceof CommanderError) return thrown;
      throw thrown;
    },
  );
  return { calls, error };
}

test.each([
  ['record without a program', ['record', '-o', 'x.heapscope']],
  ['record without an output', ['record', '--', 'python', 'a.py']],
  ['an interval that is no number', ['record', '-o', 'x', '--interval', 'fast', '--', 'python']],
  ['an interval out of range', ['record', '-o', 'x', '--interval', '5', '--', 'python']],
  ['snapshots too often', ['record', '-o', 'x', '--snapshot-every', '0', '--', 'python']],
  ['a sampling distance without a number', ['record', '-o', 'x', '--sampling', 'k', '--', 'python']],
  ['a sampling distance that is too small', ['record', '-o', 'x', '--sampling', '100', '--', 'python']],
  ['a sampling distance that is too large', ['record', '-o', 'x', '--sampling', '2G', '--', 'python']],
  ['a sampling distance with an unknown unit', ['record', '-o', 'x', '--sampling', '5min', '--', 'python']],
  ['a port out of range', ['serve', '--port', '70000']],
  ['info without a file', ['info']],
])('given %s, when parsed, then nothing is run', async (_name, words) => {
  const { calls, error } = await run(...words);
  expect(calls).toEqual([]);
  expect(error?.exitCode).toBe(1);
});

test('given options after --, when recorded, then they are the program’s', async () => {
  const { calls } = await run(
    'record',
    '-o',
    'x.heapscope',
    '--interval',
    '50',
    '--',
    'python',
    '-c',
    'print(1)',
    '--interval',
    '9',
    '-o',
    'y',
  );
  expect(calls).toEqual([
    [
      'record',
      {
        argv: ['python', '-c', 'print(1)', '--interval', '9', '-o', 'y'],
        output: resolve('x.heapscope'),
        intervalMs: 50,
        tracemallocFrames: 0,
        sampling: 0,
        snapshots: { every: null, atExit: false, atMark: null },
        manner: { collectFirst: false, previews: false },
        cwd: process.cwd(),
        quiet: false,
      },
    ],
  ]);
});

test('given when snapshots are wanted, when recorded, then it is asked for', async () => {
  const { calls } = await run(
    'record',
    '-o',
    'x',
    '--snapshot-every',
    '30',
    '--snapshot-at-exit',
    '--snapshot-at-mark',
    'loaded',
    '--',
    'python',
  );
  expect(calls).toEqual([['record', expect.objectContaining({ snapshots: { every: 30_000, atExit: true, atMark: 'loaded' } })]]);
});

test('given how snapshots are taken, when recorded, then it is requested', async () => {
  const { calls } = await run('record', '-o', 'x', '--collect-first', '--previews', '--', 'python');
  expect(calls).toEqual([['record', expect.objectContaining({ manner: { collectFirst: true, previews: true } })]]);
});

test('given a program without --, when recorded, then its options are its own all the same', async () => {
  const { calls } = await run('record', '-o', 'x', 'python', 'a.py', '--quiet');
  expect(calls).toEqual([['record', expect.objectContaining({ argv: ['python', 'a.py', '--quiet'], quiet: false })]]);
});

test.each([
  [[], [], {}],
  [['a.heapscope'], ['a.heapscope'], {}],
  [['a.py', '--help', '-v', '--port', '1'], ['a.py', '--help', '-v', '--port', '1'], {}],
  [['--browser', '--port', '8123', 'a.py', 'x'], ['a.py', 'x'], { browser: true, port: 8123 }],
  [['open', '--', '-m', 'package', '--port', '5'], ['-m', 'package', '--port', '5'], {}],
  [['-m', 'package', '--port', '5'], ['-m', 'package', '--port', '5'], {}],
])('given the words %j, when opened, then the target is %j', async (words, targets, options) => {
  expect((await run(...words)).calls).toEqual([['open', targets, { browser: false, electron: false, port: null, ...options }]]);
});

test.each([['--help'], ['-V'], ['help', 'record']])('given %s, when parsed, then only words are printed', async (...words) => {
  const { calls, error } = await run(...words);
  expect(calls).toEqual([]);
  expect(error?.exitCode).toBe(0);
});

test('given --no-open, when served, then no browser is asked for', async () => {
  expect((await run('serve', '--no-open')).calls).toEqual([['serve', [], { port: null, open: false }]]);
});

test.each([
  ['512k', 524_288],
  ['64KB', 65_536],
  ['1M', 1_048_576],
  ['1.5MiB', 1_572_864],
  ['4096', 4096],
  ['off', 0],
  ['OFF', 0],
])('given --sampling %s, when recorded, then its mean distance is %d bytes', async (text, sampling) => {
  const { calls } = await run('record', '-o', 'x', '--sampling', text, '--', 'python');
  expect(calls).toMatchObject([['record', { sampling }]]);
});
