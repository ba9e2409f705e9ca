import { posix, win32 } from 'node:path';
import type { AtLeast, GroupRow, Grouping, TypeName } from '../../../src-preload/contract/index.ts';
import { NONE, TYPE_FLAG, type HeapGraph, type HeapType } from '../heap/graph.ts';
import { sharedU32 } from '../heap/memory.ts';
import { classGroups } from './classes.ts';
import { codeGroups } from './code-groups.ts';
import type { Groups } from './groups.ts';
import { holderGroups } from './holder-groups.ts';
import type { HeapView } from './heap-view.ts';
import { boundNodes } from './lower-bounds.ts';
import { typeName } from './type-names.ts';

export function groupsOf(view: HeapView, by: Grouping): Groups {
  return view.once(`groups ${by}`, () => make(view, by));
}

function make(view: HeapView, by: Grouping): Groups {
  switch (by) {
    case 'type':
      return typeGroups(view.graph);
    case 'module':
      return moduleGroups(view.graph);
    case 'hierarchy':
      return { ...typeGroups(view.graph), by, parent: basesOf(view.graph.types) };
    case 'site':
      return siteGroups(view.graph);
    case 'holder':
      return holderGroups(view);
    case 'code':
      return codeGroups(view);
    case 'class':
      return classGroups(view);
  }
}

/** For each index the lowest one with the same text. */
function representatives(texts: readonly string[]): Uint32Array {
  const first = new Map<string, number>();
  const found = sharedU32(texts.length);
  for (const [i, text] of texts.entries()) {
    if (!first.has(text)) first.set(text, i);
    found[i] = first.get(text)!;
  }
  return found;
}

/** For each type the key of its name, or of its module. */
export function typeKeys(types: readonly Pick<HeapType, 'module' | 'name'>[], by: 'type' | 'module'): Uint32Array {
  return representatives(types.map((type) => (by === 'type' ? `${type.module}\0${type.name}` : typeName(type).module)));
}

function typeGroups(graph: HeapGraph): Groups {
  const { type, types } = graph;
  const key = typeKeys(types, 'type');
  const classes = new Uint32Array(key.length);
  for (const [i, { flags }] of types.entries()) if ((flags & TYPE_FLAG.synthetic) === 0) classes[key[i]!]!++;
  return { by: 'type', keys: key.length, keyOf: (node) => key[type[node]!]!, label: (i) => typeName(types[i]!), parent: null, classes };
}

function moduleGroups(graph: HeapGraph): Groups {
  const { type, types } = graph;
  const key = typeKeys(types, 'module');
  return {
    by: 'module',
    keys: key.length,
    keyOf: (node) => key[type[node]!]!,
    label: (i) => ({ module: '', name: typeName(types[i]!).module }),
    parent: null,
  };
}

/** A class with the same name as its base is listed beside it; a ring of bases, possible only in damaged data, is cut. */
export function basesOf(types: readonly Pick<HeapType, 'module' | 'name' | 'base'>[]): Uint32Array {
  const key = typeKeys(types, 'type');
  const parent = sharedU32(types.length).fill(NONE);
  for (const [i, { base }] of types.entries()) {
    if (key[i] !== i) continue;
    let at = base;
    for (let steps = 0; at !== NONE && key[at] === i && steps < types.length; steps++) at = types[at]!.base;
    const above = at === NONE ? NONE : key[at]!;
    if (above !== i && !leadsTo(parent, above, i)) parent[i] = above;
  }
  return parent;
}

function leadsTo(parent: Uint32Array, from: number, to: number): boolean {
  for (let at = from; at !== NONE; at = parent[at]!) if (at === to) return true;
  return false;
}

/** By the most recent line; the last key is for untraced objects. */
function siteGroups(graph: HeapGraph): Groups {
  const { sites, site } = graph;
  const count = sites.start.length - 1;
  const top = (i: number): { file: number; line: number } | null => {
    const at = sites.start[i]!;
    return at < sites.start[i + 1]! ? { file: sites.file[at]!, line: sites.line[at]! } : null;
  };
  const lines = Array.from({ length: Math.max(0, count) }, (_, i) => top(i));
  const key = representatives(lines.map((line) => (line === null ? '' : `${line.file}:${line.line}`)));
  return {
    by: 'site',
    keys: key.length + 1,
    keyOf: (node) => (site === null || site[node] === NONE ? key.length : key[site[node]!]!),
    label: (i) => siteLabel(lines[i] ?? null, sites.files),
    parent: null,
  };
}

/** `app.py:12`, in the folder and file of `module`; both empty if nothing was traced. */
function siteLabel(line: { file: number; line: number } | null, files: readonly string[]): TypeName {
  if (line === null) return { module: '', name: '' };
  const file = files[line.file] ?? '';
  const base = file.includes('\\') ? win32.basename(file) : posix.basename(file);
  return { module: file, name: `${base}:${line.line}` };
}

/** Figures of every key that has objects, in no particular order. */
export interface GroupFigures {
  keys: Uint32Array;
  count: Float64Array;
  shallow: Float64Array;
  retained: Float64Array;
  /** 0: exact; 1: what they retain is a lower bound; 2: their own size is, too. */
  bound: Uint8Array;
  /** Items of the containers. */
  length: Float64Array;
  containers: Uint32Array;
}

/**
 * Counts objects, ascending. Retained, each byte once: an object inside the subtree of one that was counted for the same group is left out.
 * In a hierarchy an object counts for its class and all its bases.
 */
export function groupFigures(view: HeapView, groups: Groups, nodes: Uint32Array): GroupFigures {
  const { keys, keyOf, parent } = groups;
  const { subtree } = view.graph;
  const before = view.sizesBefore;
  const lengths = view.lengths;
  const count = new Float64Array(keys);
  const shallow = new Float64Array(keys);
  const retained = new Float64Array(keys);
  const until = new Uint32Array(keys);
  const bound = new Uint8Array(keys);
  const length = new Float64Array(keys);
  const containers = new Uint32Array(keys);
  const boundOf = boundsOf(view);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    const end = node + subtree[node]!;
    const size = before[node + 1]! - before[node]!;
    const own = boundOf(node, end);
    let key = keyOf(node);
    for (;;) {
      count[key]!++;
      shallow[key]! += size;
      if (lengths[node] !== NONE) {
        length[key]! += lengths[node]!;
        containers[key]!++;
      }
      if (own > bound[key]!) bound[key] = own;
      if (node >= until[key]!) {
        until[key] = end;
        retained[key]! += before[end]! - before[node]!;
      }
      // `NONE` must not become the key: V8 would keep that as a floating point number.
      if (parent === null || parent[key] === NONE) break;
      key = parent[key]!;
    }
  }
  const used = new Uint32Array(keys).map((_, key) => key).filter((key) => count[key]! > 0);
  const found = { count: pick(count, used), shallow: pick(shallow, used), retained: pick(retained, used) };
  const held = { length: pick(length, used), containers: Uint32Array.from(used, (key) => containers[key]!) };
  return { keys: used, ...found, ...held, bound: Uint8Array.from(used, (key) => bound[key]!) };
}

/** For nodes that are asked for ascending: whether sizes of the subtree that ends at `end`, or of the node itself, are lower bounds. */
function boundsOf(view: HeapView): (node: number, end: number) => number {
  const nodes = boundNodes(view);
  let next = 0;
  return (node, end) => {
    while (next < nodes.length && nodes[next]! < node) next++;
    if (next === nodes.length || nodes[next]! >= end) return 0;
    return nodes[next] === node ? 2 : 1;
  };
}

const AT_LEAST: readonly AtLeast[] = ['none', 'retained', 'shallow'];

function pick(values: Float64Array, keys: Uint32Array): Float64Array {
  return Float64Array.from(keys, (key) => values[key]!);
}

/** Figures as rows, in a hierarchy with the rows below each. */
export function groupRows(groups: Groups, figures: GroupFigures): GroupRow[] {
  const children = new Map<number, number>();
  if (groups.parent !== null)
    for (const key of figures.keys) children.set(groups.parent[key]!, (children.get(groups.parent[key]!) ?? 0) + 1);
  return Array.from(figures.keys, (key, i) => ({
    key,
    label: groups.label(key),
    kind: groups.by,
    children: children.get(key) ?? 0,
    classes: groups.classes?.[key] ?? 1,
    count: figures.count[i]!,
    shallow: figures.shallow[i]!,
    retained: figures.retained[i]!,
    atLeast: AT_LEAST[figures.bound[i]!]!,
    length: figures.containers[i] === 0 ? null : figures.length[i]!,
  }));
}
