/**
 * `npm run mutate -- PATH [PATH …] [--concurrency N]`: mutates the code of a folder or a file (`file.ts:10-40` for lines) in one small
 * place after the other, runs the tests beside it, and lists the mutants that no test killed. The report is in `.cache/mutation`. A long
 * list is not a failure: a person decides which survivors matter.
 *
 * String literals are not mutated: most are members of unions, which the compiler checks.
 */
import { rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { ROOM } from './lib/mutation/names.ts';
import { inRoot, root } from './lib/paths.ts';

/** A test that waits for a worker or a timer is slow on a busy machine; that is not an endless loop. */
const TIMEOUT_MS = 20_000;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { concurrency: { type: 'string' } } });
if (positionals.length === 0) throw new Error('wanted: a folder or a file, such as src-main/engine/rows');
const targets = positionals.map((given) => {
  const [path = '', lines] = given.split(':');
  const folder = statSync(path).isDirectory();
  return { path: relative(root, path), lines, folder, room: relative(root, folder ? path : dirname(path)) };
});
const [{ room } = { room: '' }] = targets;
if (targets.some((target) => target.room !== room)) throw new Error('wanted: files of one folder, whose tests are run');

/** Code, without tests and their helpers. */
const mutate = targets.flatMap(({ path, lines, folder }) =>
  folder ? [`${path}/**/*.ts`, `!${path}/**/*.test.ts`, `!${path}/**/testing*`] : [lines ? `${path}:${lines}` : path],
);
const report = `.cache/mutation/${room.replaceAll('/', '-')}`;

process.chdir(root);
process.env[ROOM] = room;
rmSync(inRoot('.cache/mutation/sandbox'), { recursive: true, force: true });
await new Stryker({
  mutate,
  mutator: { plugins: null, excludedMutations: ['StringLiteral'] },
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  // All tests of the room: no test imports the code that a worker thread runs.
  vitest: { configFile: 'scripts/lib/mutation/vitest.config.ts', related: false, pool: 'forks' },
  concurrency: Number(values.concurrency ?? Math.max(1, Math.floor(availableParallelism() / 2))),
  timeoutMS: TIMEOUT_MS,
  tempDirName: '.cache/mutation/sandbox',
  ignorePatterns: ['.cache', 'out', 'dist', 'test-results', 'playwright-report', '*.heapscope*'],
  disableTypeChecks: false,
  reporters: ['clear-text', process.stdout.isTTY ? 'progress' : 'progress-append-only', 'html', 'json'],
  clearTextReporter: { allowEmojis: false, reportTests: false, logTests: false, skipFull: true },
  htmlReporter: { fileName: `${report}.html` },
  jsonReporter: { fileName: `${report}.json` },
  allowConsoleColors: process.stdout.isTTY,
}).runMutationTest();
