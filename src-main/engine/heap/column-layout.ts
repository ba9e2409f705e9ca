/**
 * A heap as named columns of numbers, and back. Tables of objects become columns too: two types with a module of "m" each
 *
 *     types.base    NONE 0        types.module.start  0 1 2      types.module.bytes  "mm"
 *
 * so that only numbers and one small head of an untrusted file are parsed.
 */
import { checkStarts, type Refuse } from './check-tables.ts';
import type { Coding } from './codings.ts';
import type { HeapFacts, HeapGraph, HeapRoot, HeapType, Label, SparseStrings, Strings } from './graph.ts';
import { sharedF64, sharedU16, sharedU32, sharedU8 } from './memory.ts';
import { StringSink, stringAt } from './strings.ts';

export type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;
export type NumberKind = 'u8' | 'u16' | 'u32' | 'f64';

export interface ColumnKind {
  readonly kind: NumberKind;
  readonly coding: Coding;
}

const plain = { kind: 'u32', coding: 'plain' } as const;
const rising = { kind: 'u32', coding: 'delta' } as const;
const bytes = { kind: 'u8', coding: 'plain' } as const;
const doubles = { kind: 'f64', coding: 'plain' } as const;
const strings = <N extends string>(name: N): Record<`${N}.start` | `${N}.bytes`, ColumnKind> =>
  ({ [`${name}.start`]: rising, [`${name}.bytes`]: bytes }) as Record<`${N}.start` | `${N}.bytes`, ColumnKind>;

/** Every column, in the order in which they are stored. `address` is coded as pairs of halves. */
export const COLUMNS = {
  edgeStart: rising,
  edgeTo: { kind: 'u32', coding: 'edges' },
  type: plain,
  size: plain,
  address: { kind: 'u32', coding: 'address' },
  subtree: plain,
  shape: plain,
  flags: { kind: 'u16', coding: 'plain' },
  site: plain,
  content: plain,
  check: { kind: 'u16', coding: 'plain' },
  'big.node': rising,
  'big.value': doubles,
  'external.node': rising,
  'external.value': doubles,
  'weak.node': rising,
  'weak.place': plain,
  'weak.to': plain,
  'texts.node': rising,
  ...strings('texts'),
  'previews.node': rising,
  ...strings('previews'),
  'arrays.node': rising,
  'arrays.bytes': doubles,
  'arrays.owns': bytes,
  ...strings('arrays.dtype'),
  ...strings('arrays.shape'),
  'types.base': plain,
  'types.flags': plain,
  'types.node': plain,
  ...strings('types.module'),
  ...strings('types.name'),
  'labels.kind': bytes,
  ...strings('labels.name'),
  'shapes.start': rising,
  'shapes.label': plain,
  'shapes.rest': bytes,
  'sites.start': rising,
  'sites.file': plain,
  'sites.line': plain,
  ...strings('sites.files'),
  'roots.kind': bytes,
  'roots.node': rising,
  'roots.parent': plain,
  'roots.ident': doubles,
  'roots.depth': plain,
  'roots.line': plain,
  ...strings('roots.name'),
  ...strings('roots.file'),
} as const satisfies Record<string, ColumnKind>;

export type ColumnName = keyof typeof COLUMNS;
export type HeapColumns = Partial<Record<ColumnName, Numbers>>;

export function isColumn(name: string): name is ColumnName {
  return Object.hasOwn(COLUMNS, name);
}

export function makeNumbers(kind: NumberKind, length: number): Numbers {
  if (kind === 'u8') return sharedU8(length);
  if (kind === 'u16') return sharedU16(length);
  return kind === 'u32' ? sharedU32(length) : sharedF64(length);
}

/** `address` is left to the coder, since it is not a plain column. */
export function flatten(graph: HeapGraph): HeapColumns {
  const { types, labels, shapes, sites, roots, arrays } = graph;
  return {
    edgeStart: graph.edgeStart,
    edgeTo: graph.edgeTo,
    type: graph.type,
    size: graph.size,
    subtree: graph.subtree,
    shape: graph.shape,
    flags: graph.flags,
    ...(graph.site && { site: graph.site }),
    ...(graph.content && { content: graph.content }),
    ...(graph.check && { check: graph.check }),
    'big.node': graph.big.node,
    'big.value': graph.big.value,
    'external.node': graph.external.node,
    'external.value': graph.external.value,
    'weak.node': graph.weak.node,
    'weak.place': graph.weak.place,
    'weak.to': graph.weak.to,
    ...flatStrings('texts', graph.texts.strings, graph.texts.node),
    ...flatStrings('previews', graph.previews.strings, graph.previews.node),
    'arrays.node': arrays.node,
    'arrays.bytes': arrays.bytes,
    'arrays.owns': arrays.owns,
    ...flatStrings('arrays.dtype', arrays.dtype),
    ...flatStrings('arrays.shape', arrays.shape),
    'types.base': Uint32Array.from(types, ({ base }) => base),
    'types.flags': Uint32Array.from(types, ({ flags }) => flags),
    'types.node': Uint32Array.from(types, ({ node }) => node),
    ...flatStrings('types.module', sunk(types.map(({ module }) => module))),
    ...flatStrings('types.name', sunk(types.map(({ name }) => name))),
    'labels.kind': Uint8Array.from(labels, ({ kind }) => kind),
    ...flatStrings('labels.name', sunk(labels.map(({ name }) => name))),
    'shapes.start': shapes.start,
    'shapes.label': shapes.label,
    'shapes.rest': shapes.rest,
    'sites.start': sites.start,
    'sites.file': sites.file,
    'sites.line': sites.line,
    ...flatStrings('sites.files', sunk(sites.files)),
    ...flatRoots(roots),
  };
}

function flatRoots(roots: readonly HeapRoot[]): HeapColumns {
  return {
    'roots.kind': Uint8Array.from(roots, ({ kind }) => kind),
    'roots.node': Uint32Array.from(roots, ({ node }) => node),
    'roots.parent': Uint32Array.from(roots, ({ parent }) => parent),
    'roots.ident': Float64Array.from(roots, ({ ident }) => ident),
    'roots.depth': Uint32Array.from(roots, ({ depth }) => depth),
    'roots.line': Uint32Array.from(roots, ({ line }) => line),
    ...flatStrings('roots.name', sunk(roots.map(({ name }) => name))),
    ...flatStrings('roots.file', sunk(roots.map(({ file }) => file))),
  };
}

function flatStrings(name: string, { start, bytes: all }: Strings, node?: Uint32Array): HeapColumns {
  return { [`${name}.start`]: start, [`${name}.bytes`]: all, ...(node && { [`${name}.node`]: node }) };
}

function sunk(texts: readonly string[]): Strings {
  const sink = new StringSink();
  for (const text of texts) sink.pushText(text);
  return sink.finish();
}

/** The columns of a decoded heap, each present and of its type; `checkGraph` checks their lengths against each other. */
export class ColumnReader {
  readonly #columns: HeapColumns;
  readonly #refuse: Refuse;

  constructor(columns: HeapColumns, refuse: Refuse) {
    this.#columns = columns;
    this.#refuse = refuse;
  }

  has(name: ColumnName): boolean {
    return this.#columns[name] !== undefined;
  }

  u32(name: ColumnName): Uint32Array {
    const column = this.#columns[name];
    return column instanceof Uint32Array ? column : this.#refuse(`no column ${name}`);
  }

  u16(name: ColumnName): Uint16Array {
    const column = this.#columns[name];
    return column instanceof Uint16Array ? column : this.#refuse(`no column ${name}`);
  }

  u8(name: ColumnName): Uint8Array {
    const column = this.#columns[name];
    return column instanceof Uint8Array ? column : this.#refuse(`no column ${name}`);
  }

  f64(name: ColumnName): Float64Array {
    const column = this.#columns[name];
    return column instanceof Float64Array ? column : this.#refuse(`no column ${name}`);
  }

  strings(name: 'texts' | 'previews' | 'arrays.dtype' | 'arrays.shape'): Strings {
    return { start: this.u32(`${name}.start`), bytes: this.u8(`${name}.bytes`) };
  }

  sparse(name: 'texts' | 'previews'): SparseStrings {
    return { node: this.u32(`${name}.node`), strings: this.strings(name) };
  }

  /** Strings of a small table, decoded at once. */
  list(name: 'types.module' | 'types.name' | 'labels.name' | 'sites.files' | 'roots.name' | 'roots.file'): string[] {
    const all = { start: this.u32(`${name}.start`), bytes: this.u8(`${name}.bytes`) };
    checkStarts(all.start, all.bytes.length, name, this.#refuse);
    return Array.from({ length: all.start.length - 1 }, (_, i) => stringAt(all, i));
  }

  types(): HeapType[] {
    const [base, flags, node, name] = [this.u32('types.base'), this.u32('types.flags'), this.u32('types.node'), this.list('types.name')];
    const module = this.list('types.module');
    this.#same('types', [base, flags, node, name, module]);
    return name.map((text, i) => ({ module: module[i]!, name: text, base: base[i]!, flags: flags[i]!, node: node[i]! }));
  }

  labels(): Label[] {
    const [kind, name] = [this.u8('labels.kind'), this.list('labels.name')];
    this.#same('labels', [kind, name]);
    return name.map((text, i) => ({ kind: kind[i]!, name: text }));
  }

  roots(): HeapRoot[] {
    const [kind, node, parent, ident] = [this.u8('roots.kind'), this.u32('roots.node'), this.u32('roots.parent'), this.f64('roots.ident')];
    const [depth, line, name, file] = [this.u32('roots.depth'), this.u32('roots.line'), this.list('roots.name'), this.list('roots.file')];
    this.#same('roots', [kind, node, parent, ident, depth, line, name, file]);
    return name.map((text, i) => ({
      kind: kind[i]!,
      node: node[i]!,
      name: text,
      parent: parent[i]!,
      ident: ident[i]!,
      depth: depth[i]!,
      file: file[i]!,
      line: line[i]!,
    }));
  }

  #same(what: string, lists: readonly { length: number }[]): void {
    if (lists.some(({ length }) => length !== lists[0]!.length)) this.#refuse(`lengths of ${what}`);
  }
}

/** The graph of decoded columns; their lengths are not compared here. */
export function assemble(columns: ColumnReader, address: Float64Array, facts: HeapFacts): HeapGraph {
  const edgeStart = columns.u32('edgeStart');
  const edgeTo = columns.u32('edgeTo');
  return {
    nodes: edgeStart.length - 1,
    edges: edgeTo.length,
    edgeStart,
    edgeTo,
    type: columns.u32('type'),
    size: columns.u32('size'),
    big: { node: columns.u32('big.node'), value: columns.f64('big.value') },
    address,
    subtree: columns.u32('subtree'),
    shape: columns.u32('shape'),
    flags: columns.u16('flags'),
    site: columns.has('site') ? columns.u32('site') : null,
    content: columns.has('content') ? columns.u32('content') : null,
    check: columns.has('check') ? columns.u16('check') : null,
    external: { node: columns.u32('external.node'), value: columns.f64('external.value') },
    weak: { node: columns.u32('weak.node'), place: columns.u32('weak.place'), to: columns.u32('weak.to') },
    texts: columns.sparse('texts'),
    previews: columns.sparse('previews'),
    arrays: {
      node: columns.u32('arrays.node'),
      bytes: columns.f64('arrays.bytes'),
      owns: columns.u8('arrays.owns'),
      dtype: columns.strings('arrays.dtype'),
      shape: columns.strings('arrays.shape'),
    },
    types: columns.types(),
    labels: columns.labels(),
    shapes: { start: columns.u32('shapes.start'), label: columns.u32('shapes.label'), rest: columns.u8('shapes.rest') },
    sites: {
      start: columns.u32('sites.start'),
      file: columns.u32('sites.file'),
      line: columns.u32('sites.line'),
      files: columns.list('sites.files'),
    },
    roots: columns.roots(),
    facts,
  };
}
