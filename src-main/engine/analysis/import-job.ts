import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Grouping, GroupRow, HeapSummary } from '../../../src-preload/contract/index.ts';
import { HeapscopeError, messageOf, systemCode } from '../base/errors.ts';
import { addressOrder } from '../heap/address-order.ts';
import { buildHeap, releaseHeap } from '../heap/build.ts';
import { isCensus } from '../heap/census-reader.ts';
import { encodeHeap } from '../heap/codec.ts';
import { HEADER_SIZE } from '../heap/dump-format.ts';
import { DumpReader, type DumpSize } from '../heap/dump-reader.ts';
import { FLAG, type HeapGraph } from '../heap/graph.ts';
import { release } from '../heap/memory.ts';
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
/** What each takes at least in a dump. */
const NODE_BYTES = 29;
const EDGE_BYTES = 4;
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
  // Both read the tree of shortest chains; beside the sizes that all rows need it is not kept.
  groupsOf(view, 'holder');
  const summary = summarize(view);
  view.dropDerived();
  const all = groupTables(view, view.objects, control);
  const waiting = groupTables(view, waitingNodes(view), control);
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
  setImmediate(() => keep(graph, digest, files));
  return imported;
}

/** A large heap in a file; its memory is free afterwards. */
function keep(graph: HeapGraph, digest: ContentDigest, files: HeapFiles | null): void {
  if (files?.keeps(graph.nodes) === true) {
    const byAddress = addressOrder(graph);
    files.save(digest.name, { graph, byAddress });
    release(byAddress);
  }
  releaseHeap(graph);
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
    const expected = await expectedSize(file, size);
    if (expected !== null) refuseTooLarge(expected, available);
    const reader = new DumpReader(undefined, expected);
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

/** Each is overwritten once the next one is taken; meanwhile that one is read. */
async function* piecesOf(file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  const buffers = [0, 1].map(() => new Uint8Array(Math.min(PIECE, size)));
  const read = (turn: number, from: number) => file.read(buffers[turn % 2]!, 0, Math.min(PIECE, size - from), from);
  let at = 0;
  let next = read(0, 0);
  try {
    for (let turn = 1; at < size; turn++) {
      const { bytesRead, buffer } = await next;
      if (bytesRead === 0) return;
      at += bytesRead;
      next = read(turn, at);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await next.catch(() => undefined); // The file is closed after this.
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

/**
 * What the footer states. It is verified later; a false one causes an error, and does not crash the app. null: more than fits into the file,
 * since a truncated one may have anything there.
 */
async function expectedSize(file: FileHandle, size: number): Promise<DumpSize | null> {
  if (size < FOOTER_BODY) return null;
  const footer = new DataView(new ArrayBuffer(16));
  await file.read(footer, 0, 16, size - FOOTER_BODY);
  const nodes = Number(footer.getBigUint64(0, true));
  const edges = Number(footer.getBigUint64(8, true));
  return nodes * NODE_BYTES + edges * EDGE_BYTES > size ? null : { nodes, edges };
}

function refuseTooLarge({ nodes: objects, edges: references }: DumpSize, available: number): void {
  const needed = importNeeds(objects, references);
  if (needed > available) throw new HeapscopeError('snapshot.too-large', { objects, references, needed, available });
}

type Tables = Record<Exclude<Grouping, 'class'>, GroupRow[]>;

function storable(tables: Tables): Partial<Record<Grouping, GroupRow[]>> {
  return Object.fromEntries(Object.entries(tables).filter(([, rows]) => rows.length <= MOST_ROWS));
}

/** Each class by itself is asked for of a few only: those rows are made when they are. */
function groupTables(view: HeapView, nodes: Uint32Array, control: JobControl): Tables {
  const rows = (by: Grouping): GroupRow[] => {
    control.check();
    return allRows(view, { by }, nodes);
  };
  return {
    type: rows('type'),
    module: rows('module'),
    hierarchy: rows('hierarchy'),
    site: rows('site'),
    holder: rows('holder'),
    code: rows('code'),
  };
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
