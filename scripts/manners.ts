/**
 * `npm run manners`: whether CPython's own tests have the same results plain, recorded, and recorded with a heap snapshot each
 * second. `--python PATH,…` (all that ship their tests, else), `--tests test_gc,…`, `--quick` (those of a minute). Differences
 * that last when run alone again and are not in manners-known.json make it fail. Takes hours for all; MANNERS_SHOW=1 shows output.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MODES, differences, isKnown, lasting, runTests } from './lib/manners.ts';
import type { Difference, Known } from './lib/manners.ts';
import { inRoot } from './lib/paths.ts';

const QUICK = ['test_gc', 'test_fork1', 'test_audit'];
const TESTS = [
  ...QUICK,
  'test_weakref',
  'test_os',
  'test_signal',
  'test_time',
  'test_tracemalloc',
  'test_threading',
  'test_subprocess',
  'test_asyncio',
];
const RETRIES = 2;

const { values } = parseArgs({ options: { python: { type: 'string' }, tests: { type: 'string' }, quick: { type: 'boolean' } } });

function pythons(): string[] {
  if (values.python) return values.python.split(',');
  const pyenv = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const found = existsSync(pyenv) ? readdirSync(pyenv).map((name) => join(pyenv, name, 'bin', 'python')) : [];
  return [...found, 'python3'].filter(existsSync);
}

/** "3.11", or nothing where it is too old for us or has no tests of its own. */
function version(python: string): string | undefined {
  const program = 'import sys, test.test_gc; print("%d.%d" % sys.version_info[:2])';
  const run = spawnSync(python, ['-c', program], { encoding: 'utf8' });
  const found = run.status === 0 ? run.stdout.trim() : '';
  return Number(found.split('.')[1] ?? 0) >= 9 ? found : undefined;
}

async function compare(python: string, module: string): Promise<{ ran: number; found: Difference[] }> {
  const plain = await runTests(python, 'plain', module);
  const found: Difference[] = [];
  for (const mode of MODES) {
    if (mode !== 'plain') found.push(...differences(plain, mode, await runTests(python, mode, module)));
  }
  return { ran: Object.keys(plain).length - 1, found };
}

async function main(): Promise<void> {
  const known = JSON.parse(readFileSync(inRoot('scripts', 'manners-known.json'), 'utf8')) as Known[];
  const modules = values.tests?.split(',') ?? (values.quick ? QUICK : TESTS);
  const chosen = pythons().flatMap((path) => version(path) ?? []).length;
  let unknown = chosen === 0 ? 1 : 0;
  if (chosen === 0) console.log('manners: no Python with its own tests is there');
  for (const path of pythons()) {
    const python = version(path);
    if (!python) continue;
    for (const module of modules) {
      const { ran, found } = await compare(path, module);
      const strange = found.filter((each) => !isKnown(each, python, known));
      const left = await lasting(path, module, strange, RETRIES);
      unknown += left.length;
      const passing = strange.length - left.length;
      console.log(
        `${python} ${module}: ${ran} tests, ${left.length} differ, ${found.length - strange.length} as known, ${passing} not again`,
      );
      for (const { mode, test, plain, found: became } of left) console.log(`  ${mode.padEnd(9)} ${test}: ${plain} → ${became}`);
    }
  }
  console.log(`manners: ${unknown} unknown differences`);
  process.exitCode = unknown > 0 ? 1 : 0;
}

await main();
