/** Writes the frame of a dump file (python-agent/DUMP.md): header, blocks with their checksums, footer. */
import { crc32 } from 'node:zlib';
import { DUMP_VERSION, MAGIC } from '../dump-format.ts';
import { ByteWriter } from './byte-writer.ts';

export interface DumpFileOptions {
  flags?: number;
  version?: number;
  pid?: number;
}

export class DumpFile {
  readonly #out = new ByteWriter();
  #blocks = 0;
  #chain = 0;

  constructor({ flags = 0, version = DUMP_VERSION, pid = 4242 }: DumpFileOptions = {}) {
    const head = new ByteWriter().raw(MAGIC).u16(version).u16(8).u32(flags).u64(pid).u32(0).finish();
    this.#out.raw(head).u32(crc32(head));
  }

  block(tag: string, count: number, body: Uint8Array): this {
    const crc = this.#write(tag, count, body);
    this.#blocks++;
    this.#chain = crc32(new ByteWriter().u32(crc).finish(), this.#chain);
    return this;
  }

  finish(nodes: number, edges: number, status = 0): Uint8Array<ArrayBuffer> {
    const body = new ByteWriter().u64(nodes).u64(edges).u32(this.#blocks).u32(status).u32(this.#chain).u32(0).finish();
    this.#write('END!', 0, body);
    return this.#out.finish();
  }

  #write(tag: string, count: number, body: Uint8Array): number {
    const head = new ByteWriter().raw(new TextEncoder().encode(tag)).u32(count).u32(body.length).finish();
    const crc = crc32(body, crc32(head));
    this.#out.raw(head).u32(crc).raw(body);
    return crc;
  }
}
