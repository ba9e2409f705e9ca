import type { Args, Rows, WasteRow } from '../../../../src-preload/contract/index.ts';
import { FLAG, REST, type HeapGraph } from '../../heap/graph.ts';
import { pageOf, type RowColumns } from '../../rows/arrange.ts';
import { lengthOf } from '../edge-names.ts';
import { select, type HeapView } from '../heap-view.ts';
import { typeOf } from '../node-rows.ts';
import type { Scope } from './scope.ts';

/** Containers that can be empty or have spare capacity; immutable ones have neither. */
const CONTAINERS: Record<string, readonly string[]> = {
  '': ['dict', 'list', 'set'],
  builtins: ['dict', 'list', 'set'],
  collections: ['OrderedDict', 'defaultdict', 'deque', 'Counter'],
};
/** A pointer: the size of one item of a list. */
const ITEM = 8;

export function waste(scope: Scope, args: Args<'heap.waste'>): Rows<WasteRow> {
  const view = scope.view(args);
  const all = view.once('wasteRows', () => {
    scope.control.progress({ step: 'waste', done: null });
    return containerTypes(view).flatMap((type) => rowsOf(view, type));
  });
  const { total, rows } = pageOf(all, args, COLUMNS);
  return { total, rows };
}

function containerTypes({ graph }: HeapView): number[] {
  return graph.types.flatMap(({ module, name }, type) => (CONTAINERS[module]?.includes(name) ? [type] : []));
}

/** An instance's `__dict__` is left out: its size is not the programmer's choice. */
function rowsOf(view: HeapView, type: number): WasteRow[] {
  const { graph } = view;
  const { start, nodes: all } = view.byType;
  const nodes = select(all.subarray(start[type], start[type + 1]), (node) => (graph.flags[node]! & FLAG.instanceDict) === 0);
  const lengths = Float64Array.from(nodes, (node) => lengthOf(graph, node) ?? NaN);
  const layouts = Uint8Array.from(nodes, (node) => layoutOf(graph, node));
  const enough = neededSizes({ view, nodes, lengths, layouts, list: graph.types[type]!.name === 'list' });
  const empty = { count: 0, shallow: 0, wasted: 0 };
  const slack = { count: 0, shallow: 0, wasted: 0 };
  for (let i = 0; i < nodes.length; i++) {
    const size = view.shallow(nodes[i]!);
    if (Number.isNaN(lengths[i]!)) continue;
    const wasted = lengths[i] === 0 ? size : size - enough(lengths[i]!, layouts[i]!);
    if (wasted <= 0) continue;
    const sum = lengths[i] === 0 ? empty : slack;
    sum.count++;
    sum.shallow += size;
    sum.wasted += wasted;
  }
  const first = nodes[0];
  if (first === undefined) return [];
  const row = (kind: WasteRow['kind'], key: number, sum: typeof empty): WasteRow[] =>
    sum.count === 0 ? [] : [{ key, kind, type: typeOf(view, first), ...sum }];
  return [...row('empty', type * 2, empty), ...row('slack', type * 2 + 1, slack)];
}

/** Dictionaries whose keys are all strings, and those with shared keys, need less for the same number of items. */
const LAYOUT = { plain: 0, mixedKeys: 1, sharedKeys: 2 } as const;

function layoutOf({ flags, shape, shapes, edgeStart, edgeTo, type, types }: HeapGraph, node: number): number {
  if (shapes.rest[shape[node]!] !== REST.pairs) return LAYOUT.plain;
  if ((flags[node]! & FLAG.sharedKeys) !== 0) return LAYOUT.sharedKeys;
  const first = edgeStart[node]! + shapes.start[shape[node]! + 1]! - shapes.start[shape[node]!]!;
  for (let e = first; e < edgeStart[node + 1]!; e += 2) if (types[type[edgeTo[e]!]!]!.name !== 'str') return LAYOUT.mixedKeys;
  return LAYOUT.plain;
}

interface Containers {
  view: HeapView;
  nodes: Uint32Array;
  lengths: Float64Array;
  layouts: Uint8Array;
  list: boolean;
}

/**
 * How many bytes are enough for this many items. For a list: the size of the smallest one without its items, and 8 per item. For others:
 * the smallest size that any container of the type and layout with at least as many items has in this heap, so that no table of CPython's
 * growth is needed; the result can only be too small.
 */
function neededSizes({ view, nodes, lengths, layouts, list }: Containers): (length: number, layout: number) => number {
  if (list) {
    let base = Infinity;
    for (let i = 0; i < nodes.length; i++) base = Math.min(base, view.shallow(nodes[i]!) - ITEM * lengths[i]!);
    return (length) => base + ITEM * length;
  }
  const least = Object.values(LAYOUT).map(() => new Map<number, number>());
  for (let i = 0; i < nodes.length; i++) {
    const of = least[layouts[i]!]!;
    of.set(lengths[i]!, Math.min(of.get(lengths[i]!) ?? Infinity, view.shallow(nodes[i]!)));
  }
  for (const of of least) {
    let smallest = Infinity;
    for (const length of [...of.keys()].sort((a, b) => b - a)) {
      smallest = Math.min(smallest, of.get(length)!);
      of.set(length, smallest);
    }
  }
  return (length, layout) => least[layout]?.get(length) ?? 0;
}

const COLUMNS: RowColumns<WasteRow> = {
  texts: { type: ({ type }) => [type.module, type.name].filter((part) => part !== '').join('.'), kind: ({ kind }) => kind },
  numbers: {
    count: (row) => row.count,
    shallow: (row) => row.shallow,
    wasted: (row) => row.wasted,
    key: (row) => row.key,
  },
};
