/**
 * The timeline in a real browser over a file of 10 million samples in 12 series: time to open, to the first chart, and per zoom or pan step
 * (from the change of the view to the drawn data); then an hour of samples replayed live, with the window's memory before and after.
 * Budget: a step at most 50 ms, p95. `--quick`: a tenth of the samples.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { findBrowser, thisMachine } from '../../scripts/lib/test-browser.ts';
import { silentLog } from '../../src-main/engine/faces/base.ts';
import { createEngine, type Engine } from '../../src-main/engine/index.ts';
import { createRouter } from '../../src-main/rpc/index.ts';
import { startServer } from '../../src-main/serve/server.ts';
import type { AppInfo, LaunchSpec, ProjectId, RecordingState, SessionId } from '../../src-preload/contract/index.ts';

const quick = process.argv.includes('--quick');
const SAMPLES = quick ? 1_000_000 : 10_000_000;
const METRICS = [
  'rss',
  'uss',
  'pss',
  'cpu',
  'threads',
  'files',
  'py_blocks',
  'traced',
  'gc_count_0',
  'gc_count_1',
  'gc_count_2',
  'sockets',
];
const PER_SERIES = Math.floor(SAMPLES / METRICS.length);
const STEPS = quick ? 40 : 200;
const root = resolve(import.meta.dirname, '../..');
const launch: LaunchSpec = {
  mode: 'script',
  interpreter: '',
  target: 'replay.py',
  args: [],
  cwd: '',
  env: {},
  intervalMs: 100,
  tracemallocFrames: 0,
  sampling: 0,
};

/** A sawtooth with noise, like a leaking program with collections. */
function valueAt(metric: number, i: number): number {
  return 1e6 * (metric + 1) + (i % 5000) * 40 + ((i * 2_654_435_761) >>> 22) + i / 10;
}

function write(engine: Engine): { project: ProjectId; session: SessionId; path: string } {
  const project = engine.projects.create();
  const writer = engine.projects.file(project.id).newSession({
    name: 'replay',
    program: 'replay.py',
    origin: { kind: 'launched', spec: launch },
    interpreter: null,
    startedAt: Date.now(),
    columns: 80,
    rows: 24,
    consoleLimit: 1 << 20,
  });
  writer.addProcess({ pid: 1, parent: null, command: 'replay.py', python: '3.12.1', start: 0, agent: 'connected' });
  const series = METRICS.map((metric) => writer.addSeries(1, metric));
  const totals = METRICS.map((metric) => writer.addSeries(null, metric));
  for (let i = 0; i < PER_SERIES; i += 1) {
    for (const [metric, id] of (i % 2 === 0 ? series : totals).entries()) writer.append(id, i * 100, valueAt(metric, i));
    if (i % 5000 === 4999) writer.flush();
  }
  writer.touch(PER_SERIES * 100, 1e8);
  writer.finish({ state: 'ended', exit: { code: 0, signal: null, outOfMemory: false }, duration: PER_SERIES * 100 });
  return { project: project.id, session: writer.id, path: project.path };
}

async function steps(page: Page): Promise<number[]> {
  const area = page.getByTestId('time-plot');
  const box = await area.boundingBox();
  if (!box) throw new Error('there is no timeline');
  await page.evaluate(() => performance.clearMeasures('timeline:step'));
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  const seen = () => page.evaluate(() => performance.getEntriesByName('timeline:step').map((entry) => entry.duration));
  const durations: number[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    await page.evaluate(() => performance.clearMeasures('timeline:step'));
    const zoomIn = step % 40 < 20;
    if (step % 2 === 0) await page.mouse.wheel(0, zoomIn ? -240 : 240);
    else await page.keyboard.press(zoomIn ? 'ArrowRight' : 'ArrowLeft');
    await page.waitForFunction(() => performance.getEntriesByName('timeline:step').length > 0);
    durations.push(...(await seen()));
  }
  return durations.sort((a, b) => a - b);
}

/** An hour at 10 Hz, as fast as the window accepts it; the session's state is `running`, so that the window follows. */
async function replay(engine: Engine, page: Page): Promise<{ before: number; after: number; seconds: number }> {
  const { id: project, path } = engine.projects.create();
  const writer = engine.projects.file(project).newSession({
    name: 'live',
    program: 'live.py',
    origin: { kind: 'launched', spec: launch },
    interpreter: null,
    startedAt: Date.now(),
    columns: 80,
    rows: 24,
    consoleLimit: 1 << 20,
  });
  writer.addProcess({ pid: 2, parent: null, command: 'live.py', python: '3.12.1', start: 0, agent: 'connected' });
  const series = METRICS.map((metric) => writer.addSeries(null, metric));
  const state = (now: number): RecordingState => ({
    project,
    session: writer.id,
    phase: 'running',
    paused: false,
    stopAsked: null,
    now,
    rss: 1e6,
    rssSlope: null,
    processes: 1,
    agents: [],
  });
  engine.events.emit({ event: 'recording.state', payload: state(0) });
  await page.evaluate(({ hash }) => (location.hash = hash), {
    hash: `#/timeline?project=${encodeURIComponent(path)}&session=${writer.id}`,
  });
  const heap = async () => {
    await page.requestGC();
    return page.evaluate(() => (performance as Performance & { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
  };
  const start = performance.now();
  let before = 0;
  const ticks = quick ? 3_600 : 36_000;
  for (let i = 0; i < ticks; i += 1) {
    for (const [metric, id] of series.entries()) writer.append(id, i * 100, valueAt(metric, i));
    if (i % 5 === 0) writer.flush();
    if (i % 20 === 0) {
      engine.events.emit({ event: 'timeline.advanced', payload: { project, session: writer.id, until: i * 100 } });
      engine.events.emit({ event: 'recording.state', payload: state(i * 100) });
      await new Promise((done) => setTimeout(done, 10));
    }
    if (i === Math.floor(ticks / 10)) before = await heap();
  }
  const after = await heap();
  writer.finish({ state: 'ended', exit: null, duration: ticks * 100 });
  engine.events.emit({ event: 'recording.state', payload: { ...state(ticks * 100), phase: 'ended' } });
  return { before, after, seconds: (performance.now() - start) / 1000 };
}

const at = (sorted: number[], share: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(1);

const folder = mkdtempSync(join(tmpdir(), 'heapscope-bench-'));
const options = {
  dataFolder: folder,
  agentFolder: join(root, 'python-agent'),
  samplesFolder: join(root, 'resources/samples'),
  log: silentLog,
};
const writing = await createEngine(options);
const written = write(writing);
await writing.dispose();

const engine = await createEngine(options);
const info = (shell: AppInfo['shell']): AppInfo => ({
  version: '0',
  shell,
  platform: 'linux',
  home: folder,
  cwd: folder,
  separator: '/',
  start: { open: [], record: null },
});
const server = await startServer({
  router: createRouter(engine, { info, log: silentLog }),
  page: join(root, 'out/renderer'),
  port: 0,
  log: silentLog,
});
const choice = findBrowser(await thisMachine());
if (!choice.found) throw new Error(choice.why);
const isRoot = process.getuid?.() === 0;
const browser = await chromium.launch({
  ...(choice.executable ? { executablePath: choice.executable } : {}),
  args: ['--enable-precise-memory-info', ...(isRoot ? ['--no-sandbox', '--disable-gpu'] : [])],
});
const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });

const opening = performance.now();
const project = await engine.projects.open({ path: written.path });
const opened = performance.now() - opening;
await page.goto(server.url);
const showing = performance.now();
await page.evaluate(({ hash }) => (location.hash = hash), {
  hash: `#/timeline?project=${encodeURIComponent(project.path)}&session=${written.session}`,
});
await page.waitForFunction(() => performance.getEntriesByName('timeline:step').length > 0, undefined, { timeout: 60_000 });
const first = performance.now() - showing;
const durations = await steps(page);
console.log(`timeline of ${(PER_SERIES * METRICS.length).toLocaleString('en')} samples in ${METRICS.length * 2} series:`);
console.log(`  open the file ${opened.toFixed(0)} ms, to the first picture ${first.toFixed(0)} ms`);
console.log(
  `  a zoom or pan step: median ${at(durations, 0.5)} ms, p95 ${at(durations, 0.95)} ms, longest ${at(durations, 1)} ms (${durations.length} steps); budget p95 50 ms`,
);
const live = await replay(engine, page);
const mb = (bytes: number) => (bytes / 1048576).toFixed(1);
console.log(
  `  ${quick ? 'six minutes' : 'an hour'} at 10 Hz replayed in ${live.seconds.toFixed(0)} s: the window's heap ${mb(live.before)} MB after a tenth, ${mb(live.after)} MB at the end`,
);
await browser.close();
await server.close();
await engine.dispose();
rmSync(folder, { recursive: true });
