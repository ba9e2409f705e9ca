/**
 * `npm run manners`: whether CPython's own tests have the same results plain, recorded, and recorded with a heap snapshot each second.
 * `--python PATH,…` (default: one of each available build; those without their tests are listed), `--tests test_gc,…`, `--quick` (those
 * that take up to a minute). Differences that persist when run alone again and are not in manners-known.json make it fail. All of them take
 * hours; MANNERS_SHOW=1 shows output.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MODES, differences, isKnown, lasting, runTests } from './lib/manners.ts';
import type { Difference, Known } from './lib/manners.ts';
import { inRoot } from './lib/paths.ts';
import { oneOfEachBuild, type Python, pythonPaths, pythonsAt, SUPPORTED } from './lib/pythons.ts';
import { buildIfStale } from './lib/tools.ts';

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

/** Those named, or one of each build that was found, of a supported version. Of two equal builds, the one that has its tests. */
function pythons(): Python[] {
  const found = pythonsAt(values.python?.split(',') ?? pythonPaths()).filter(({ version }) => SUPPORTED.includes(version));
  if (values.python) return found;
  return oneOfEachBuild(found.toSorted((a, b) => Number(b.shipsTests) - Number(a.shipsTests)));
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
  if (!buildIfStale()) throw new Error('the build failed');
  const known = JSON.parse(readFileSync(inRoot('scripts', 'manners-known.json'), 'utf8')) as Known[];
  const modules = values.tests?.split(',') ?? (values.quick ? QUICK : TESTS);
  const found = pythons();
  const chosen = found.filter(({ shipsTests }) => shipsTests);
  let unknown = chosen.length === 0 ? 1 : 0;
  for (const { build, path } of found.filter(({ shipsTests }) => !shipsTests)) {
    console.log(`manners: Python ${build} (${path}) came without its own tests: nothing can be compared there`);
  }
  if (chosen.length === 0) console.log('manners: no Python with its own tests is there');
  for (const { path, version: python } of chosen) {
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
