import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './paths.ts';

/** How one of CPython's test suites runs: plain, recorded, or recorded with a heap snapshot each second. */
export const MODES = ['plain', 'recorded', 'snapshots'] as const;
export type Mode = (typeof MODES)[number];

/** The outcome of each test, by its id. */
export type Outcomes = Record<string, string>;

export interface Difference {
  test: string;
  mode: Exclude<Mode, 'plain'>;
  plain: string;
  found: string;
}

/** A known difference that stays. No `modes`: in each; no `pythons`: on each. */
export interface Known {
  test: string;
  modes?: string[];
  pythons?: string[];
  why: string;
}

const RUNNER = inRoot('python-agent', 'tests', 'manners_runner.py');
/** The whole process, among its tests. */
const WHOLE = '(the process)';
const ABSENT = 'did not come to it';
/** Time limit of a process that hangs, in milliseconds. */
const PATIENCE = 900_000;

const options: Record<Mode, readonly string[] | null> = { plain: null, recorded: [], snapshots: ['--snapshot-every', '1'] };

function commandLine(mode: Mode, folder: string, command: readonly string[]): string[] {
  const chosen = options[mode];
  if (!chosen) return [...command];
  const file = join(folder, 'manners.heapscope');
  return [process.execPath, inRoot('bin', 'heapscope.mjs'), 'record', '-q', '-o', file, ...chosen, '--', ...command];
}

/** Lines of the runner, [id, outcome], as far as they were written. */
export function readOutcomes(text: string, status: number | null): Outcomes {
  const outcomes: Outcomes = {};
  let whole = false;
  for (const line of text.split('\n').filter((each) => each.endsWith(']'))) {
    const [test, outcome] = JSON.parse(line) as [string, string];
    if (test === '') whole = true;
    else outcomes[test] = outcome;
  }
  outcomes[WHOLE] = whole ? `ended with ${status ?? 'a signal'}` : 'died';
  return outcomes;
}

/** Runs a module's tests, or some of them, in a separate process. */
export async function runTests(python: string, mode: Mode, module: string, tests: readonly string[] = []): Promise<Outcomes> {
  const folder = mkdtempSync(join(tmpdir(), 'heapscope-manners-'));
  const out = join(folder, 'outcomes');
  try {
    const [program = '', ...args] = commandLine(mode, folder, [python, RUNNER, out, module, ...tests]);
    const status = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: folder,
        stdio: process.env['MANNERS_SHOW'] ? 'inherit' : 'ignore',
        timeout: PATIENCE,
        env: environment(),
      });
      child.once('error', reject).once('exit', resolve);
    });
    return readOutcomes(existsSync(out) ? readFileSync(out, 'utf8') : '', status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function environment(): NodeJS.ProcessEnv {
  const { PYTHONPATH: _path, HEAPSCOPE_LINK: _link, ...rest } = process.env;
  return rest;
}

/** Where two runs of the same tests differ. */
export function differences(plain: Outcomes, mode: Difference['mode'], found: Outcomes): Difference[] {
  const tests = [...new Set([...Object.keys(plain), ...Object.keys(found)])].sort();
  return tests.flatMap((test) => {
    const [before = ABSENT, after = ABSENT] = [plain[test], found[test]];
    return before === after ? [] : [{ test, mode, plain: before, found: after }];
  });
}

/** Whether a known difference covers this one on a Python ("3.11"). A test is matched by the end of its id. */
export function isKnown(difference: Difference, python: string, known: readonly Known[]): boolean {
  return known.some(
    (each) =>
      (difference.test === each.test || difference.test.endsWith(`.${each.test}`)) &&
      (each.modes?.includes(difference.mode) ?? true) &&
      (each.pythons?.includes(python) ?? true),
  );
}

/** The differences that appear again when the tests run alone, `times` times, each compared with plain. */
export async function lasting(python: string, module: string, found: readonly Difference[], times: number): Promise<Difference[]> {
  let left = [...found];
  for (let time = 0; time < times && left.length > 0; time++) {
    const again: Difference[] = [];
    for (const mode of new Set(left.map((each) => each.mode))) {
      const tests = left.filter((each) => each.mode === mode).map((each) => each.test);
      const alone = tests.includes(WHOLE) ? [] : tests;
      const plain = await runTests(python, 'plain', module, alone);
      const later = differences(plain, mode, await runTests(python, mode, module, alone));
      again.push(...later.filter((each) => tests.includes(each.test)));
    }
    left = again;
  }
  return left;
}
