import type { Args, EdgeName, EdgeRow, Rows } from '../../../../src-preload/contract/index.ts';
import { filtered, sorted, type ColumnReader } from '../../rows/arrange.ts';
import { edgeName, placeOf, weakName, weakRange } from '../edge-names.ts';
import { sourceOf } from '../../heap/referrers.ts';
import type { HeapView } from '../heap-view.ts';
import { objectRow } from '../node-rows.ts';
import { objectColumns } from '../object-columns.ts';
import { known } from '../object-sets.ts';
import { ownerOf } from '../owners.ts';
import type { Scope } from './scope.ts';

type EdgesArgs = Args<'heap.edges'>;

/** References by number, from 0: the rows of the table. */
interface References {
  count: number;
  /** The node at the other end. */
  node(index: number): number;
  name(index: number): EdgeName;
}

export function edges(scope: Scope, args: EdgesArgs): Rows<EdgeRow> {
  const view = scope.view(args);
  const node = known(view, args.node);
  const list = args.direction === 'referents' ? referentsOf(view, node) : referrersOf(view, node);
  const rows = arranged(view, list, args, scope);
  const page =
    rows === null ? range(args.from, Math.min(list.count, args.from + args.count)) : rows.subarray(args.from, args.from + args.count);
  return { total: rows?.length ?? list.count, rows: Array.from(page, (index) => edgeRow(view, list, index, args.direction)) };
}

function edgeRow(view: HeapView, list: References, index: number, direction: EdgesArgs['direction']): EdgeRow {
  const object = objectRow(view, list.node(index));
  const name = list.name(index);
  const owner = direction === 'referrers' && name.kind === 'attribute' ? ownerOf(view, object.node) : null;
  return { index, name, object, owner, children: direction === 'referents' ? object.referents : object.referrers };
}

/** null: unsorted. */
function arranged(view: HeapView, list: References, { node, direction, filter, sort }: EdgesArgs, { control }: Scope): Uint32Array | null {
  if (filter === null && sort === null) return null;
  const columns = columnsOf(view, list);
  const of = `edges ${direction} ${node} ${JSON.stringify(filter)}`;
  const passed = view.memo.get(of, () => filtered(range(0, list.count), filter, columns, control));
  return sort === null ? passed : view.memo.get(`${of} ${JSON.stringify(sort)}`, () => sorted(passed, sort, columns));
}

function range(from: number, to: number): Uint32Array {
  return new Uint32Array(Math.max(0, to - from)).map((_, i) => from + i);
}

/** Strong edges in the order that the shape names, weak ones at their positions among them. */
function referentsOf(view: HeapView, node: number): References {
  const { graph } = view;
  const first = graph.edgeStart[node]!;
  const strong = graph.edgeStart[node + 1]! - first;
  const [from, to] = weakRange(graph, node);
  if (from === to) return { count: strong, node: (i) => graph.edgeTo[first + i]!, name: (i) => edgeName(graph, node, first + i) };
  const places: { weak: boolean; at: number }[] = [];
  for (let i = 0; i < strong; i++) places[placeOf(graph, node, i)] = { weak: false, at: first + i };
  for (let w = from; w < to; w++) places[graph.weak.place[w]!] = { weak: true, at: w };
  const list = places.filter((place) => place !== undefined);
  return {
    count: list.length,
    node: (i) => (list[i]!.weak ? graph.weak.to[list[i]!.at]! : graph.edgeTo[list[i]!.at]!),
    name: (i) => (list[i]!.weak ? weakName(graph, list[i]!.at) : edgeName(graph, node, list[i]!.at)),
  };
}

/** Strong references first, then weak ones. */
function referrersOf(view: HeapView, node: number): References {
  const { graph, referrers } = view;
  const first = referrers.start[node]!;
  const strong = referrers.start[node + 1]! - first;
  const weak = weakReferrers(view, node);
  const edge = (i: number): number => referrers.edge[first + i]!;
  return {
    count: strong + weak.length,
    node: (i) => (i < strong ? sourceOf(graph, edge(i)) : graph.weak.node[weak[i - strong]!]!),
    name: (i) => (i < strong ? edgeName(graph, sourceOf(graph, edge(i)), edge(i)) : weakName(graph, weak[i - strong]!)),
  };
}

function weakReferrers(view: HeapView, node: number): readonly number[] {
  const all = view.once('weakReferrers', () => {
    const found = new Map<number, number[]>();
    view.graph.weak.to.forEach((to, w) => found.get(to)?.push(w) ?? found.set(to, [w]));
    return found;
  });
  return all.get(node) ?? [];
}

/** The columns of the object at the other end, and the name. */
function columnsOf(view: HeapView, list: References): ColumnReader {
  const object = objectColumns(view, (row) => list.node(row));
  const name = (row: number): string => list.name(row).text;
  return {
    texts: ['name', ...object.texts],
    text: (column) => (column === 'name' ? name : object.text(column)),
    number: (column) => (column === 'index' ? (row) => row : object.number(column)),
    sortKey: (column, rows) => {
      if (column === 'index') return (row) => row;
      return column === 'name' ? rankOfTexts(rows, name) : object.sortKey(column, rows);
    },
  };
}

function rankOfTexts(rows: Uint32Array, text: (row: number) => string): (row: number) => number {
  const ranks = new Map([...new Set(Array.from(rows, text))].sort().map((name, i) => [name, i]));
  return (row) => ranks.get(text(row)) ?? 0;
}
