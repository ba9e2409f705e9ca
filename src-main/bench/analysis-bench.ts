/**
 * The waits of a user who inspects heaps, measured through the analysis' own face and threads: an import of 1 and 5 million objects,
 * reopening to the first table, a click of every kind (p50, p95, worst) both cold and after background work is done, long queries, and a
 * comparison of two heaps of the largest size. Columns are kept in memory here; reading them from the project file comes on top. Budgets: 1
 * M ≤ 0.6 s, 5 M ≤ 2.5 s, 20 M ≤ 15 s until dominators are ready, 80 bytes an object; first table ≤ 0.5 s; click p95 ≤ 100 ms; comparison of
 * 5 M ≤ 3 s. `--quick`: 0.2 million objects; `--large`: 20 million.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnalysis, type Analysis, type HeapQuery, type SnapshotSource, type StoredColumn } from '../engine/analysis/index.ts';
import { silentLog } from '../engine/base/log.ts';
import type { Args, GroupRow, ObjectSet, Result, RowRequest, SnapshotRef } from '../../src-preload/contract/index.ts';
import { OBJECTS_PER_RECORD, syntheticDump } from './synthetic-heap.ts';

const quick = process.argv.includes('--quick');
const PAGE: RowRequest = { filter: null, sort: null, from: 0, count: 200 };
const BY_RETAINED: RowRequest = { ...PAGE, sort: { column: 'retained', descending: true } };
const refs: SnapshotRef[] = [0, 1].map((snapshot) => ({ project: 'p', snapshot }));
const large = process.argv.includes('--large');
const CLICKS = quick || large ? 60 : 200;
/** Time for what is prepared while nobody asks. */
const IDLE = quick ? 1000 : large ? 36_000 : 9000;
/** A file is written within this time, or there is no room on the disk for it. */
const WRITTEN = 60_000;

function say(what: string, figure: string): void {
  console.log(`${what.padEnd(64)} ${figure}`);
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const before = performance.now();
  const value = await work();
  return { value, ms: performance.now() - before };
}

/**
 * Made, and measured, each in its own process: a peak of memory belongs to one size alone. Both dumps are of one program; a tenth of it is
 * replaced between them.
 */
function makeDumps(folder: string, objects: number): void {
  const records = Math.floor(objects / OBJECTS_PER_RECORD);
  const first = Uint32Array.from({ length: records }, (_, i) => i);
  writeFileSync(join(folder, '0'), syntheticDump(first, (i) => i)[0]!);
  const later = first.map((slot) => (slot % 10 === 3 ? records + slot : slot));
  writeFileSync(join(folder, '1'), syntheticDump(later, (i) => later[i]!)[0]!);
}

type Sources = Map<number, SnapshotSource>;

async function importAll(folder: string, millions: string, sources: Sources): Promise<void> {
  const analysis = createAnalysis({ log: silentLog, files: { folder: join(folder, 'heaps'), worth: 1 } });
  const idle = process.memoryUsage.rss();
  for (const { snapshot } of refs) {
    const pieces: StoredColumn[] = [];
    const path = join(folder, String(snapshot));
    let dominators = 0;
    const start = performance.now();
    const { value, ms } = await timed(() =>
      analysis.importDump({
        path,
        signal: new AbortController().signal,
        onProgress: ({ step }) => (dominators ||= step === 'tables' ? performance.now() - start : 0),
        onColumn: (column) => void pieces.push(column),
      }),
    );
    const { objects } = value.facts;
    const stored = pieces.reduce((sum, { data }) => sum + data.length, 0) + value.tables.length;
    sources.set(snapshot, { snapshot, key: `k${snapshot}`, process: 'one', tables: () => value.tables, columns: () => pieces });
    if (snapshot > 0) continue;
    say(`${millions} M (${objects.toLocaleString('en')} objects): dominators and retained sizes ready`, seconds(dominators));
    say('  with tables, stored', seconds(ms));
    say('  stored bytes per object; of the dump', `${(stored / objects).toFixed(2)}; ${(statSync(path).size / objects).toFixed(1)}`);
    const peak = process.resourceUsage().maxRSS * 1024 - idle;
    say('  peak memory per object', `${(peak / objects).toFixed(0)} bytes (budget 80), of ${(peak / 1024 / 1024).toFixed(0)} MiB`);
  }
  await kept(join(folder, 'heaps'));
  await analysis.dispose();
}

/** Both heaps are in files. */
async function kept(folder: string): Promise<void> {
  const written = (): string[] => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.heap')) : []);
  const until = performance.now() + WRITTEN;
  while (written().length < refs.length && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  const bytes = written().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  say('  kept in files, to be opened again', `${(bytes / 1e6).toFixed(0)} MB of ${written().length}`);
}

class Looker {
  readonly #analysis: Analysis;
  readonly #sources: Sources;

  constructor(analysis: Analysis, sources: Sources) {
    this.#analysis = analysis;
    this.#sources = sources;
  }

  ask<M extends HeapQuery>(method: M, args: Args<M>): Promise<{ value: Result<M>; ms: number }> {
    const source = ({ snapshot }: SnapshotRef): SnapshotSource => this.#sources.get(snapshot)!;
    const context = {
      source,
      history: () => [...this.#sources.values()],
      signal: new AbortController().signal,
      onProgress: () => undefined,
    };
    return timed(() => this.#analysis.query(method, args, context));
  }
}

async function look(sources: Sources): Promise<void> {
  const analysis = createAnalysis({ log: silentLog });
  const looker = new Looker(analysis, sources);
  const ref = refs[0]!;
  const first = await looker.ask('heap.groups', { ...ref, by: 'type', within: { of: 'all' }, parent: null, ...BY_RETAINED });
  say('  reopened to the first type table', seconds(first.ms));
  const objects = await looker.ask('heap.objects', { ...ref, set: { of: 'all' }, ...BY_RETAINED });
  say('  then at once: objects by retained size', seconds(objects.ms));
  say('  then at once: again', seconds((await looker.ask('heap.objects', { ...ref, set: { of: 'all' }, ...BY_RETAINED })).ms));
  await new Promise((resolve) => setTimeout(resolve, IDLE));
  await clicks(looker, ref, first.value.rows);
  await longQuestions(looker, ref, first.value.rows);
  await compare(looker);
  await analysis.dispose();
}

/** Every kind of click, each at a different place every time. */
async function clicks(looker: Looker, ref: SnapshotRef, types: readonly GroupRow[]): Promise<void> {
  const took: Record<string, number[]> = {};
  const note = (kind: string, ms: number): void => void (took[kind] ??= []).push(ms);
  let state = 5;
  const below = (limit: number): number => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 4) % limit;
  const columns = ['retained', 'shallow', 'referrers', 'type', 'length', 'address'];
  for (let i = 0; i < CLICKS; i++) {
    const group = types[below(types.length)]!;
    const set: ObjectSet = { of: 'group', by: 'type', key: group.key };
    const sort = { column: columns[i % columns.length]!, descending: i % 2 === 0 };
    const list = await looker.ask('heap.objects', { ...ref, set, ...PAGE, sort });
    note('objects of a type, sorted', list.ms);
    const far = await looker.ask('heap.objects', { ...ref, set, ...PAGE, sort, from: below(Math.max(1, list.value.total - 200)) });
    note('a page far below', far.ms);
    const { node } = far.value.rows[below(far.value.rows.length)]!;
    note('an object', (await looker.ask('heap.object', { ...ref, node })).ms);
    note('its referents', (await looker.ask('heap.edges', { ...ref, node, direction: 'referents', ...PAGE })).ms);
    note('its referrers', (await looker.ask('heap.edges', { ...ref, node, direction: 'referrers', ...PAGE })).ms);
    note('why is it alive', (await looker.ask('heap.paths', { ...ref, set: { of: 'nodes', nodes: [node] }, ignore: [], limit: 200 })).ms);
    note('what it dominates', (await looker.ask('heap.dominated', { ...ref, node, ...PAGE })).ms);
    note(
      'its retained set by type',
      (await looker.ask('heap.groups', { ...ref, by: 'type', within: { of: 'retained', node }, parent: null, ...PAGE })).ms,
    );
  }
  const all = Object.values(took).flat();
  for (const [kind, times] of Object.entries({ ...took, 'all clicks': all })) say(`    ${kind}`, quantiles(times));
}

function quantiles(times: number[]): string {
  const sorted = times.sort((a, b) => a - b);
  const at = (part: number): string => seconds(sorted[Math.floor(part * (sorted.length - 1))] ?? NaN);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, worst ${at(1)}`;
}

async function longQuestions(looker: Looker, ref: SnapshotRef, types: readonly GroupRow[]): Promise<void> {
  const most = types.reduce((a, b) => (b.count > a.count ? b : a));
  const set: ObjectSet = { of: 'group', by: 'type', key: most.key };
  const number = { kind: 'number', column: 'retained', operator: '>', value: 1000 } as const;
  const ask = async <M extends HeapQuery>(what: string, method: M, args: Args<M>): Promise<void> =>
    say(`  ${what}`, seconds((await looker.ask(method, args)).ms));
  const all = { ...ref, set: { of: 'all' } as const };
  await ask('all objects: retained > 1000', 'heap.objects', { ...all, ...BY_RETAINED, filter: number });
  await ask('all objects: a word anywhere', 'heap.objects', { ...all, ...PAGE, filter: { kind: 'word', text: 'user' } });
  await ask('all objects by holder', 'heap.objects', { ...all, ...PAGE, sort: { column: 'holder', descending: false } });
  await ask('paths to all of the most frequent type', 'heap.paths', { ...ref, set, ignore: [], limit: 200 });
  await ask('  without the first holder', 'heap.paths', { ...ref, set, ignore: [3], limit: 200 });
  await ask('measure the most frequent type', 'heap.measure', { ...ref, set });
  await ask('dominator tree from the top', 'heap.dominated', { ...ref, node: 0, ...PAGE });
  await ask('icicle from the top', 'heap.icicle', { ...ref, node: 0, depth: 12, smallest: 10_000 });
  await ask('groups by holder within the most frequent type', 'heap.groups', { ...ref, by: 'holder', within: set, parent: null, ...PAGE });
  await ask('cycles', 'heap.cycles', { ...ref, only: 'all', ...PAGE });
  await ask('duplicates', 'heap.duplicates', { ...ref, ...PAGE });
  await ask('waste', 'heap.waste', { ...ref, ...PAGE });
}

async function compare(looker: Looker): Promise<void> {
  const [earlier, later] = [refs[0]!, refs[1]!];
  // Viewing the second heap loads it, so that loading is not measured as part of the comparison.
  await looker.ask('heap.objects', { ...later, set: { of: 'all' }, ...PAGE });
  const { ms, value } = await looker.ask('compare.groups', {
    snapshots: [earlier, later],
    by: 'type',
    growing: false,
    changed: false,
    below: 'all',
    ...PAGE,
  });
  const sure = value.confidence.map(({ confidence, objects }) => `${objects.toLocaleString('en')} ${confidence}`).join(', ');
  say('  two heaps compared by type', `${seconds(ms)}; new ${value.sums.fresh}, gone ${value.sums.gone}; ${sure}`);
  const again = await looker.ask('compare.groups', {
    snapshots: [earlier, later],
    by: 'holder',
    growing: false,
    changed: false,
    below: 'all',
    ...PAGE,
  });
  say('  and by holder', seconds(again.ms));
  const set: ObjectSet = { of: 'changed', base: earlier, part: 'new', by: null, key: 0 };
  say('  objects that are new', seconds((await looker.ask('compare.objects', { ...later, set, ...BY_RETAINED })).ms));
}

/** As after a restart: both heaps are loaded, compared, and what is new is explained; decoded from the project's pieces, and from files. */
async function compareCold(sources: Sources, files: string): Promise<void> {
  for (const kept of [null, files]) {
    const analysis = createAnalysis({ log: silentLog, files: kept === null ? null : { folder: kept } });
    const looker = new Looker(analysis, sources);
    const [earlier, later] = [refs[0]!, refs[1]!];
    const compared = { snapshots: [earlier, later], by: 'type' as const, growing: false, changed: false, below: 'all' as const, ...PAGE };
    const from = kept === null ? 'decoded' : 'from files';
    say(`  cold, ${from}: compared by type`, `${seconds((await looker.ask('compare.groups', compared)).ms)} (budget at 5 M: 3 s)`);
    const set: ObjectSet = { of: 'changed', base: earlier, part: 'new', by: null, key: 0 };
    say(
      `  cold, ${from}: then why what is new is alive`,
      seconds((await looker.ask('heap.paths', { ...later, set, ignore: [], limit: 200 })).ms),
    );
    await analysis.dispose();
    const alone = createAnalysis({ log: silentLog, files: kept === null ? null : { folder: kept } });
    const first = await new Looker(alone, sources).ask('heap.objects', { ...earlier, set: { of: 'all' }, ...BY_RETAINED });
    say(`  cold, ${from}: loaded, and a first list of objects`, `${seconds(first.ms)} (budget of loading 5 M: 1 s)`);
    await alone.dispose();
  }
}

async function measure(folder: string, millions: string): Promise<void> {
  const sources: Sources = new Map();
  await importAll(folder, millions, sources);
  await look(sources);
  await compareCold(sources, join(folder, 'heaps'));
  say('  peak memory of the whole process', `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
}

function run(...args: string[]): void {
  const { status } = spawnSync(process.execPath, [import.meta.filename, ...args, ...process.argv.slice(2)], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const [job, folderOf, size] = process.argv.slice(2);
if (job === '--make') makeDumps(folderOf!, Number(size) * 1e6);
else if (job === '--measure') await measure(folderOf!, size!);
else {
  for (const millions of quick ? ['0.2'] : large ? ['20'] : ['1', '5']) {
    const folder = mkdtempSync(join(tmpdir(), 'heapscope-bench-'));
    try {
      run('--make', folder, millions);
      run('--measure', folder, millions);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
