/**
 * A heap as compressed pieces for a project file, and back. Pieces of one column come in order; columns in any.
 *
 *     head 0 · edgeStart 0 · edgeTo 0 · edgeTo 1 · type 0 · …       each of at most 4 MiB before compression
 *
 * The head is JSON: version, lengths, facts. Decoded data is checked before it becomes a graph (`check-graph.ts`).
 */
import { HeapscopeError } from '../base/errors.ts';
import { addressesFrom, addressSteps, addressUnit, codeEdges, decodeEdges, differences, sums } from './codings.ts';
import { checkGraph } from './check-graph.ts';
import { checkStarts } from './check-tables.ts';
import {
  assemble,
  COLUMNS,
  ColumnReader,
  flatten,
  isColumn,
  makeNumbers,
  type ColumnName,
  type HeapColumns,
  type Numbers,
} from './column-layout.ts';
import { readHead, writeHead, type Head } from './codec-head.ts';
import type { HeapGraph } from './graph.ts';
import { release } from './memory.ts';
import { packPlanes, unpackPlanes } from './planes.ts';

const HEAP_FORMAT = 1;

/** One piece of one column. */
export interface HeapPiece {
  readonly name: string;
  /** From 0 within its column. */
  readonly chunk: number;
  readonly data: Uint8Array;
}

const CHUNK_BYTES = 4 * 1024 * 1024;
const WIDTH = { u8: 1, u16: 2, u32: 4, f64: 8 } as const;
const NAMES = Object.keys(COLUMNS) as ColumnName[];

const refuse = (detail: string): never => {
  throw new HeapscopeError('snapshot.damaged', { detail });
};

/** All pieces, the head first; coded columns are made one at a time. */
export function* encodeHeap(graph: HeapGraph): Generator<HeapPiece> {
  const columns = flatten(graph);
  const unit = addressUnit(graph.address);
  const lengths = Object.fromEntries(NAMES.flatMap((name) => (columns[name] ? [[name, columns[name].length]] : [])));
  lengths['address'] = graph.address.length * 2;
  yield { name: 'head', chunk: 0, data: writeHead({ version: HEAP_FORMAT, unit, lengths, facts: graph.facts }) };
  for (const name of NAMES) {
    const column = name === 'address' ? graph.address : columns[name];
    if (column === undefined) continue;
    const coded = name === 'address' ? addressSteps(graph.address, unit) : code(name, column, graph);
    yield* pieces(name, coded);
    if (coded !== column) release(coded);
  }
}

function code(name: ColumnName, column: Numbers, graph: HeapGraph): Numbers {
  if (!(column instanceof Uint32Array)) return column;
  const { coding } = COLUMNS[name];
  if (coding === 'edges') return codeEdges(graph.edgeStart, graph.edgeTo);
  return coding === 'delta' ? differences(column) : column;
}

function* pieces(name: ColumnName, column: Numbers): Generator<HeapPiece> {
  const all = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  for (let at = 0, chunk = 0; at < all.length; at += CHUNK_BYTES, chunk++) {
    yield { name, chunk, data: packPlanes(all.subarray(at, at + CHUNK_BYTES), WIDTH[COLUMNS[name].kind]) };
  }
}

export interface DecodeLimits {
  /** Bytes that the graph may take; above that `snapshot.too-large`. */
  readonly bytes: number;
}

/** Takes the pieces of one heap, then builds the graph. Throws `snapshot.damaged`, `snapshot.newer`, `snapshot.too-large`. */
export class HeapDecoder {
  readonly #limits: DecodeLimits;
  readonly #columns: HeapColumns = {};
  readonly #filled = new Map<ColumnName, { chunks: number; bytes: number }>();
  #head: Head | null = null;
  /** Pieces that came before the head. */
  #early: HeapPiece[] = [];

  constructor(limits: DecodeLimits = { bytes: Infinity }) {
    this.#limits = limits;
  }

  push(piece: HeapPiece): void {
    if (piece.name === 'head') this.#start(piece.data);
    else if (this.#head === null) this.#early.push(piece);
    else this.#fill(this.#head, piece);
  }

  finish(): HeapGraph {
    const head = this.#head ?? refuse('no head');
    for (const name of NAMES) this.#checkFilled(head, name);
    for (const name of NAMES) {
      const column = this.#columns[name];
      if (column instanceof Uint32Array && COLUMNS[name].coding === 'delta') sums(column);
    }
    const columns = new ColumnReader(this.#columns, refuse);
    const edgeStart = columns.u32('edgeStart');
    checkStarts(edgeStart, columns.u32('edgeTo').length, 'edges', refuse);
    decodeEdges(edgeStart, columns.u32('edgeTo'));
    const graph = assemble(columns, addressesFrom(columns.u32('address'), head.unit), head.facts);
    checkGraph(graph, refuse);
    return graph;
  }

  #start(data: Uint8Array): void {
    if (this.#head !== null) refuse('two heads');
    const head = readHead(data, HEAP_FORMAT, refuse);
    const needed = NAMES.reduce((sum, name) => sum + (head.lengths[name] ?? 0) * WIDTH[COLUMNS[name].kind], 0);
    if (needed > this.#limits.bytes) throw tooLarge(head, needed, this.#limits.bytes);
    this.#head = head;
    for (const piece of this.#early) this.#fill(head, piece);
    this.#early = [];
  }

  #fill(head: Head, { name, chunk, data }: HeapPiece): void {
    if (!isColumn(name)) return refuse('a column of an unknown name');
    const column = (this.#columns[name] ??= allocate(head, name));
    const filled = this.#filled.get(name) ?? { chunks: 0, bytes: 0 };
    if (chunk !== filled.chunks) refuse(`piece ${chunk} of ${name} where ${filled.chunks} comes next`);
    const length = Math.min(CHUNK_BYTES, column.byteLength - filled.bytes);
    const into = new Uint8Array(column.buffer, filled.bytes, length);
    if (length === 0 || !unpackPlanes(data, into, WIDTH[COLUMNS[name].kind])) refuse(`piece ${chunk} of ${name}`);
    this.#filled.set(name, { chunks: chunk + 1, bytes: filled.bytes + length });
  }

  #checkFilled(head: Head, name: ColumnName): void {
    const length = head.lengths[name];
    if (length === undefined) return;
    this.#columns[name] ??= length === 0 ? makeNumbers(COLUMNS[name].kind, 0) : refuse(`no pieces of ${name}`);
    if ((this.#filled.get(name)?.bytes ?? 0) !== this.#columns[name].byteLength) refuse(`pieces of ${name}`);
  }
}

function allocate(head: Head, name: ColumnName): Numbers {
  const length = head.lengths[name] ?? refuse(`a column ${name} that the head does not have`);
  try {
    return makeNumbers(COLUMNS[name].kind, length);
  } catch {
    throw tooLarge(head, length * WIDTH[COLUMNS[name].kind], null);
  }
}

function tooLarge(head: Head, needed: number, available: number | null): HeapscopeError {
  const objects = head.lengths.type ?? 0;
  return new HeapscopeError('snapshot.too-large', { objects, references: head.lengths.edgeTo ?? 0, needed, available });
}
