import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Grouping, GroupRow, HeapSummary } from '../../../src-preload/contract/index.ts';
import { HeapscopeError, messageOf, systemCode } from '../base/errors.ts';
import { addressOrder } from '../heap/address-order.ts';
import { buildHeap } from '../heap/build.ts';
import { isCensus } from '../heap/census-reader.ts';
import { encodeHeap } from '../heap/codec.ts';
import { HEADER_SIZE } from '../heap/dump-format.ts';
import { DumpReader } from '../heap/dump-reader.ts';
import { FLAG, type HeapGraph } from '../heap/graph.ts';
import type { RawHeap } from '../heap/raw-heap.ts';
import { importCensus } from './census-job.ts';
import type { ImportedFacts, ImportedHeap, StoredColumn, TypeTableRow } from './face.ts';
import { groupsOf } from './groupings.ts';
import { waitingNodes } from './node-rows.ts';
import { ContentDigest, type HeapFiles } from './heap-files.ts';
import { HeapView } from './heap-view.ts';
import type { JobControl } from '../worker/job-control.ts';
import { importNeeds } from './memory-budget.ts';
import { allRows } from './queries/groups.ts';
import { MOST_ROWS, packTables } from './stored-tables.ts';
import { summarize } from './summary.ts';
import type { ImportJob } from './jobs.ts';

const PIECE = 4 * 1024 * 1024;
/** Distance of the footer's body from the end of the file; its first numbers are the nodes and the edges. */
const FOOTER_BODY = 32;
/** Each step's fraction of the whole, as measured. */
const PART = { reading: 0.3, building: 0.45, tables: 0.1 };

/** Turns a dump's file into columns and figures. Every piece is passed to `store` before the next is made. A large heap is then kept in `files`. */
export async function importDump(
  job: ImportJob,
  store: (column: StoredColumn) => Promise<void>,
  control: JobControl,
  files: HeapFiles | null = null,
): Promise<ImportedHeap> {
  const dump = await readDump(job, control);
  if ('summary' in dump) return dump;
  const graph = build(dump, control);
  const view = new HeapView({ key: '', snapshot: 0 }, graph);
  control.progress({ step: 'tables', done: PART.reading + PART.building, objects: graph.facts.objects });
  const all = groupTables(view, view.objects, control);
  const waiting = groupTables(view, waitingNodes(view), control);
  const summary = summarize(view);
  const parents = Array.from(groupsOf(view, 'hierarchy').parent ?? []);
  const tables = packTables({
    nodes: graph.nodes,
    edges: graph.edges,
    summary,
    groups: storable(all),
    waiting: storable(waiting),
    parents,
  });
  const imported = { summary, facts: factsOf(graph, summary), types: typeTable(all.type), tables };
  view.dropDerived();
  const digest = await storeColumns(graph, store, control);
  // Nobody waits for the file; the next import does.
  if (files?.keeps(graph.nodes) === true) setImmediate(() => files.save(digest.name, { graph, byAddress: addressOrder(graph) }));
  return imported;
}

function build(raw: RawHeap, control: JobControl): HeapGraph {
  const objects = raw.nodes;
  const at = { holders: 0, search: 0.25, dominators: 0.5, columns: 0.8 };
  return buildHeap(raw, (stage) => {
    const step = stage === 'dominators' ? 'dominators' : 'numbering';
    control.progress({ step, done: PART.reading + PART.building * at[stage], objects });
  });
}

/** A census is complete here: it has no graph. */
async function readDump({ path, available }: ImportJob, control: JobControl): Promise<RawHeap | ImportedHeap> {
  const file = await opened(path);
  try {
    const { size } = await file.stat();
    if (await beginsCensus(file)) return await importCensus(piecesOf(file, size));
    await refuseTooLarge(file, size, available);
    const reader = new DumpReader();
    let at = 0;
    for await (const piece of piecesOf(file, size)) {
      reader.push(piece);
      at += piece.length;
      control.progress({ step: 'reading', done: (PART.reading * at) / size, objects: reader.objects });
    }
    return reader.finish();
  } catch (thrown) {
    throw withPath(thrown, path);
  } finally {
    await file.close();
  }
}

async function beginsCensus(file: FileHandle): Promise<boolean> {
  const start = new Uint8Array(HEADER_SIZE);
  const { bytesRead } = await file.read(start, 0, HEADER_SIZE, 0);
  return isCensus(start.subarray(0, bytesRead));
}

async function* piecesOf(file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(Math.min(PIECE, size));
  for (let at = 0; at < size;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.slice(0, bytesRead);
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await openPlain(path);
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') throw new HeapscopeError('file.missing', { path }, thrown);
    throw new HeapscopeError('file.forbidden', { path, detail: messageOf(thrown) }, thrown);
  }
}

/** Its folder is writable by the watched program: anything but a regular file is neither followed nor waited for. */
async function openPlain(path: string): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error('not a plain file');
}

/** The reader does not know the file's name, which helps to find the fault. */
function withPath(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof HeapscopeError) || !thrown.code.startsWith('snapshot.') || thrown.code === 'snapshot.too-large') return thrown;
  return new HeapscopeError(thrown.code, { ...thrown.facts, path }, thrown);
}

/** The footer states the heap's size. It is verified later; a false one causes an error, and does not crash the app. */
async function refuseTooLarge(file: FileHandle, size: number, available: number): Promise<void> {
  if (size < FOOTER_BODY) return;
  const footer = new DataView(new ArrayBuffer(16));
  await file.read(footer, 0, 16, size - FOOTER_BODY);
  const objects = Number(footer.getBigUint64(0, true));
  const references = Number(footer.getBigUint64(8, true));
  // A truncated file may have anything here: an edge takes at least 4 bytes of it.
  if (objects + references > size) return;
  const needed = importNeeds(objects, references);
  if (needed > available) throw new HeapscopeError('snapshot.too-large', { objects, references, needed, available });
}

function storable(tables: Record<Grouping, GroupRow[]>): Partial<Record<Grouping, GroupRow[]>> {
  return Object.fromEntries(Object.entries(tables).filter(([, rows]) => rows.length <= MOST_ROWS));
}

function groupTables(view: HeapView, nodes: Uint32Array, control: JobControl): Record<Grouping, GroupRow[]> {
  const rows = (by: Grouping): GroupRow[] => {
    control.check();
    return allRows(view, { by }, nodes);
  };
  return { type: rows('type'), module: rows('module'), hierarchy: rows('hierarchy'), site: rows('site'), holder: rows('holder') };
}

function typeTable(rows: readonly GroupRow[]): TypeTableRow[] {
  return rows.slice(0, MOST_ROWS).map(({ label, count, shallow, retained }) => ({ ...label, count, shallow, retained }));
}

function factsOf(graph: HeapGraph, { references, garbage }: HeapSummary): ImportedFacts {
  const { facts, flags } = graph;
  let tracked = 0;
  for (let node = 0; node < graph.nodes; node++) if ((flags[node]! & FLAG.tracked) !== 0) tracked++;
  return {
    method: facts.method,
    python: facts.python || null,
    pid: facts.pid,
    collected: facts.collected,
    previews: facts.previews,
    frames: facts.frames,
    objects: facts.objects,
    tracked,
    references,
    size: facts.bytes,
    garbage: garbage.objects,
  };
}

async function storeColumns(graph: HeapGraph, store: (column: StoredColumn) => Promise<void>, control: JobControl): Promise<ContentDigest> {
  const digest = new ContentDigest();
  const before = PART.reading + PART.building + PART.tables;
  const total = graph.nodes * 35 + graph.edges * 4;
  let bytes = 0;
  for (const piece of encodeHeap(graph)) {
    control.progress({ step: 'storing', done: Math.min(1, before + ((1 - before) * bytes) / total), objects: graph.facts.objects });
    digest.add(piece);
    await store(piece);
    control.check();
    bytes += PIECE;
  }
  return digest;
}
