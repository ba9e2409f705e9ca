/**
 * `npm test`: everything, from a fresh `npm ci`: build if stale, unit tests, the agent on the oldest and the newest Python found
 * (HEAPSCOPE_PYTHONS=all: each), the app in a browser. Lists at the end which Pythons those were, how long each suite took, and what was
 * skipped and why; the last line is `N passed, N failed`.
 */
import { findElectron } from './lib/test-electron.ts';
import { timed, verdict } from './lib/test-report.ts';
import type { SuiteResult } from './lib/test-report.ts';
import { runAgent, runBrowser, runUnit } from './lib/test-suites.ts';
import { buildIfStale } from './lib/tools.ts';

async function inBrowser(): Promise<SuiteResult> {
  const electron = findElectron();
  const why = electron.found ? '`npm run e2e:electron` starts it' : electron.why;
  return { ...(await runBrowser()), notes: [`the same in Electron: ${why}`] };
}

const suites: SuiteResult[] = buildIfStale()
  ? [await timed(runUnit), await timed(runAgent), await timed(inBrowser)]
  : [{ name: 'build', passed: 0, failed: 0, skipped: [], broken: 'the build failed' }];
const { lines, ok } = verdict(suites, Boolean(process.env['CI']));
console.log(`\n${lines.join('\n')}`);
process.exitCode = ok ? 0 : 1;
