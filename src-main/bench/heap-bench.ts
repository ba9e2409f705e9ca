/**
 * Heaps of 1 and 5 million objects (`--large`: also 20 million; `--quick`: 0.2 and 1 million), each figure beside its budget: from a dump's
 * bytes to dominators, peak memory, stored size, reopening, grouping, paths, cycles, and a comparison with a later heap of the same program
 * in which a tenth of the records are replaced. Each heap is read in its own process, so that the measured peak belongs to it alone.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { groupFigures, groupsOf } from '../engine/analysis/groupings.ts';
import { HeapView } from '../engine/analysis/heap-view.ts';
import { buildHeap } from '../engine/heap/build.ts';
import { encodeHeap, HeapDecoder, type HeapPiece } from '../engine/heap/codec.ts';
import { DumpReader } from '../engine/heap/dump-reader.ts';
import type { HeapGraph } from '../engine/heap/graph.ts';
import { CONFIDENCE, matchHeaps } from '../engine/heap/match.ts';
import { OBJECTS_PER_RECORD, syntheticDump } from './synthetic-heap.ts';

const PIECE = 4 * 1024 * 1024;
/** Objects in millions → seconds. */
const BUDGET: Record<string, number> = { '1': 0.6, '5': 2.5, '20': 15 };
/** Distance of the footer's numbers from the end of a dump. */
const FOOTER_BODY = 32;

function say(what: string, figure: string): void {
  console.log(`${what.padEnd(58)} ${figure}`);
}

/** Wall time and CPU time: the second one counts when other work runs on the machine. */
function seconds(work: () => void): string {
  const before = performance.now();
  const used = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(used);
  return `${((performance.now() - before) / 1000).toFixed(2)} s, cpu ${((user + system) / 1e6).toFixed(2)}`;
}

/** Two dumps of one program: in the second, one record in ten is gone, and half of the freed places hold new records. */
function make(folder: string, objects: number): void {
  const records = Math.floor(objects / OBJECTS_PER_RECORD);
  const before = Uint32Array.from({ length: records }, (_, i) => i);
  writeFileSync(join(folder, 'before'), syntheticDump(before, (i) => i)[0]!);
  const kept = before.filter((slot) => slot % 10 !== 3);
  const born = records - kept.length;
  const slots = new Uint32Array(records);
  slots.set(kept);
  for (let i = 0; i < born; i++) slots[kept.length + i] = i % 2 === 0 ? i * 10 + 3 : records + i;
  writeFileSync(join(folder, 'after'), syntheticDump(slots, (i) => (i < kept.length ? kept[i]! : records * 2 + i))[0]!);
}

function importDump(path: string): HeapGraph {
  const file = openSync(path, 'r');
  const footer = new DataView(new ArrayBuffer(16));
  readSync(file, footer, 0, 16, statSync(path).size - FOOTER_BODY);
  const [nodes, edges] = [footer.getBigUint64(0, true), footer.getBigUint64(8, true)].map(Number) as [number, number];
  const reader = new DumpReader(undefined, { nodes, edges });
  const buffer = new Uint8Array(PIECE);
  for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) reader.push(buffer.subarray(0, read));
  closeSync(file);
  return buildHeap(reader.finish());
}

function reopened(pieces: readonly HeapPiece[]): HeapGraph {
  const decoder = new HeapDecoder();
  for (const piece of pieces) decoder.push(piece);
  return decoder.finish();
}

/** Exposes `gc` without a command-line flag. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

function measure(folder: string, millions: string): void {
  const idle = process.memoryUsage().rss;
  const imported: HeapGraph[] = [];
  const took = seconds(() => imported.push(importDump(join(folder, 'before'))));
  const heap = imported[0]!;
  const peak = process.resourceUsage().maxRSS * 1024 - idle;
  say(
    `${heap.facts.objects.toLocaleString('en')} objects, ${heap.edges.toLocaleString('en')} references: imported`,
    `${took} (budget ${BUDGET[millions] ?? '-'})`,
  );
  say('  peak of memory', `${(peak / heap.nodes).toFixed(0)} bytes/object (budget 80)`);
  collect();
  stored(folder, heap);
  looked(heap);
  compared(folder, heap);
}

function stored(folder: string, heap: HeapGraph): void {
  const pieces: HeapPiece[] = [];
  const encoding = seconds(() => pieces.push(...encodeHeap(heap)));
  const bytes = pieces.reduce((sum, { data }) => sum + data.length, 0);
  const dump = statSync(join(folder, 'before')).size;
  say(
    '  stored',
    `${(bytes / heap.nodes).toFixed(2)} bytes/object (budget 10; the dump ${(dump / heap.nodes).toFixed(1)}), in ${encoding}`,
  );
  let view: HeapView | null = null;
  const opening = seconds(() => (view = new HeapView({ key: '', snapshot: 0 }, reopened(pieces))));
  const table = seconds(() => groupFigures(view!, groupsOf(view!, 'type'), view!.objects));
  say('  reopened whole; then the type table', `${opening}; ${table} (budget of both, 5 M objects: 0.5 s)`);
}

function looked(heap: HeapGraph): void {
  const view = new HeapView({ key: '', snapshot: 0 }, heap);
  say(
    '  sizes and objects',
    seconds(() => view.sizesBefore.length + view.objects.length),
  );
  for (const by of ['type', 'holder'] as const) {
    const making = seconds(() => groupsOf(view, by));
    say(`  grouped by ${by}: keys; figures`, `${making}; ${seconds(() => groupFigures(view, groupsOf(view, by), view.objects))}`);
  }
  say(
    '  dominators from subtrees',
    seconds(() => view.dominators.length),
  );
  say(
    '  referrers',
    seconds(() => view.referrers.edge.length),
  );
  say(
    '  shortest paths to all objects',
    seconds(() => view.tree.order.length),
  );
  say(
    '  cycles',
    seconds(() => view.cycles.start.length),
  );
}

function compared(folder: string, before: HeapGraph): void {
  const after = importDump(join(folder, 'after'));
  const [a, b] = [before, after].map((graph, i) => new HeapView({ key: String(i), snapshot: i }, graph)) as [HeapView, HeapView];
  const ready = seconds(() => [a, b].map((view) => [view.byAddress, view.dominators]));
  const side = (view: HeapView) => ({ graph: view.graph, byAddress: view.byAddress, dominators: view.dominators });
  const same = [0, 0, 0, 0];
  const took = seconds(() => {
    for (const confidence of matchHeaps(side(a), side(b)).confidence) same[confidence]!++;
  });
  const percent = Object.entries(CONFIDENCE).map(([name, i]) => `${name} ${((100 * same[i]!) / after.nodes).toFixed(1)} %`);
  say('  compared with the same program later', `${took} after ${ready} for both orders (budget 3 s): ${percent.join(', ')}`);
}

function run(args: string[]): void {
  const { status } = spawnSync(process.execPath, [import.meta.filename, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const [job, folderOf, size] = process.argv.slice(2);
if (job === '--make') make(folderOf!, Number(size) * 1e6);
else if (job === '--measure') measure(folderOf!, size!);
else {
  const sizes = process.argv.includes('--quick') ? ['0.2', '1'] : process.argv.includes('--large') ? ['1', '5', '20'] : ['1', '5'];
  for (const millions of sizes) {
    const folder = mkdtempSync(join(tmpdir(), 'heapscope-bench-'));
    try {
      run(['--make', folder, millions]);
      run(['--measure', folder, millions]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
