/**
 * `npm run test:agent`: the agent's tests on the oldest and the newest supported Python that is found; on one of each build with
 * HEAPSCOPE_PYTHONS=all, on those it lists otherwise.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { FETCHED, oneOfEachBuild, type Python, pythonPaths, pythonsAt, SUPPORTED } from './lib/pythons.ts';

const ROOT = join(import.meta.dirname, '..');
const PROCESSES = 2;
const LISTED = process.env['HEAPSCOPE_PYTHONS'];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Unpacks further interpreters if requested and if the tool for it is there. */
function fetchPythons(): void {
  const tool = join(ROOT, '..', 'shared', 'tools', 'more-pythons');
  if (process.env['HEAPSCOPE_FETCH_PYTHONS'] !== '1' || !existsSync(tool)) return;
  mkdirSync(FETCHED, { recursive: true });
  const { status } = spawnSync(tool, [FETCHED], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) console.log('agent: further Pythons cannot be had here');
}

/**
 * All that were listed, or one of each build that was found. The tools' environment comes first: of two equal builds, the one that has
 * numpy is tested.
 */
function findPythons(): Python[] {
  if (LISTED && LISTED !== 'all') return pythonsAt(LISTED.split(delimiter).filter(Boolean));
  return oneOfEachBuild(pythonsAt([join(ROOT, '.cache', 'peers', 'bin', 'python'), ...pythonPaths()]));
}

/** One interpreter's run; a run without counts is a failure. */
function runTests(python: Python, others: Python[], light: boolean, manners: boolean): Counts {
  const otherPythons = others.map((other) => other.path).join(delimiter);
  const env = { ...process.env, HEAPSCOPE_OTHER_PYTHONS: otherPythons, HEAPSCOPE_MANNERS: manners ? '1' : '' };
  const run = spawnSync(python.path, ['-W', 'error::ResourceWarning', '-m', 'tests', String(PROCESSES), ...(light ? ['light'] : [])], {
    cwd: join(ROOT, 'python-agent'),
    env,
    encoding: 'utf8',
    timeout: 600_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  const sums = /^ran (\d+), failed (\d+), skipped (\d+)$/m.exec(run.stdout ?? '');
  if (run.status !== 0 || !sums) console.log(run.stdout, run.stderr);
  else for (const [line] of run.stdout.matchAll(/^slow: .*$/gm)) console.log(line);
  if (!sums) return { passed: 0, failed: 1, skipped: 0 };
  const [ran = 0, failed = 0, skipped = 0] = sums.slice(1).map(Number);
  return { passed: ran - failed - skipped, failed, skipped };
}

function main(): void {
  fetchPythons();
  const found = findPythons();
  const supported = found
    .filter((python) => SUPPORTED.includes(python.version))
    .sort((a, b) => a.build.localeCompare(b.build, 'en', { numeric: true }));
  const tested = LISTED ? supported : supported.filter((_, index) => index === 0 || index === supported.length - 1);
  const others = found.filter((python) => !SUPPORTED.includes(python.version));
  const total: Counts = { passed: 0, failed: tested.length === 0 ? 1 : 0, skipped: 0 };
  const withManners = tested.find((python) => python.shipsTests);
  for (const [index, python] of tested.entries()) {
    const began = Date.now();
    const light = tested.slice(0, index).some((earlier) => earlier.version === python.version);
    const counts = runTests(python, index === 0 ? others : [], light, python === withManners);
    const seconds = ((Date.now() - began) / 1000).toFixed(0);
    console.log(
      `agent on Python ${python.build} (${python.path}): ${counts.passed} passed, ${counts.failed} failed, ${seconds} s${light ? ', the long tests on the build before' : ''}`,
    );
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  const missing = SUPPORTED.filter((version) => !tested.some((python) => python.version === version));
  console.log(`agent: tested on ${tested.map((python) => python.build).join(', ') || 'no Python at all'}`);
  if (others.length > 0) console.log(`agent: stands aside on ${others.map((python) => python.build).join(', ')}`);
  if (tested.length < supported.length) {
    console.log(`agent: the oldest and the newest of ${supported.length} builds found; HEAPSCOPE_PYTHONS=all tests on each`);
  } else if (missing.length > 0) console.log(`agent: not there to test on: Python ${missing.join(', ')}`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`agent: ${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

main();
