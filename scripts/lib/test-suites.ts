import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot, root } from './paths.ts';
import { findPeers } from './peers.ts';
import { findElectron } from './test-electron.ts';
import { browserFlags, findBrowser, thisMachine } from './test-browser.ts';
import { fromPlaywright, fromVitest, isFatal, parseTotals } from './test-report.ts';
import type { PlaywrightReport, SuiteResult, VitestReport } from './test-report.ts';
import { runTool } from './tools.ts';

/** Engine, window and scripts. */
export async function runUnit(args: string[] = []): Promise<SuiteResult> {
  const file = freshReport('unit.json');
  const peers = await findPeers();
  console.log(peers.found ? 'Peers: objgraph, pympler, guppy3 and numpy in .cache/peers' : `Peers: ${peers.why}`);
  const errors = freshReport('unit-errors.json');
  const reporters = [
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${file}`,
    `--reporter=${inRoot('scripts/lib/unit-reporter.ts')}`,
  ];
  const env = { ...process.env, HEAPSCOPE_PEERS: peers.found ? peers.python : '', HEAPSCOPE_UNIT_ERRORS: errors };
  const vitest = inRoot('node_modules', 'vitest/vitest.mjs');
  const { code, output } = await runShowing(vitest, ['run', ...reporters, ...args], { keep: 'stderr', env });
  const report = readReport<VitestReport>(file);
  const counts = report
    ? fromVitest(report, [...output.split('\n').filter(isFatal), ...(readReport<string[]>(errors) ?? [])])
    : { passed: 0, failed: 0, skipped: [] };
  return { name: 'unit', ...counts, broken: report && (code === 0 || counts.failed > 0) ? null : `vitest ended with ${code}` };
}

/** The agent, on the Pythons that `test-agent.ts` chooses. */
export async function runAgent(): Promise<SuiteResult> {
  const { code, output } = await runShowing(inRoot('scripts', 'test-agent.ts'), [], { keep: 'stdout' });
  const totals = parseTotals(output);
  const skipped = Array.from({ length: totals?.skipped ?? 0 }, () => 'a test (`npm run test:agent` shows which)');
  const notes = [...output.matchAll(/^agent: (not there to test on: .+|the oldest and the newest of .+)$/gm)].map(
    (match) => match[1] ?? '',
  );
  const broken = totals && (code === 0 || totals.failed > 0) ? null : `test-agent ended with ${code}`;
  const on = /^agent: tested on (.+)$/m.exec(output)?.[1];
  return { name: 'agent', passed: totals?.passed ?? 0, failed: totals?.failed ?? 0, skipped, broken, notes, on: on && `Python ${on}` };
}

/** The whole app in a browser. */
export async function runBrowser(args: string[] = []): Promise<SuiteResult> {
  const name = 'e2e';
  const machine = await thisMachine();
  const browser = findBrowser(machine);
  if (!browser.found) return { name, passed: 0, failed: 0, skipped: [browser.why], broken: null };
  console.log(`Browser: ${browser.executable ?? 'chromium'} (${browser.how})`);
  return runPlaywright(name, args, {
    HEAPSCOPE_E2E_SHELL: 'browser',
    HEAPSCOPE_BROWSER: browser.executable ?? '',
    HEAPSCOPE_BROWSER_FLAGS: browserFlags(machine.isRoot).join(' '),
  });
}

/** The same specs in Electron, if its binary is there. */
export function runElectron(args: string[] = []): SuiteResult {
  const name = 'e2e in Electron';
  const electron = findElectron();
  if (!electron.found) return { name, passed: 0, failed: 0, skipped: [electron.why], broken: null };
  console.log(`Electron: ${electron.executable}`);
  return runPlaywright(name, args, { HEAPSCOPE_E2E_SHELL: 'electron', HEAPSCOPE_ELECTRON: electron.executable });
}

function runPlaywright(name: string, args: string[], env: Record<string, string>): SuiteResult {
  const file = freshReport('e2e.json');
  const code = runTool('@playwright/test/cli.js', ['test', ...args], {
    ...process.env,
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    NODE_OPTIONS: '',
  });
  for (const page of pagesOfFailures()) console.log(`\n${page}`);
  const report = readReport<PlaywrightReport>(file);
  if (!report) return { name, passed: 0, failed: 0, skipped: [], broken: `playwright ended with ${code}` };
  const result = { name, ...fromPlaywright(report) };
  return code !== 0 && result.failed === 0 ? { ...result, broken: result.broken ?? `playwright ended with ${code}` } : result;
}

/** The window's content when a test failed, as recorded by Playwright: all that is known of it if only the log is kept. */
function pagesOfFailures(): string[] {
  const folder = inRoot('test-results');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('error-context.md'));
  return files.slice(0, 4).map((path) => `${path}\n${readFileSync(join(folder, path), 'utf8').split('\n').slice(0, 120).join('\n')}`);
}

/** Runs a script with all its output shown, and one of its streams kept. */
function runShowing(
  script: string,
  args: string[],
  o: { keep: 'stdout' | 'stderr'; env?: NodeJS.ProcessEnv },
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      env: o.env,
      stdio: ['ignore', o.keep === 'stdout' ? 'pipe' : 'inherit', o.keep === 'stderr' ? 'pipe' : 'inherit'],
    });
    let output = '';
    child[o.keep]?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      process[o.keep].write(text);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function freshReport(name: string): string {
  const file = inRoot('.cache', 'test', name);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  return file;
}

/** null: the runner ended before writing it. */
function readReport<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return null;
  }
}
