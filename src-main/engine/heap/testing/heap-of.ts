import { buildHeap } from '../build.ts';
import { DumpReader, type DumpSize } from '../dump-reader.ts';
import type { HeapGraph, HeapRoot } from '../graph.ts';
import { addressOf, dumpOf, modules, type HeapSpec, type ObjectSpec } from './dump-builder.ts';

/** A heap whose objects have names. */
export interface NamedHeap {
  readonly graph: HeapGraph;
  /** The node of an object. */
  node(id: string): number;
  /** The object at a node, a group by its kind ("root 34"), "-" beyond the last. */
  name(node: number): string;
  has(id: string): boolean;
  root(kind: number): HeapRoot;
}

/** The whole pipeline: dump, reader, passes. */
export function heapOf(spec: HeapSpec): NamedHeap {
  return named(readHeap(dumpOf(spec)), spec);
}

/** Turns the bytes of a dump into a heap, in pieces of the given length. */
export function readHeap(bytes: Uint8Array, piece = bytes.length, expected: DumpSize | null = null): HeapGraph {
  const reader = new DumpReader(undefined, expected);
  for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.slice(at, at + piece));
  return buildHeap(reader.finish());
}

/**
 * Edges only: `edgesOf({ root: 'a b', a: 'c', b: 'c' })` is two objects that `sys.modules` holds, both holding `c`. Every object is 64
 * bytes; objects that nothing names are unreachable.
 */
export function edgesOf(edges: Record<string, string>, more: Omit<HeapSpec, 'objects'> = {}): NamedHeap {
  const list = (text: string): string[] => text.split(' ').filter(Boolean);
  const ids = new Set(Object.entries(edges).flatMap(([from, to]) => [from, ...list(to)]));
  ids.delete('root');
  const objects: ObjectSpec[] = [...ids].map((id) => ({ id, edges: list(edges[id] ?? '') }));
  return heapOf({ objects, roots: [modules(...list(edges['root'] ?? ''))], ...more });
}

function named(graph: HeapGraph, spec: HeapSpec): NamedHeap {
  const nodes = new Map<number, number>();
  graph.address.forEach((address, node) => address === 0 || nodes.set(address, node));
  const ids = new Map(spec.objects.map(({ id }) => [nodes.get(addressOf(spec, id)), id]));
  return {
    graph,
    node: (id) => {
      const node = nodes.get(addressOf(spec, id));
      if (node === undefined) throw new Error(`no object ${id}`);
      return node;
    },
    has: (id) => nodes.has(addressOf(spec, id)),
    name: (node) => ids.get(node) ?? `root ${graph.roots.find((root) => root.node === node)?.kind ?? '-'}`,
    root: (kind) => {
      const found = graph.roots.find((root) => root.kind === kind);
      if (found === undefined) throw new Error(`no root of kind ${kind}`);
      return found;
    },
  };
}
