import { describe, expect, it } from 'vitest';
import { fromPlaywright, fromVitest, isFatal, parseTotals, timed, verdict } from './test-report.ts';
import type { SuiteResult } from './test-report.ts';

const suite = (more: Partial<SuiteResult>): SuiteResult => ({ name: 'unit', passed: 3, failed: 0, skipped: [], broken: null, ...more });
const last = (suites: SuiteResult[], strict = false): string | undefined => verdict(suites, strict).lines.at(-1);

describe('a run has failed when', () => {
  it.each([
    ['a test failed', [suite({ failed: 2 })], '3 passed, 2 failed'],
    ['a suite ran no test', [suite({}), suite({ name: 'e2e', passed: 0 })], '3 passed, 1 failed'],
    ['a runner broke although its tests passed', [suite({ broken: 'exit status 1' })], '3 passed, 1 failed'],
    ['a runner broke, once for all its failures', [suite({ failed: 2, broken: 'exit status 1' })], '3 passed, 2 failed'],
  ])('%s', (_name, suites, line) => {
    expect(verdict(suites, false)).toMatchObject({ ok: false });
    expect(last(suites)).toBe(line);
  });

  it('something was skipped under CI', () => {
    expect(verdict([suite({ skipped: ['a: no browser'] })], true)).toMatchObject({ ok: false });
    expect(last([suite({ skipped: ['a: no browser'] })], true)).toBe('3 passed, 1 failed');
  });
});

it('each failure is named at the end, where a log that is cut still has it', () => {
  const failing = fromVitest({
    testResults: [
      {
        name: 'a',
        status: 'failed',
        assertionResults: [{ status: 'failed', fullName: 'adds', failureMessages: ['AssertionError: 1 is not 2\n    at a.test.ts:1'] }],
      },
    ],
  });
  expect(verdict([suite({ ...failing })], false).lines).toEqual([
    'unit: 0 passed, 1 failed, 0 skipped',
    'Failed:',
    '  unit: adds: AssertionError: 1 is not 2',
    '0 passed, 1 failed',
  ]);
});

describe('a run is in order when', () => {
  it('all passed, and the last line sums all suites', () => {
    expect(verdict([suite({}), suite({ name: 'e2e', passed: 4 })], true).ok).toBe(true);
    expect(last([suite({}), suite({ name: 'e2e', passed: 4 })], true)).toBe('7 passed, 0 failed');
  });

  it('each suite says what it ran on and how long it took', async () => {
    const agent = await timed(() => Promise.resolve(suite({ name: 'agent', on: 'Python 3.9.2, 3.15.0' })));
    expect(agent.seconds).toEqual(expect.any(Number));
    expect(verdict([suite({}), { ...agent, seconds: 12 }], false).lines).toEqual([
      'unit: 3 passed, 0 failed, 0 skipped',
      'agent on Python 3.9.2, 3.15.0: 3 passed, 0 failed, 0 skipped, 12 s',
      '6 passed, 0 failed',
    ]);
  });

  it('something was skipped at home, and it says what and why', () => {
    const skipped = [suite({}), suite({ name: 'e2e', passed: 0, skipped: ['no browser is installed'] })];
    expect(verdict(skipped, false).ok).toBe(true);
    expect(verdict(skipped, false).lines.slice(-2)).toEqual(['  e2e: no browser is installed', '3 passed, 0 failed, 1 skipped']);
  });

  it('something was not run that this machine cannot have, under CI too', () => {
    const agent = suite({ name: 'agent', notes: ['no Python 3.10 here'] });
    expect(verdict([agent], true)).toMatchObject({ ok: true });
    expect(verdict([agent], true).lines.slice(-3)).toEqual(['Not run:', '  agent: no Python 3.10 here', '3 passed, 0 failed']);
  });
});

describe('reports of runners', () => {
  it('a line of totals is found among others, the last one counting', () => {
    expect(parseTotals('agent on Python 3.9: 5 passed, 0 failed, 3 s\nagent: 12 passed, 1 failed, 2 skipped\n')).toEqual({
      passed: 12,
      failed: 1,
      skipped: 2,
    });
    expect(parseTotals('everything passed, nothing failed')).toBeNull();
  });

  it('the words of a dying process are known among others', () => {
    const lines = [
      '#',
      '# Fatal error in , line 0',
      '# Check failed: x == y.',
      '# heading',
      'FATAL ERROR: out of memory',
      'a FATAL ERROR: no',
    ];
    expect(lines.filter(isFatal)).toEqual(['# Fatal error in , line 0', '# Check failed: x == y.', 'FATAL ERROR: out of memory']);
  });

  it('a Vitest file that does not load is a failure', () => {
    const passing = {
      name: 'a',
      status: 'passed',
      assertionResults: [
        { status: 'passed', fullName: 'x' },
        { status: 'pending', fullName: 'y' },
      ],
    };
    const unloaded = { name: 'b', status: 'failed', assertionResults: [] };
    const died = 'Worker exited unexpectedly with signal SIGABRT';
    expect(fromVitest({ testResults: [passing, unloaded] }, [died])).toEqual({
      passed: 1,
      failed: 1,
      failures: ['b did not finish', `outside of a test: ${died}`],
      skipped: ['y'],
    });
  });

  it('a Playwright test that passed on the second try is a failure; skips keep their reason', () => {
    const spec = (title: string, status: string, annotations: { type: string; description?: string }[] = []) => ({
      title,
      tests: [{ status, annotations, results: status === 'flaky' ? [{ error: { message: 'no such row\n  at x.ts' } }, {}] : [{}] }],
    });
    const report = {
      suites: [
        {
          suites: [{ specs: [spec('a', 'expected'), spec('b', 'flaky')] }],
          specs: [spec('c', 'skipped', [{ type: 'skip', description: 'no old Python' }])],
        },
      ],
    };
    expect(fromPlaywright(report)).toEqual({
      passed: 1,
      failed: 1,
      failures: ['b: no such row'],
      skipped: ['c: no old Python'],
      broken: null,
    });
  });

  it('an error outside all tests breaks the run', () => {
    expect(fromPlaywright({ errors: [{ message: 'Error: no tests found\nmore' }] }).broken).toBe('Error: no tests found');
  });
});
