/**
 * The table in a real browser: a million rows in memory and five million in pages that take 5 ms to come. Time to mount,
 * scrolling row by row and by jumps, sorting and filtering. Budget (DESIGN.md): mount at most 0.2 s, scroll at 60 frames
 * a second; nothing blocks the window. `--quick`: a tenth of the rows, fewer frames.
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
const share = quick ? 0.1 : 1;
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

const at = (values: number[], part: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

function tellScroll(what: string, { frames, scripts }: { frames: number[]; scripts: number[] }): void {
  const late = frames.filter((time) => time > 17.5).length / frames.length;
  console.log(
    `  ${what}: ${(1000 / (frames.reduce((sum, time) => sum + time, 0) / frames.length)).toFixed(1)} frames a second, ${(late * 100).toFixed(0)} % late; script a frame: median ${ms(at(scripts, 0.5))}, p95 ${ms(at(scripts, 0.95))}`,
  );
}

async function measure(page: Page, files: { script: string; style: string }, kind: 'memory' | 'pages', rows: number): Promise<void> {
  await page.setContent('<!doctype html><html data-theme="light"><body><div id="app"></div></body></html>');
  await page.addStyleTag({ path: files.style });
  await page.addScriptTag({ path: files.script });
  const mount = await page.evaluate(({ kind, rows }) => window.bench.mount(kind, rows), { kind, rows });
  console.log(`${rows.toLocaleString('en')} rows ${kind === 'memory' ? 'in memory' : 'in pages'}:`);
  console.log(`  mounted and drawn in ${ms(mount)}; budget 200 ms`);
  tellScroll('scrolling by 3 rows a frame', await page.evaluate((n) => window.bench.scroll(66, n), FRAMES));
  tellScroll('scrolling by 40,000 pixels a frame', await page.evaluate((n) => window.bench.scroll(40_000, n), FRAMES));
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
