/**
 * The table in a real browser: a million rows in memory and five million in pages that take 5 ms to arrive. Time to mount, scrolling row by
 * row and by jumps, sorting and filtering. Budget: mount at most 0.2 s, scroll at 60 frames a second; nothing blocks the window. `--quick`:
 * a fifth of the rows, fewer frames.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import vue from '@vitejs/plugin-vue';
import { build } from 'vite';
import { findBrowser, thisMachine } from '../../scripts/lib/test-browser.ts';
import type { TableBench } from './table-page/main.ts';

declare global {
  interface Window {
    bench: TableBench;
  }
}

const quick = process.argv.includes('--quick');
const share = quick ? 0.2 : 1;
const FRAMES = quick ? 60 : 300;
const folder = mkdtempSync(join(tmpdir(), 'heapscope-table-'));

async function bundle(): Promise<{ script: string; style: string }> {
  await build({
    configFile: false,
    logLevel: 'error',
    plugins: [vue()],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: folder,
      target: 'chrome130',
      lib: { entry: resolve(import.meta.dirname, 'table-page/main.ts'), formats: ['iife'], name: 'page', fileName: 'page' },
    },
  });
  const style = readdirSync(folder).find((name) => name.endsWith('.css'));
  const script = readdirSync(folder).find((name) => name.endsWith('.js'));
  if (!style || !script) throw new Error('the page was not built');
  return { script: join(folder, script), style: join(folder, style) };
}

const at = (values: number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** CPU time in microseconds. */
  tdur?: number;
  args: { name?: string };
}

/** CPU time of the window's main thread in a trace, in ms: it does not include other programs on the machine. */
function mainThread(trace: Buffer): number {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const mains = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && mains.has(`${pid} ${tid}`));
  return tasks.reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0);
}

async function tellScroll(page: Page, what: string, how: 'wheel' | 'bar', by: number): Promise<void> {
  await page.evaluate(([how, by]) => window.bench.scroll(how, by, 30), [how, by] as const);
  await browser.startTracing(page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] });
  const { frames } = await page.evaluate(([how, by, n]) => window.bench.scroll(how, by, n), [how, by, FRAMES] as const);
  const own = mainThread(await browser.stopTracing()) / FRAMES;
  const late = frames.filter((time) => time > 17.5).length / frames.length;
  const rate = 1000 / (frames.reduce((sum, time) => sum + time, 0) / frames.length);
  console.log(
    `  ${what}: ${rate.toFixed(1)} frames a second, ${(late * 100).toFixed(0)} % late, median ${ms(at(frames, 0.5))}; of the 16.7 ms of a frame the main thread works ${ms(own)}`,
  );
}

async function measure(page: Page, files: { script: string; style: string }, kind: 'memory' | 'pages', rows: number): Promise<void> {
  await page.setContent('<!doctype html><html data-theme="light"><body><div id="app"></div></body></html>');
  await page.addStyleTag({ path: files.style });
  await page.addScriptTag({ path: files.script });
  const mount = await page.evaluate(({ kind, rows }) => window.bench.mount(kind, rows), { kind, rows });
  console.log(`${rows.toLocaleString('en')} rows ${kind === 'memory' ? 'in memory' : 'in pages'}:`);
  console.log(`  mounted and drawn in ${ms(mount)}; budget 200 ms`);
  await tellScroll(page, 'the wheel, two rows a frame', 'wheel', 44);
  await tellScroll(page, 'the scrollbar, other rows each frame', 'bar', 40_000);
  if (kind === 'pages') return;
  const changes: [string, Parameters<TableBench['change']>[0]][] = [
    ['sort by a number', { sort: { column: 'retained', descending: true } }],
    ['sort by text', { sort: { column: 'type', descending: false } }],
    ['filter of two conditions', { sort: null, filter: 'retained > 1GB and type ~ type42' }],
  ];
  for (const [what, change] of changes) {
    const { took, longest } = await page.evaluate((to) => window.bench.change(to), change);
    console.log(`  ${what}: ${ms(took)}, the window stood still for ${ms(longest)} at the most`);
  }
}

const files = await bundle();
const choice = findBrowser(await thisMachine());
if (!choice.found) throw new Error(choice.why);
const isRoot = process.getuid?.() === 0;
const browser = await chromium.launch({
  ...(choice.executable ? { executablePath: choice.executable } : {}),
  args: isRoot ? ['--no-sandbox', '--disable-gpu'] : [],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await measure(page, files, 'memory', 1_000_000 * share);
await measure(page, files, 'pages', 5_000_000 * share);
await browser.close();
rmSync(folder, { recursive: true });
