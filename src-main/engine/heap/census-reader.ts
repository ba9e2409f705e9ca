/**
 * A census (`python-agent/DUMP.md`): counts by type instead of nodes and edges. Every length, checksum and index is checked.
 *
 *     TYPE dict · app.User     CENS 1 800 44800 · 0 900 57600      → [{ name: 'dict', objects: 900, … }, { name: 'User', … }]
 */
import { HeapscopeError } from '../base/errors.ts';
import { BlockReader, damaged, type DumpFooter, type DumpHeader } from './block-reader.ts';
import { BodyCursor } from './body-cursor.ts';
import { checkTypes } from './check-tables.ts';
import { DUMP_FLAG, DUMP_STATUS } from './dump-numbers.ts';
import { readMeta, type DumpMeta } from './dump-meta.ts';
import { DumpTables, type TypeEntry } from './dump-tables.ts';

export interface CountedType extends TypeEntry {
  readonly objects: number;
  readonly bytes: number;
}

export interface Census {
  readonly pid: number;
  readonly meta: DumpMeta;
  /** In order of their index, to which `base` refers; includes types without objects. */
  readonly types: readonly CountedType[];
}

/** Whether a file that begins like this is a census; its reader checks whether it is complete. */
export function isCensus(start: Uint8Array): boolean {
  return start.length > 12 && (start[12]! & DUMP_FLAG.census) !== 0;
}

export class CensusReader {
  readonly #blocks = new BlockReader({
    header: (header) => this.#start(header),
    block: (tag, count, body, offset) => this.#block(tag, count, body, offset),
    footer: (footer) => (this.#footer = footer),
  });
  readonly #counts = new Map<number, { objects: number; bytes: number }>();
  #tables = new DumpTables(false);
  #meta: DumpMeta | null = null;
  #footer: DumpFooter | null = null;
  #pid = 0;

  push(piece: Uint8Array): void {
    this.#blocks.push(piece);
  }

  /** Called after the last piece. Throws `snapshot.cut`, `snapshot.damaged`, `snapshot.limit`. */
  finish(): Census {
    this.#blocks.finish();
    const { status, nodes, edges } = this.#footer!;
    if (status !== DUMP_STATUS.whole)
      throw new HeapscopeError('snapshot.limit', { detail: 'the count stopped before its end', objects: null });
    if (nodes !== 0 || edges !== 0) throw damaged('a census with objects or references');
    if (this.#meta?.method !== 'census') throw damaged('META of a census');
    const { types } = this.#tables;
    checkTypes(types, (detail) => {
      throw damaged(detail);
    });
    for (const type of this.#counts.keys()) if (type >= types.length) throw damaged(`type ${type} of ${types.length}`);
    const none = { objects: 0, bytes: 0 };
    return { pid: this.#pid, meta: this.#meta, types: types.map((type, i) => ({ ...type, ...(this.#counts.get(i) ?? none) })) };
  }

  #start({ flags, pid }: DumpHeader): void {
    const known = DUMP_FLAG.census | DUMP_FLAG.addresses | DUMP_FLAG.previews | DUMP_FLAG.sites;
    if ((flags & DUMP_FLAG.census) === 0 || flags > known) throw damaged(`flags ${flags}`, 12);
    this.#pid = pid;
    this.#tables = new DumpTables((flags & DUMP_FLAG.addresses) !== 0);
  }

  #block(tag: string, count: number, body: Uint8Array, offset: number): void {
    if (tag === 'META') {
      this.#meta = readMeta(body, offset);
      return;
    }
    const cursor = new BodyCursor(body, offset);
    if (tag === 'CENS') this.#count(count, cursor);
    else if (!this.#tables.read(tag, count, cursor)) throw damaged('a block of an unknown kind', offset);
    cursor.end();
  }

  #count(count: number, body: BodyCursor): void {
    for (let i = 0; i < count; i++) {
      const type = body.u32();
      if (this.#counts.has(type)) throw body.fault(`type ${type} is counted twice`);
      this.#counts.set(type, { objects: body.u64(), bytes: body.u64() });
    }
  }
}
