/**
 * Turns a dump's bytes into a `RawHeap`: every length, checksum, index and total is checked, or there is no result.
 *
 *     NODE degree 2 0 · EDGE 1 1      edgeStart 0 2 2   edgeTo 1 1
 *
 * Memory grows with the bytes received, never with a number in them. `push` accepts pieces of any size. A caller that knows how much will
 * come (never more than the file has) saves copies.
 */
import { HeapscopeError } from '../base/errors.ts';
import { BlockReader, damaged, type BlockVisitor, type DumpFooter, type DumpHeader } from './block-reader.ts';
import { BodyCursor } from './body-cursor.ts';
import { U32Column } from './columns.ts';
import { DUMP_FLAG, DUMP_LIMIT, DUMP_STATUS } from './dump-numbers.ts';
import { readMeta, type DumpMeta } from './dump-meta.ts';
import { DumpTables } from './dump-tables.ts';
import { finishDump } from './finish-dump.ts';
import { NodeColumns } from './node-columns.ts';
import type { RawHeap } from './raw-heap.ts';
import { ROOM } from './rooted-edges.ts';

export interface DumpSize {
  readonly nodes: number;
  readonly edges: number;
}

/** More are refused with `snapshot.limit`. Positions in the edge columns are 32 bits, ordinals 31; a few values are reserved. */
const DEFAULT_LIMITS: DumpSize = { nodes: 2 ** 31 - 2 ** 20, edges: 2 ** 32 - 2 ** 20 };

export class DumpReader {
  readonly #blocks: BlockReader;
  readonly #limits: DumpSize;
  readonly #expected: DumpSize | null;
  readonly #nodes = new NodeColumns();
  readonly #edges = new U32Column();
  #tables = new DumpTables(false);
  #header: DumpHeader = { flags: 0, pid: 0 };
  #footer: DumpFooter | null = null;
  #meta: DumpMeta | null = null;
  #degrees = 0;

  /** `expected`: what the dump probably contains; memory for it is reserved. */
  constructor(limits: DumpSize = DEFAULT_LIMITS, expected: DumpSize | null = null) {
    this.#limits = limits;
    this.#expected = expected;
    const visitor: BlockVisitor = {
      header: (header) => this.#start(header),
      block: (tag, count, body, offset) => this.#block(tag, count, body, offset),
      footer: (footer) => (this.#footer = footer),
    };
    this.#blocks = new BlockReader(visitor);
  }

  /** Objects read so far. */
  get objects(): number {
    return this.#nodes.flags.length;
  }

  /** Reads the next bytes; the caller may overwrite them afterwards. */
  push(piece: Uint8Array): void {
    this.#blocks.push(piece);
  }

  /**
   * Called after the last piece. Throws `snapshot.cut`, `snapshot.damaged`, or `snapshot.limit` when the capture itself had stopped at its
   * limit.
   */
  finish(): RawHeap {
    this.#blocks.finish();
    const footer = this.#footer!;
    if (footer.status !== DUMP_STATUS.whole) {
      throw new HeapscopeError('snapshot.limit', { detail: 'the capture stopped before its end', objects: this.objects });
    }
    const edges = this.#edges.length / this.#width;
    if (footer.nodes !== this.objects) throw damaged(`${this.objects} objects where the footer says ${footer.nodes}`);
    if (footer.edges !== edges) throw damaged(`${edges} references where the footer says ${footer.edges}`);
    if (this.#degrees !== edges) throw damaged(`${edges} references where the objects say ${this.#degrees}`);
    if (this.#meta === null) throw damaged('no META block');
    const { method, ...meta } = this.#meta;
    if (method === 'census') throw damaged('META: method');
    return finishDump({ nodes: this.#nodes, edges: this.#edges, tables: this.#tables, header: this.#header, meta: { ...meta, method } });
  }

  get #width(): number {
    return (this.#header.flags & DUMP_FLAG.addresses) === 0 ? 1 : 2;
  }

  #start(header: DumpHeader): void {
    if (header.flags > 7) throw damaged(`flags ${header.flags}`, 12);
    this.#header = header;
    this.#tables = new DumpTables(this.#width === 2);
    if (this.#expected === null) return;
    const { nodes, edges } = this.#expected;
    this.#nodes.expect(nodes, (header.flags & DUMP_FLAG.sites) !== 0, ROOM.nodes);
    // Addresses are resolved into another column.
    this.#edges.expect(this.#width === 2 ? edges * 2 : edges + ROOM.edges);
  }

  #block(tag: string, count: number, body: Uint8Array, offset: number): void {
    if (tag === 'NODE') return this.#nodeBlock(count, body, offset);
    if (tag === 'EDGE') return this.#edgeBlock(count, body, offset);
    if (tag === 'META') {
      this.#meta = readMeta(body, offset);
      return;
    }
    const cursor = new BodyCursor(body, offset);
    if (!this.#tables.read(tag, count, cursor)) throw damaged('a block of an unknown kind', offset);
    cursor.end();
  }

  #nodeBlock(n: number, body: Uint8Array, offset: number): void {
    const sites = (this.#header.flags & DUMP_FLAG.sites) !== 0;
    if (n < 1 || n > DUMP_LIMIT.nodes || body.length !== n * (sites ? 33 : 29)) throw damaged('length of a NODE block', offset);
    if (this.objects + n > this.#limits.nodes) throw limit(`more than ${this.#limits.nodes} objects`, this.objects + n);
    const columns = this.#nodes;
    const u32 = (offset: number): Uint8Array => body.subarray(offset * n, (offset + 4) * n);
    columns.address.push(body.subarray(0, 8 * n));
    columns.size.push(u32(8));
    columns.type.push(u32(12));
    columns.refs.push(u32(16));
    columns.degree.push(u32(20));
    columns.shape.push(u32(24));
    if (sites) columns.site.push(u32(28));
    columns.flags.push(body.subarray((sites ? 32 : 28) * n));
    const degrees = new DataView(body.buffer, body.byteOffset + 20 * n, 4 * n);
    for (let i = 0; i < n; i++) this.#degrees += degrees.getUint32(i * 4, true);
    if (this.#degrees > this.#limits.edges) throw limit(`more than ${this.#limits.edges} references`, this.objects);
  }

  #edgeBlock(count: number, body: Uint8Array, offset: number): void {
    if (body.length !== count * 4 * this.#width) throw damaged('length of an EDGE block', offset);
    this.#edges.push(body);
    if (this.#edges.length / this.#width > this.#limits.edges) {
      throw limit(`more than ${this.#limits.edges} references`, this.objects);
    }
  }
}

function limit(detail: string, objects: number): HeapscopeError {
  return new HeapscopeError('snapshot.limit', { detail, objects });
}
