import type { Args, GroupRow, GroupRows, RowRequest } from '../../../../src-preload/contract/index.ts';
import { FLAG } from '../../heap/graph.ts';
import { pageOf, type RowColumns } from '../../rows/arrange.ts';
import { groupFigures, groupRows, groupsOf } from '../groupings.ts';
import { select, type HeapView } from '../heap-view.ts';
import { waitingNodes } from '../node-rows.ts';
import { resolveSet } from '../object-sets.ts';
import type { StoredTables } from '../stored-tables.ts';
import type { Scope } from './scope.ts';

export type GroupsArgs = Args<'heap.groups'>;

/** Answers from the small stored table, before the heap is loaded; null: the heap is needed. */
export function groupsFromTables(tables: StoredTables, args: GroupsArgs): GroupRows | null {
  const rows = args.within.of === 'all' ? tables.groups[args.by] : undefined;
  if (!rows) return null;
  return page(belowParent(rows, args, tables.parents), tables.summary.shallow, args);
}

export function groups(scope: Scope, args: GroupsArgs): GroupRows {
  const { view, nodes, key } = resolveSet(scope, args, args.within);
  const rows = view.memo.get(`rows ${args.by} ${key}`, () => allRows(view, args, nodes));
  const { parent } = groupsOf(view, args.by);
  return page(belowParent(rows, args, parent), view.graph.facts.bytes, args);
}

/** Of the whole heap, computed once. */
export function groupsOfAll(view: HeapView, by: GroupsArgs['by']): GroupRow[] {
  return view.once(`all ${by}`, () => allRows(view, { by }, view.objects));
}

/** The part of them that waits for a collection. */
export function waitingGroups(view: HeapView, by: GroupsArgs['by']): GroupRow[] {
  return view.once(`waiting ${by}`, () => allRows(view, { by }, waitingNodes(view)));
}

/** As a census counts them: only objects that the collector tracks, without what they hold. */
export function trackedGroups(view: HeapView, by: GroupsArgs['by']): GroupRow[] {
  return view.memo.get(`tracked ${by}`, () => {
    const tracked = select(view.objects, (node) => (view.graph.flags[node]! & FLAG.tracked) !== 0);
    return allRows(view, { by }, tracked).map((row) => ({ ...row, retained: 0 }));
  });
}

export function allRows(view: HeapView, { by }: Pick<GroupsArgs, 'by'>, nodes: Uint32Array): GroupRow[] {
  const groups = groupsOf(view, by);
  const among = nodes === view.objects ? (groups.members ?? nodes) : nodes;
  return groupRows(groups, groupFigures(view, groups, among)).sort((a, b) => b.retained - a.retained || b.shallow - a.shallow);
}

/** In a hierarchy: the subclasses of one class, or by default the classes without a base; a filter searches all. */
function belowParent(
  rows: readonly GroupRow[],
  { by, parent, filter }: GroupsArgs,
  parents: Uint32Array | readonly number[] | null,
): readonly GroupRow[] {
  if (by !== 'hierarchy' || parents === null || (parent === null && filter !== null)) return rows;
  const keys = new Set(rows.map(({ key }) => key));
  const isTop = ({ key }: GroupRow): boolean => !keys.has(parents[key] ?? -1);
  return parent === null ? rows.filter(isTop) : rows.filter(({ key }) => parents[key] === parent);
}

function page(rows: readonly GroupRow[], total: number, request: RowRequest): GroupRows {
  const { passed, ...found } = pageOf(rows, request, columnsOf(total));
  const sums: GroupRows['sums'] = { count: 0, shallow: 0, atLeast: 'none' };
  for (const row of passed) {
    sums.count += row.count;
    sums.shallow += row.shallow;
    if (row.atLeast === 'shallow') sums.atLeast = 'shallow';
  }
  return { ...found, sums };
}

/** `share` is relative to the bytes of the whole heap. */
function columnsOf(total: number): RowColumns<GroupRow> {
  return {
    texts: {
      label: ({ label }) => [label.module, label.name].filter((part) => part !== '').join('.'),
      name: ({ label }) => label.name,
      module: ({ label }) => label.module,
    },
    numbers: {
      count: (row) => row.count,
      shallow: (row) => row.shallow,
      retained: (row) => row.retained,
      share: (row) => (total === 0 ? 0 : row.retained / total),
      average: (row) => (row.count === 0 ? 0 : row.shallow / row.count),
      children: (row) => row.children,
    },
  };
}
