/**
 * The project file under load, each figure printed: samples written per second, bytes per sample, writing, opening and panning 10 million
 * samples in 12 series, and a day at 10 Hz as the recorder writes it (a flush every 500 ms). Budget: a pan or zoom step of 10 million
 * samples ≤ 50 ms p95 in the browser; only the engine's share is measured here. `--quick`: a tenth of everything.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../engine/base/log.ts';
import { ProjectFile, type SessionWriter } from '../engine/project/index.ts';
import type { SeriesId } from '../../src-preload/contract/index.ts';

const quick = process.argv.includes('--quick');
const folder = mkdtempSync(join(tmpdir(), 'heapscope-bench-'));
const PAGE = 4096;
const SAMPLES = quick ? 1_000_000 : 10_000_000;
const DAY = quick ? 86_400 : 864_000;
const VIEWS = quick ? 60 : 300;

/** A reproducible random number from 0 to 1, so that runs can be compared. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Generator = (random: () => number) => () => number;

function walk(start: number, step: number, unit: number): Generator {
  return (random) => {
    let value = start;
    return () => {
      if (random() < 0.4) value = Math.max(0, value + Math.round((random() - 0.45) * step));
      return value * unit;
    };
  };
}

function sawtooth(top: number, step: number): Generator {
  return (random) => {
    let value = 0;
    return () => (value = value > top ? 0 : value + Math.floor(random() * step));
  };
}

/** Values like those of a session's twelve lanes: pages, counts, ratios, counters that reset, constants. */
const SERIES: Record<string, Generator> = {
  rss: walk(50_000, 200, PAGE),
  uss: walk(40_000, 150, PAGE),
  pss: walk(45_000, 600_000, 1024),
  swap: walk(0, 0, PAGE),
  cpu: (random) => () => Math.round(random() * 10) / 10,
  threads: walk(8, 2, 1),
  files: walk(20, 3, 1),
  py_blocks: walk(400_000, 5_000, 1),
  py_arenas: walk(300, 2, 1024 * 1024),
  traced: walk(20_000_000, 90_000, 1),
  gc_count_0: sawtooth(700, 60),
  gc_count_1: sawtooth(10, 2),
};

function start(project: ProjectFile): { writer: SessionWriter; series: SeriesId[]; sources: (() => number)[] } {
  const writer = project.newSession({
    name: 'bench',
    program: 'bench.py',
    origin: {
      kind: 'launched',
      spec: {
        mode: 'script',
        interpreter: '',
        target: 'bench.py',
        args: [],
        cwd: '',
        env: {},
        intervalMs: 100,
        tracemallocFrames: 0,
        sampling: 0,
      },
    },
    interpreter: null,
    startedAt: 0,
    columns: 80,
    rows: 24,
    consoleLimit: 8 * 1024 * 1024,
  });
  const process = writer.addProcess({ pid: 1, parent: null, command: 'bench.py', python: '3.12.1', start: 0, agent: 'none' });
  const series = Object.keys(SERIES).map((metric) => writer.addSeries(process.id, metric));
  return { writer, series, sources: Object.values(SERIES).map((generator, i) => generator(randomNumbers(i + 1))) };
}

/** `steps` samples of every series, 100 ms apart with a millisecond of jitter; a flush after every `perFlush` steps. */
function replay(
  path: string,
  steps: number,
  perFlush: number,
): { project: ProjectFile; series: SeriesId[]; ms: number; flushes: number[] } {
  const project = ProjectFile.create(path, { untitled: false, log: silentLog });
  const { writer, series, sources } = start(project);
  const random = randomNumbers(99);
  const flushes: number[] = [];
  const begin = performance.now();
  for (let step = 0; step < steps; step++) {
    const t = step * 100 + Math.floor(random() * 3);
    for (let i = 0; i < series.length; i++) writer.append(series[i]!, t, sources[i]!());
    if (step % perFlush === perFlush - 1) {
      const before = performance.now();
      writer.flush();
      flushes.push(performance.now() - before);
    }
  }
  writer.finish({ state: 'ended', exit: null, duration: steps * 100 });
  return { project, series, ms: performance.now() - begin, flushes };
}

function quantile(values: readonly number[], part: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${(sorted[Math.floor(part * (sorted.length - 1))] ?? NaN).toFixed(2)} ms`;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function say(what: string, figure: string): void {
  console.log(`${what.padEnd(62)} ${figure}`);
}

/** Zooms and pans like a person: a width from a minute to everything, then some steps to the side. */
function views(duration: number): { from: number; to: number }[] {
  const random = randomNumbers(7);
  const found: { from: number; to: number }[] = [];
  while (found.length < VIEWS) {
    const width = 60_000 * (duration / 60_000) ** random();
    let from = random() * (duration - width);
    for (let pan = 0; pan < 5; pan++, from += width * (random() - 0.5) * 0.4) found.push({ from, to: from + width });
  }
  return found;
}

function sustained(): void {
  const steps = Math.floor(SAMPLES / 10 / 12);
  const { project, ms } = replay(join(folder, 'sustained.heapscope'), steps, 50);
  project.close();
  say('sustained into the file, flush every 600 samples', `${Math.round((steps * 12) / (ms / 1000)).toLocaleString('en')} samples/s`);
}

function panning(): void {
  const path = join(folder, 'large.heapscope');
  const steps = Math.floor(SAMPLES / 12);
  const written = replay(path, steps, 1000);
  written.project.close();
  say(`${SAMPLES.toLocaleString('en')} samples in 12 series: written in`, `${(written.ms / 1000).toFixed(1)} s`);
  const rssBefore = process.memoryUsage().rss;
  const beforeOpen = performance.now();
  const project = ProjectFile.open(path, { log: silentLog, untitledIn: folder });
  say('  opened in', `${(performance.now() - beforeOpen).toFixed(1)} ms`);
  say('  size', `${mb(project.facts().size)}, ${(project.facts().size / (steps * 12)).toFixed(2)} bytes/sample`);
  const beforeFirst = performance.now();
  project.series.window({ series: written.series, from: 0, to: steps * 100, buckets: 1500 });
  say('  first picture of everything, 12 × 1500 buckets', `${(performance.now() - beforeFirst).toFixed(1)} ms`);
  const took = views(steps * 100).map(({ from, to }) => {
    const before = performance.now();
    project.series.window({ series: written.series, from, to, buckets: 1500 });
    return performance.now() - before;
  });
  say(
    `  a window of 12 × 1500 buckets, ${took.length} pans and zooms`,
    `p50 ${quantile(took, 0.5)}, p95 ${quantile(took, 0.95)}, worst ${quantile(took, 1)}`,
  );
  const beforeStats = performance.now();
  project.series.stats(written.series, 0, steps * 100);
  say('  figures over everything', `${(performance.now() - beforeStats).toFixed(1)} ms`);
  say('  memory of all that', mb(process.memoryUsage().rss - rssBefore));
  project.close();
}

function day(): void {
  const estimateSteps = Math.floor(DAY / 24);
  const hour = replay(join(folder, 'hour.heapscope'), estimateSteps, 5);
  hour.project.close();
  const hourSize = ProjectFile.open(hour.project.path, { log: silentLog, untitledIn: folder });
  const estimate = hourSize.facts().size * 24;
  hourSize.close();
  const { project, ms, flushes } = replay(join(folder, 'day.heapscope'), DAY, 5);
  project.close();
  const reopened = ProjectFile.open(project.path, { log: silentLog, untitledIn: folder });
  const size = reopened.facts().size;
  reopened.close();
  say(`${quick ? '2.4' : '24'} h at 10 Hz × 12 series: size from its first 24th`, mb(estimate));
  say('  size, replayed', `${mb(size)}, ${(size / (DAY * 12)).toFixed(2)} bytes/sample`);
  say('  replayed in', `${(ms / 1000).toFixed(1)} s, ${((ms / (DAY * 100)) * 100).toFixed(3)} % of the time it stands for`);
  say('  a flush of 60 samples', `p50 ${quantile(flushes, 0.5)}, p95 ${quantile(flushes, 0.95)}, worst ${quantile(flushes, 1)}`);
  say('  memory of the process at its peak', mb(process.resourceUsage().maxRSS * 1024));
}

try {
  sustained();
  panning();
  day();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
