/**
 * The frame of a dump file: header, blocks, footer, read from pieces that may end anywhere.
 *
 *     pieces   [89 48 53 44 0D 0A 1A 0A 01] [00 08 … ] [4E 4F 44 45 … ]
 *     units    header (32 bytes) · head (16) · body · head · body · … · head "END!" · body (32)
 *
 * A unit that is complete within a piece is not copied. A body is passed on only if its checksum is correct.
 */
import { crc32 } from 'node:zlib';
import { HeapscopeError } from '../base/errors.ts';
import { BLOCK_HEAD_SIZE, DUMP_VERSION, FOOTER_BODY_SIZE, HEADER_SIZE, MAGIC } from './dump-format.ts';
import { DUMP_LIMIT } from './dump-numbers.ts';

export interface DumpHeader {
  readonly flags: number;
  readonly pid: number;
}

export interface DumpFooter {
  readonly nodes: number;
  readonly edges: number;
  readonly status: number;
}

export interface BlockVisitor {
  header(header: DumpHeader): void;
  /** `body` is only borrowed: it may be a view of the piece. `offset` is its position in the file. */
  block(tag: string, count: number, body: Uint8Array, offset: number): void;
  footer(footer: DumpFooter): void;
}

export function damaged(detail: string, offset: number | null = null): HeapscopeError {
  return new HeapscopeError('snapshot.damaged', offset === null ? { detail } : { detail, offset });
}

type Unit = 'header' | 'head' | 'body' | 'end';

export class BlockReader {
  readonly #visitor: BlockVisitor;
  #unit: Unit = 'header';
  #need = HEADER_SIZE;
  /** The part of the unit that came in earlier pieces. */
  #held = new Uint8Array(0);
  #heldLength = 0;
  /** Where the unit begins in the file. */
  #offset = 0;
  #head = { tag: '', count: 0, crc: 0, start: 0 };
  #blocks = 0;
  #chain = 0;

  constructor(visitor: BlockVisitor) {
    this.#visitor = visitor;
  }

  push(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length) {
      if (this.#unit === 'end') throw damaged('bytes after the footer', this.#offset);
      const take = Math.min(this.#need - this.#heldLength, piece.length - at);
      const part = piece.subarray(at, at + take);
      at += take;
      if (this.#heldLength === 0 && take === this.#need) this.#complete(part);
      else this.#hold(part);
    }
  }

  /** Called after the last piece. */
  finish(): void {
    if (this.#unit !== 'end') {
      throw new HeapscopeError('snapshot.cut', { detail: `ends inside ${this.#unit}`, offset: this.#offset + this.#heldLength });
    }
  }

  #hold(part: Uint8Array): void {
    // Grows with the bytes that arrive, not with a claimed length.
    const length = this.#heldLength + part.length;
    if (length > this.#held.length) {
      const wider = new Uint8Array(Math.min(this.#need, Math.max(length, this.#held.length * 2)));
      wider.set(this.#held.subarray(0, this.#heldLength));
      this.#held = wider;
    }
    this.#held.set(part, this.#heldLength);
    this.#heldLength = length;
    if (length < this.#need) return;
    this.#heldLength = 0;
    this.#complete(this.#held.subarray(0, length));
  }

  #complete(unit: Uint8Array): void {
    const offset = this.#offset;
    this.#offset += unit.length;
    if (this.#unit === 'header') this.#readHeader(unit);
    else if (this.#unit === 'head') this.#readHead(unit, offset);
    else this.#readBody(unit, offset);
  }

  #expect(unit: Unit, need: number): void {
    this.#unit = unit;
    this.#need = need;
  }

  #readHeader(unit: Uint8Array): void {
    const view = new DataView(unit.buffer, unit.byteOffset, unit.length);
    if (MAGIC.some((byte, i) => unit[i] !== byte)) throw damaged('not a heap dump', 0);
    if (view.getUint32(28, true) !== crc32(unit.subarray(0, 28))) throw damaged('header checksum', 0);
    const version = view.getUint16(8, true);
    if (version > DUMP_VERSION) throw new HeapscopeError('snapshot.newer', { version, supported: DUMP_VERSION });
    if (version !== DUMP_VERSION) throw damaged(`version ${version}`, 8);
    const pointer = view.getUint16(10, true);
    if (pointer !== 8 && pointer !== 4) throw damaged(`pointers of ${pointer} bytes`, 10);
    this.#visitor.header({ flags: view.getUint32(12, true), pid: Number(view.getBigUint64(16, true)) });
    this.#expect('head', BLOCK_HEAD_SIZE);
  }

  #readHead(unit: Uint8Array, offset: number): void {
    const view = new DataView(unit.buffer, unit.byteOffset, unit.length);
    const tag = String.fromCharCode(...unit.subarray(0, 4));
    const length = view.getUint32(8, true);
    if (length > DUMP_LIMIT.body) throw damaged('a block of more than 16 MiB', offset);
    if (tag === 'END!' && length !== FOOTER_BODY_SIZE) throw damaged('footer length', offset);
    this.#head = { tag, count: view.getUint32(4, true), crc: view.getUint32(12, true), start: crc32(unit.subarray(0, 12)) };
    this.#expect('body', length);
    if (length === 0) this.#complete(unit.subarray(0, 0));
  }

  #readBody(body: Uint8Array, offset: number): void {
    const { tag, count, crc, start } = this.#head;
    if (crc32(body, start) !== crc) throw damaged(`checksum of block ${this.#blocks}`, offset);
    if (tag === 'END!') return this.#readFooter(body, offset);
    this.#blocks++;
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, crc, true);
    this.#chain = crc32(bytes, this.#chain);
    this.#expect('head', BLOCK_HEAD_SIZE);
    this.#visitor.block(tag, count, body, offset);
  }

  #readFooter(body: Uint8Array, offset: number): void {
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    if (view.getUint32(16, true) !== this.#blocks) throw damaged('number of blocks', offset + 16);
    if (view.getUint32(24, true) !== this.#chain) throw damaged('checksum of checksums', offset + 24);
    this.#expect('end', 0);
    this.#visitor.footer({
      nodes: Number(view.getBigUint64(0, true)),
      edges: Number(view.getBigUint64(8, true)),
      status: view.getUint32(20, true),
    });
  }
}
