import type { Args, DominatorRow, EdgeName, IcicleCell, Rows } from '../../../../src-preload/contract/index.ts';
import { sharedU32 } from '../../heap/memory.ts';
import { filtered } from '../../rows/arrange.ts';
import { edgeName } from '../edge-names.ts';
import type { HeapView } from '../heap-view.ts';
import { kindOf, lastStep, objectRow, previewOf, typeOf } from '../node-rows.ts';
import { objectColumns } from '../object-columns.ts';
import { known } from '../object-sets.ts';
import { pageNodes } from './objects.ts';
import type { Scope } from './scope.ts';

/** The nodes that a node dominates directly; by retained bytes, largest first, by default. */
export function dominated(scope: Scope, args: Args<'heap.dominated'>): Rows<DominatorRow> {
  const view = scope.view(args);
  const node = known(view, args.node);
  const columns = objectColumns(view);
  const key = `dominated ${node} ${JSON.stringify(args.filter)}`;
  const rows = view.memo.get(key, () => filtered(childrenOf(view, node), args.filter, columns, scope.control));
  const request = { ...args, sort: args.sort ?? { column: 'retained', descending: true } };
  const page = pageNodes({ view, rows, key, request, columns });
  const names = namesOf(view, node, page);
  return { total: rows.length, rows: Array.from(page, (child) => dominatorRow(view, child, names.get(child) ?? null)) };
}

/** Preorder: the next child begins where the subtree of the previous one ends. */
function childrenOf(view: HeapView, node: number): Uint32Array {
  const { subtree } = view.graph;
  const end = node + subtree[node]!;
  let count = 0;
  for (let child = node + 1; child < end; child += subtree[child]!) count++;
  const children = sharedU32(count);
  for (let child = node + 1, i = 0; child < end; child += subtree[child]!) children[i++] = child;
  return children;
}

function dominatorRow(view: HeapView, node: number, name: EdgeName | null): DominatorRow {
  return { ...objectRow(view, node), name, children: view.childCounts[node]!, retainedCount: view.graph.subtree[node]! };
}

/** How the dominator refers to each, by its first direct reference. */
function namesOf(view: HeapView, node: number, children: Uint32Array): Map<number, EdgeName> {
  const { graph } = view;
  const wanted = new Set(children);
  const names = new Map<number, EdgeName>();
  for (let e = graph.edgeStart[node]!; e < graph.edgeStart[node + 1]! && wanted.size > 0; e++) {
    const to = graph.edgeTo[e]!;
    if (wanted.delete(to)) names.set(to, edgeName(graph, node, e));
  }
  return names;
}

/** More rectangles than can be seen. */
const MOST_CELLS = 20_000;

/** Breadth first, so that the limit cuts the deepest ones. A node's children are placed side by side from its left edge, largest first. */
export function icicle(scope: Scope, args: Args<'heap.icicle'>): IcicleCell[] {
  const view = scope.view(args);
  const top = known(view, args.node);
  const cells = [cell(view, top, 0, 0)];
  const smallest = Math.max(1, args.smallest);
  for (let i = 0; i < cells.length && cells.length < MOST_CELLS; i++) {
    const { node, depth, offset } = cells[i]!;
    if (depth >= args.depth) continue;
    let at = offset;
    const wide = childrenOf(view, node).filter((child) => view.retained(child) >= smallest);
    for (const child of wide.sort((a, b) => view.retained(b) - view.retained(a))) {
      cells.push(cell(view, child, depth + 1, at));
      at += view.retained(child);
    }
  }
  return cells.slice(0, MOST_CELLS);
}

function cell(view: HeapView, node: number, depth: number, offset: number): IcicleCell {
  const type = typeOf(view, node);
  const preview = previewOf(view, node);
  const label = view.isSynthetic(node)
    ? preview || kindOf(view, node)
    : [type.name, preview || lastStep(view, node)].filter((part) => part !== '').join(' ');
  return { node, depth, offset, retained: view.retained(node), label, type };
}
