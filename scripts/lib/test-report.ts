/** The result of one suite. A suite that could not run at all has one entry in `skipped` and no tests. */
export interface SuiteResult {
  name: string;
  passed: number;
  failed: number;
  /** One line each: what failed, and why, as far as the runner says. */
  failures?: string[];
  /** One line each: what was skipped, and why. */
  skipped: string[];
  /** The runner's own verdict, apart from its counts: a crash, a time-out, a failed build. */
  broken: string | null;
  /** Notes on what did not run, although nothing is missing here: never counted, never a failure. */
  notes?: string[];
  /** What it ran on, where that can differ: "Python 3.9.2, 3.15.0". */
  on?: string;
  seconds?: number;
}

/** The suite's result with the time it took. */
export async function timed(suite: () => Promise<SuiteResult>): Promise<SuiteResult> {
  const began = performance.now();
  return { ...(await suite()), seconds: Math.round((performance.now() - began) / 1000) };
}

export interface Verdict {
  /** Lines to print, the last one being `N passed, N failed`, with `, N skipped` if some were. */
  lines: string[];
  ok: boolean;
}

/** Sums all suites. With `strict` (CI) a skipped test counts as failed. A suite that ran nothing and skipped nothing has failed. */
export function verdict(suites: readonly SuiteResult[], strict: boolean): Verdict {
  const lines = suites.flatMap((suite) => describe(suite));
  const failures = suites.flatMap((suite) => (suite.failures ?? []).map((line) => `  ${suite.name}: ${line}`));
  if (failures.length) lines.push('Failed:', ...failures);
  const skips = suites.flatMap((suite) => suite.skipped.map((line) => `  ${suite.name}: ${line}`));
  if (skips.length) lines.push('Skipped:', ...skips);
  const notes = suites.flatMap((suite) => (suite.notes ?? []).map((line) => `  ${suite.name}: ${line}`));
  if (notes.length) lines.push('Not run:', ...notes);
  const skipped = suites.reduce((sum, suite) => sum + suite.skipped.length, 0);
  if (strict && skipped) lines.push('Nothing may be skipped under CI: each counts as failed.');
  const passed = suites.reduce((sum, suite) => sum + suite.passed, 0);
  const failed = suites.reduce((sum, suite) => sum + failuresOf(suite), 0) + (strict ? skipped : 0);
  lines.push(`${passed} passed, ${failed} failed${!strict && skipped ? `, ${skipped} skipped` : ''}`);
  return { lines, ok: failed === 0 };
}

function failuresOf(suite: SuiteResult): number {
  return Math.max(suite.failed, problem(suite) ? 1 : 0);
}

function problem(suite: SuiteResult): string | null {
  if (suite.broken) return suite.broken;
  return suite.passed + suite.failed + suite.skipped.length === 0 ? 'it ran no test' : null;
}

function describe(suite: SuiteResult): string[] {
  const why = problem(suite);
  const name = `${suite.name}${suite.on ? ` on ${suite.on}` : ''}`;
  const time = suite.seconds === undefined ? '' : `, ${suite.seconds} s`;
  return [`${name}: ${suite.passed} passed, ${suite.failed} failed, ${suite.skipped.length} skipped${time}${why ? `; ${why}` : ''}`];
}

/** The last `N passed, N failed[, N skipped]` line of a runner's output, with or without `agent: ` before it; null if it has none. */
export function parseTotals(output: string): { passed: number; failed: number; skipped: number } | null {
  const matches = [...output.matchAll(/^(?:agent: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/gm)];
  const last = matches.at(-1);
  return last ? { passed: Number(last[1]), failed: Number(last[2]), skipped: Number(last[3] ?? 0) } : null;
}

/** The fields of Vitest's JSON report that are used. */
export interface VitestReport {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
  }[];
}

/** A file that could not be loaded, or whose process died, counts as one failure. `errors`: what happened outside of tests. */
export function fromVitest(
  report: VitestReport,
  errors: readonly string[] = [],
): Pick<SuiteResult, 'passed' | 'failed' | 'failures' | 'skipped'> {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length + unloaded.length,
    failures: [
      ...tests.filter((test) => test.status === 'failed').map((test) => because(test.fullName, test.failureMessages?.[0])),
      ...unloaded.map((file) => because(`${file.name} did not finish`, file.message)),
      ...errors.map((error) => because('outside of a test', error)),
    ],
    skipped: tests.filter((test) => test.status !== 'passed' && test.status !== 'failed').map((test) => test.fullName),
  };
}

/** Whether V8 or Node printed this line before it ended its process. */
export function isFatal(line: string): boolean {
  return /^# (?:Fatal|Check failed|Debug check failed|unreachable code)|^FATAL ERROR: /.test(line);
}

/** One line. */
function because(name: string, reason = ''): string {
  const first = reason.split('\n')[0];
  return first ? `${name}: ${first}` : name;
}

/** The fields of Playwright's JSON report that are used. */
export interface PlaywrightReport {
  suites?: PlaywrightSuite[];
  errors?: { message?: string }[];
}
interface PlaywrightSuite {
  specs?: {
    title: string;
    tests: { status: string; annotations: { type: string; description?: string }[]; results?: PlaywrightRun[] }[];
  }[];
  suites?: PlaywrightSuite[];
}
interface PlaywrightRun {
  error?: { message?: string };
}

/** A test that passed only when repeated counts as failed: it is unreliable. */
export function fromPlaywright(report: PlaywrightReport): Pick<SuiteResult, 'passed' | 'failed' | 'failures' | 'skipped' | 'broken'> {
  const all = (suite: PlaywrightSuite): NonNullable<PlaywrightSuite['specs']> => [
    ...(suite.specs ?? []),
    ...(suite.suites ?? []).flatMap(all),
  ];
  const result: ReturnType<typeof fromPlaywright> & { failures: string[] } = {
    passed: 0,
    failed: 0,
    failures: [],
    skipped: [],
    broken: report.errors?.[0]?.message?.split('\n')[0] ?? null,
  };
  for (const spec of (report.suites ?? []).flatMap(all)) {
    for (const test of spec.tests) {
      if (test.status === 'expected') result.passed += 1;
      else if (test.status !== 'skipped') {
        result.failed += 1;
        result.failures.push(because(spec.title, test.results?.find((run) => run.error)?.error?.message));
      } else
        result.skipped.push(`${spec.title}: ${test.annotations.find((each) => each.type === 'skip')?.description ?? 'no reason given'}`);
    }
  }
  return result;
}
