/**
 * A dump of a small heap, described readably for a test:
 *
 *     dumpOf({
 *       objects: [
 *         { id: 'app', type: 'module', edges: [attribute('cache', 'd')] },
 *         { id: 'd', type: 'dict', rest: REST.pairs, edges: ['key', 'value'], size: 232 },
 *         { id: 'key', type: 'str', text: 'user', hash: 7n },
 *         { id: 'value', type: 'User' },
 *       ],
 *       roots: [{ kind: DUMP_ROOT.modules, refs: ['app'] }],
 *     })
 *
 * Reference counts follow from the edges and roots, plus `external`. Object `i` is at address 4096 + 64 * i.
 */
import { BIG, LABEL, NONE, REST } from '../graph.ts';
import { DUMP_FLAG, DUMP_ROOT } from '../dump-numbers.ts';
import { ByteWriter } from './byte-writer.ts';
import { DumpFile } from './dump-file.ts';

export interface NamedEdge {
  kind: number;
  name: string;
  to: string;
}

export interface ObjectSpec {
  id: string;
  type?: string;
  size?: number;
  /** Named edges first, then those that `rest` names. An unknown id is a reference to a missing object. */
  edges?: (string | NamedEdge)[];
  rest?: number;
  flags?: number;
  /** References beside edges and roots. */
  external?: number;
  /** The count itself, regardless of edges. */
  refs?: number;
  text?: string;
  preview?: string;
  hash?: bigint;
  array?: { bytes: number; owns: boolean; dtype: string; shape: string };
  /** `file:line`, the most recent call first. */
  site?: string[];
  address?: number;
}

export interface RootSpec {
  kind: number;
  name?: string;
  /** Index of a root. */
  parent?: number;
  ident?: number;
  line?: number;
  file?: string;
  refs?: (string | NamedEdge)[];
}

export interface TypeSpec {
  name: string;
  /** What objects call it, if others have its name. */
  id?: string;
  module?: string;
  base?: string;
  flags?: number;
  /** The id of the type as an object. */
  object?: string;
}

export interface HeapSpec {
  objects: ObjectSpec[];
  roots?: RootSpec[];
  /** Types that objects name and this list lacks are added. */
  types?: TypeSpec[];
  /** References as addresses, like those of the pure-Python walk. */
  addresses?: boolean;
  meta?: Record<string, unknown>;
  nodesPerBlock?: number;
  edgesPerBlock?: number;
}

export const attribute = (name: string, to: string): NamedEdge => ({ kind: LABEL.attribute, name, to });
export const field = (name: string, to: string): NamedEdge => ({ kind: LABEL.field, name, to });
export const local = (name: string, to: string): NamedEdge => ({ kind: LABEL.local, name, to });
export const weak = (name: string, to: string): NamedEdge => ({ kind: LABEL.field | LABEL.weak, name, to });

/** A module dictionary as root that holds these. */
export const modules = (...refs: string[]): RootSpec => ({ kind: DUMP_ROOT.modules, name: 'sys.modules', refs });

export function addressOf(spec: HeapSpec, id: string): number {
  const index = spec.objects.findIndex((object) => object.id === id);
  return spec.objects[index]?.address ?? 4096 + 64 * index;
}

export function dumpOf(spec: HeapSpec): Uint8Array<ArrayBuffer> {
  return new Builder(spec).bytes();
}

class Builder {
  readonly #spec: HeapSpec;
  readonly #index = new Map<string, number>();
  readonly #types: TypeSpec[];
  readonly #labels: string[] = ['0:'];
  readonly #shapes: string[] = [];
  readonly #sites: string[] = [];
  readonly #files: string[] = [];

  constructor(spec: HeapSpec) {
    this.#spec = spec;
    spec.objects.forEach(({ id }, i) => this.#index.has(id) || this.#index.set(id, i));
    this.#types = [...(spec.types ?? [])];
    for (const { type = 'object' } of spec.objects) {
      if (!this.#types.some(({ id, name }) => (id ?? name) === type)) this.#types.push({ name: type });
    }
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const { objects, addresses = false } = this.#spec;
    const traced = objects.some(({ site }) => site !== undefined);
    const previews = objects.some(({ preview }) => preview !== undefined);
    const flags = (addresses ? DUMP_FLAG.addresses : 0) | (previews ? DUMP_FLAG.previews : 0) | (traced ? DUMP_FLAG.sites : 0);
    const file = new DumpFile({ flags });
    const meta = {
      method: 'fork',
      python: '3.12.1',
      platform: 'linux',
      t: 12.5,
      collected: false,
      frames: 0,
      free_threaded: false,
      notes: [],
    };
    file.block('META', 1, new TextEncoder().encode(JSON.stringify({ ...meta, ...this.#spec.meta })));
    this.#nodes(file, traced);
    const edges = objects.flatMap((object) => (object.edges ?? []).map(targetOf));
    const step = this.#spec.edgesPerBlock ?? 1000;
    for (let i = 0; i < edges.length; i += step) {
      const part = edges.slice(i, i + step);
      file.block(
        'EDGE',
        part.length,
        this.#body(part, (out, id) => this.#ref(out, id)),
      );
    }
    this.#tables(file);
    return file.finish(objects.length, edges.length);
  }

  #nodes(file: DumpFile, traced: boolean): void {
    const counts = this.#counts();
    const step = this.#spec.nodesPerBlock ?? 1000;
    for (let first = 0; first < this.#spec.objects.length; first += step) {
      const part = this.#spec.objects.slice(first, first + step);
      const out = new ByteWriter();
      part.forEach((object, i) => out.u64(object.address ?? 4096 + 64 * (first + i)));
      part.forEach(({ size = 64 }) => out.u32(Math.min(size, BIG)));
      part.forEach(({ type = 'object' }) => out.u32(this.#types.findIndex(({ id, name }) => (id ?? name) === type)));
      part.forEach(({ refs, external = 0 }, i) => out.u32(refs ?? counts[first + i]! + external));
      part.forEach(({ edges = [] }) => out.u32(edges.length));
      part.forEach((object) => out.u32(this.#shape(object)));
      if (traced) part.forEach(({ site }) => out.u32(site ? this.#idOf(this.#sites, site.join('\n')) : NONE));
      part.forEach(({ flags = 0 }) => out.u8(flags));
      file.block('NODE', part.length, out.finish());
    }
  }

  #counts(): Uint32Array {
    const counts = new Uint32Array(this.#spec.objects.length);
    const refs = [...this.#spec.objects.flatMap(({ edges = [] }) => edges), ...(this.#spec.roots ?? []).flatMap(({ refs = [] }) => refs)];
    for (const edge of refs) {
      const target = this.#index.get(targetOf(edge));
      if (target !== undefined && (typeof edge === 'string' || (edge.kind & LABEL.weak) === 0)) counts[target]!++;
    }
    return counts;
  }

  #tables(file: DumpFile): void {
    const { objects, roots = [] } = this.#spec;
    const list = <T>(tag: string, items: readonly T[], write: (out: ByteWriter, item: T) => void): void => {
      if (items.length > 0) file.block(tag, items.length, this.#body(items, write));
    };
    const having = <K extends keyof ObjectSpec>(key: K): ObjectSpec[] => objects.filter((object) => object[key] !== undefined);
    list('TYPE', this.#types, (out, type) => {
      this.#ref(out, type.object ?? '');
      out.u32(type.flags ?? 0).u32(type.base === undefined ? NONE : this.#types.findIndex(({ name }) => name === type.base));
      out.string(type.module ?? 'builtins').string(type.name);
    });
    list('ROOT', roots, (out, root) => this.#root(out, root));
    list('SHAP', this.#shapes, (out, shape) => {
      const [rest, ...labels] = shape.split(',').map(Number);
      out.u8(rest!).u8(0).u16(labels.length);
      labels.forEach((label) => out.u32(label));
    });
    list('LABL', this.#labels, (out, label) => out.u8(Number(label.split(':', 1)[0])).string(label.slice(label.indexOf(':') + 1)));
    list('SITE', this.#sites, (out, site) => {
      const lines = site.split('\n');
      out.u16(lines.length);
      for (const line of lines) out.u32(this.#idOf(this.#files, line.split(':')[0]!)).u32(Number(line.split(':')[1]));
    });
    list('FILE', this.#files, (out, name) => out.string(name));
    list(
      'BIGS',
      objects.filter(({ size = 0 }) => size >= BIG),
      (out, { id, size }) => this.#ref(out, id).u64(size!),
    );
    list('STRS', having('text'), (out, { id, text }) => this.#ref(out, id).string(text!));
    list('PREV', having('preview'), (out, { id, preview }) => this.#ref(out, id).string(preview!));
    list('ARRY', having('array'), (out, { id, array }) => {
      this.#ref(out, id)
        .u64(array!.bytes)
        .u8(array!.owns ? 1 : 0)
        .string(array!.dtype)
        .string(array!.shape);
    });
    const hashed = having('hash');
    if (hashed.length > 0) {
      const out = new ByteWriter();
      hashed.forEach(({ id }) => this.#ref(out, id));
      hashed.forEach(({ hash }) => out.u64(hash!));
      file.block('HASH', hashed.length, out.finish());
    }
  }

  #root(out: ByteWriter, { kind, name = '', parent = NONE, ident = 0, line = 0, file = '', refs = [] }: RootSpec): void {
    out.u8(kind).u8(0).u16(0).u32(parent).u64(ident).u32(line).string(name).string(file).u32(refs.length);
    for (const ref of refs) {
      out.u32(typeof ref === 'string' ? 0 : this.#label(ref));
      this.#ref(out, targetOf(ref));
    }
  }

  #body<T>(items: readonly T[], write: (out: ByteWriter, item: T) => void): Uint8Array {
    const out = new ByteWriter();
    for (const item of items) write(out, item);
    return out.finish();
  }

  /** A node number or an address; for an unknown id, one that no node has. */
  #ref(out: ByteWriter, id: string): ByteWriter {
    const index = this.#index.get(id);
    if (this.#spec.addresses === true) return out.u64(index === undefined ? 0xdead0 : addressOf(this.#spec, id));
    return out.u32(index ?? NONE);
  }

  #shape({ edges = [], rest = REST.unnamed }: ObjectSpec): number {
    const labels = edges.flatMap((edge) => (typeof edge === 'string' ? [] : [this.#label(edge)]));
    return this.#idOf(this.#shapes, [rest, ...labels].join(','));
  }

  #label({ kind, name }: NamedEdge): number {
    return this.#idOf(this.#labels, `${kind}:${name}`);
  }

  #idOf(list: string[], entry: string): number {
    const found = list.indexOf(entry);
    return found >= 0 ? found : list.push(entry) - 1;
  }
}

function targetOf(edge: string | NamedEdge): string {
  return typeof edge === 'string' ? edge : edge.to;
}
