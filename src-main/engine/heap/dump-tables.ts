/**
 * The tables of a dump: types, labels, shapes, sites, strings, digests, arrays, roots. Ids count in order of appearance
 * over all blocks of a tag; references stay unresolved until all nodes are known (`resolve.ts`).
 *
 *     LABL "" · user · name       SHAP rest 0 [1 2]
 *     labels  0    1      2       shapes  start 0 2   label 1 2   rest 0
 */
import { DUMP_ROOT, REST } from './dump-numbers.ts';
import type { Label } from './graph.ts';
import type { BodyCursor } from './body-cursor.ts';
import { U32Column } from './columns.ts';
import { U32Stack } from './memory.ts';
import { StringSink } from './strings.ts';
import type { RawRoot } from './raw-heap.ts';

/** A type before its reference is resolved. */
export interface TypeEntry {
  readonly module: string;
  readonly name: string;
  readonly base: number;
  readonly flags: number;
}

/** A root whose references are `[first, first + count)` of all. */
export type RootEntry = Omit<RawRoot, 'refs'> & { readonly first: number; readonly count: number };

/** A growing column of references and one of numbers. */
class Doubles {
  #items = new Float64Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.#items.length) {
      const wider = new Float64Array(this.length * 2);
      wider.set(this.#items);
      this.#items = wider;
    }
    this.#items[this.length++] = value;
  }

  toArray(): Float64Array<ArrayBuffer> {
    return this.#items.slice(0, this.length);
  }
}

export class DumpTables {
  readonly types: TypeEntry[] = [];
  readonly typeRefs = new U32Stack();
  readonly labels: Label[] = [];
  readonly shapeStart = new U32Stack();
  readonly shapeLabel = new U32Stack();
  readonly shapeRest = new U32Stack();
  readonly bigRefs = new U32Stack();
  readonly bigSizes = new Doubles();
  readonly textRefs = new U32Stack();
  readonly texts = new StringSink();
  readonly previewRefs = new U32Stack();
  readonly previews = new StringSink();
  readonly digestRefs = new U32Column();
  /** Low and high half of each, side by side. */
  readonly digests = new U32Column();
  readonly arrayRefs = new U32Stack();
  readonly arrayBytes = new Doubles();
  readonly arrayOwns = new U32Stack();
  readonly arrayTypes = new StringSink();
  readonly arrayShapes = new StringSink();
  readonly files: string[] = [];
  readonly siteStart = new U32Stack();
  readonly siteFile = new U32Stack();
  readonly siteLine = new U32Stack();
  readonly roots: RootEntry[] = [];
  readonly rootRefs = new U32Stack();
  #rootRefCount = 0;
  readonly #wide: boolean;

  /** `wide`: references are addresses. */
  constructor(wide: boolean) {
    this.#wide = wide;
  }

  /** False: no table has this tag. */
  read(tag: string, count: number, body: BodyCursor): boolean {
    if (tag === 'HASH') {
      this.#digests(count, body);
      return true;
    }
    const entry = this.#entryOf(tag);
    if (entry === null) return false;
    for (let i = 0; i < count; i++) entry(body);
    return true;
  }

  #entryOf(tag: string): ((body: BodyCursor) => void) | null {
    switch (tag) {
      case 'TYPE':
        return (body) => this.#type(body);
      case 'LABL':
        return (body) => this.labels.push({ kind: body.u8(), name: body.string() });
      case 'SHAP':
        return (body) => this.#shape(body);
      case 'BIGS':
        return (body) => {
          this.#ref(body, this.bigRefs);
          this.bigSizes.push(body.u64());
        };
      case 'STRS':
        return (body) => this.#text(body, this.textRefs, this.texts);
      case 'PREV':
        return (body) => this.#text(body, this.previewRefs, this.previews);
      case 'ARRY':
        return (body) => this.#array(body);
      case 'FILE':
        return (body) => this.files.push(body.string());
      case 'SITE':
        return (body) => this.#site(body);
      case 'ROOT':
        return (body) => this.#root(body);
      default:
        return null;
    }
  }

  #ref(body: BodyCursor, into: U32Stack): void {
    into.push(body.u32());
    if (this.#wide) into.push(body.u32());
  }

  #type(body: BodyCursor): void {
    this.#ref(body, this.typeRefs);
    const flags = body.u32();
    const base = body.u32();
    this.types.push({ flags, base, module: body.string(), name: body.string() });
  }

  #shape(body: BodyCursor): void {
    const rest = body.u8();
    body.u8();
    if (rest > REST.values) throw body.fault(`a shape of kind ${rest}`);
    const labels = body.u16();
    body.need(labels * 4);
    this.shapeStart.push(this.shapeLabel.length);
    this.shapeRest.push(rest);
    for (let i = 0; i < labels; i++) this.shapeLabel.push(body.u32());
  }

  #text(body: BodyCursor, refs: U32Stack, strings: StringSink): void {
    this.#ref(body, refs);
    strings.push(body.stringBytes());
  }

  #digests(count: number, body: BodyCursor): void {
    const refs = count * (this.#wide ? 2 : 1);
    this.digestRefs.push(body.bytes(refs * 4));
    this.digests.push(body.bytes(count * 8));
  }

  #array(body: BodyCursor): void {
    this.#ref(body, this.arrayRefs);
    this.arrayBytes.push(body.u64());
    this.arrayOwns.push(body.u8() === 0 ? 0 : 1);
    this.arrayTypes.push(body.stringBytes());
    this.arrayShapes.push(body.stringBytes());
  }

  #site(body: BodyCursor): void {
    const entries = body.u16();
    body.need(entries * 8);
    this.siteStart.push(this.siteFile.length);
    for (let i = 0; i < entries; i++) {
      this.siteFile.push(body.u32());
      this.siteLine.push(body.u32());
    }
  }

  #root(body: BodyCursor): void {
    const kind = body.u8();
    if (kind < DUMP_ROOT.modules || kind > DUMP_ROOT.interned) throw body.fault(`a root of kind ${kind}`);
    body.u8();
    body.u16();
    const fields = { kind, parent: body.u32(), ident: body.u64(), line: body.u32(), name: body.string(), file: body.string() };
    const count = body.u32();
    body.need(count * (this.#wide ? 12 : 8));
    const labels = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      labels[i] = body.u32();
      this.#ref(body, this.rootRefs);
    }
    this.roots.push({ ...fields, labels, first: this.#rootRefCount, count });
    this.#rootRefCount += count;
  }
}
