/**
 * A heap as one file that is read as it lies in memory, for a heap that was decoded before: about fifteen times as large as its compressed
 * pieces, and read several times as fast (`bench/analysis-bench.ts`). Each part begins at a multiple of 8:
 *
 *     "HSHEAP1\n" | length and checksum of the head, u32 each | head, JSON | edgeStart | edgeTo | … | address | byAddress
 *
 * The head has the length and the checksum of every column. Numbers have the machine's own byte order: such a file stays on its machine.
 */
import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';
import { HeapscopeError } from '../base/errors.ts';
import { assemble, COLUMNS, ColumnReader, flatten, isColumn, makeNumbers, type HeapColumns, type Numbers } from './column-layout.ts';
import type { HeapFacts, HeapGraph } from './graph.ts';
import { sharedF64, sharedU32 } from './memory.ts';

const MAGIC = `HSHEAP1${endianness() === 'LE' ? '\n' : '\r'}`;
const START = 16;
const LONGEST_HEAD = 1024 * 1024;

/** A heap, and what every comparison needs of it. */
export interface WholeHeap {
  readonly graph: HeapGraph;
  /** Objects by ascending address. */
  readonly byAddress: Uint32Array;
}

interface FileHead {
  readonly facts: HeapFacts;
  /** Name, length and checksum of each, in order. */
  readonly columns: readonly (readonly [name: string, length: number, sum: number])[];
}

/** Facts that files written before they were known do not have. */
const OLDER = { emptyStr: 0, emptyBytes: 0 };

const refuse = (detail: string): never => {
  throw new HeapscopeError('snapshot.damaged', { detail });
};

/** What is written, one after the other. The columns are not copied. */
export function writeColumnFile({ graph, byAddress }: WholeHeap): Uint8Array[] {
  const columns = Object.entries({ ...flatten(graph), address: graph.address, byAddress });
  const summed = columns.map(([name, column]) => [name, column.length, crc32(bytesOf(column))] as const);
  const head = new TextEncoder().encode(JSON.stringify({ facts: graph.facts, columns: summed } satisfies FileHead));
  const start = new Uint8Array(START);
  start.set(new TextEncoder().encode(MAGIC));
  new Uint32Array(start.buffer, 8).set([head.length, crc32(head)]);
  return [start, head, ...columns.map(([, column]) => bytesOf(column))].flatMap((part) => [part, new Uint8Array(padding(part.length))]);
}

/**
 * `read` fills the next bytes of a file of `size` bytes, or throws. Memory is taken for what the file has, and no more. Throws
 * `snapshot.damaged`.
 */
export function readColumnFile(size: number, read: (into: Uint8Array) => void): WholeHeap {
  const start = new Uint8Array(START);
  if (size < START) refuse('length');
  read(start);
  const [length, sum] = new Uint32Array(start.buffer, 8);
  if (new TextDecoder().decode(start.subarray(0, 8)) !== MAGIC || length! > LONGEST_HEAD || length! > size) refuse('head');
  const json = new Uint8Array(length! + padding(length!));
  read(json);
  if (crc32(json.subarray(0, length)) !== sum) refuse('checksum of the head');
  const head = JSON.parse(new TextDecoder().decode(json.subarray(0, length))) as FileHead;
  const kinds = head.columns.map(([name, count]) => ({ name, count, bytes: count * widthOf(name) }));
  const total = kinds.reduce((at, { bytes }) => at + bytes + padding(bytes), START + json.length);
  if (total !== size) refuse('length');
  const columns: HeapColumns & { byAddress?: Numbers } = {};
  for (const [name, count, expected] of head.columns) {
    const column = make(name, count);
    const bytes = bytesOf(column);
    read(bytes);
    if (crc32(bytes) !== expected) refuse(`checksum of ${name}`);
    read(new Uint8Array(padding(bytes.length)));
    Object.assign(columns, { [name]: column });
  }
  const { address, byAddress } = columns;
  if (!(address instanceof Float64Array) || !(byAddress instanceof Uint32Array)) return refuse('columns');
  return { graph: assemble(new ColumnReader(columns, refuse), address, { ...OLDER, ...head.facts }), byAddress };
}

function make(name: string, length: number): Numbers {
  if (name === 'address') return sharedF64(length);
  if (name === 'byAddress') return sharedU32(length);
  return isColumn(name) ? makeNumbers(COLUMNS[name].kind, length) : refuse('a column of an unknown name');
}

function widthOf(name: string): number {
  return make(name, 0).BYTES_PER_ELEMENT;
}

function bytesOf({ buffer, byteOffset, byteLength }: Numbers): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function padding(length: number): number {
  return -length & 7;
}
