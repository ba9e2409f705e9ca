import type { Args, AtLeast, ObjectRows, RowRequest } from '../../../../src-preload/contract/index.ts';
import { FLAG } from '../../heap/graph.ts';
import { filtered, isFirstPage, sorted, sortedFirst, type ColumnReader } from '../../rows/arrange.ts';
import type { HeapView } from '../heap-view.ts';
import { hasBound } from '../lower-bounds.ts';
import { objectRow, previewOf } from '../node-rows.ts';
import { objectColumns } from '../object-columns.ts';
import { resolveSet } from '../object-sets.ts';
import type { Scope } from './scope.ts';

/** Nodes that match a filter, and their total size. */
interface Chosen {
  nodes: Uint32Array;
  shallow: number;
  /** Whether that is a lower bound. */
  atLeast: AtLeast;
}

export function objects(scope: Scope, args: Args<'heap.objects'>): ObjectRows {
  const { view, nodes, key } = resolveSet(scope, args, args.set);
  const columns = objectColumns(view);
  const chosen = view.memo.get(`filtered ${key} ${JSON.stringify(args.filter)}`, () => choose(scope, view, nodes, args, columns));
  const rows = pageNodes({ view, rows: chosen.nodes, key: `${key} ${JSON.stringify(args.filter)}`, request: args, columns });
  return {
    total: chosen.nodes.length,
    rows: Array.from(rows, (node) => objectRow(view, node)),
    sums: { shallow: chosen.shallow, atLeast: chosen.atLeast },
    texts: view.memo.get(`texts ${key}`, () => hasTexts(view, nodes)),
  };
}

/** Types are asked first: most have no object with a text. */
function hasTexts(view: HeapView, nodes: Uint32Array): boolean {
  const { previews, type, flags } = view.graph;
  const told = view.once('types with texts', () => {
    const found = new Uint8Array(view.graph.types.length);
    for (const node of previews.node) found[type[node]!] = 1;
    return found;
  });
  const mayHave = (node: number): boolean => told[type[node]!] === 1 || (flags[node]! & (FLAG.type | FLAG.synthetic)) !== 0;
  return nodes.some((node) => mayHave(node) && previewOf(view, node) !== '');
}

function choose({ control }: Scope, view: HeapView, nodes: Uint32Array, { filter }: RowRequest, columns: ColumnReader): Chosen {
  const passed = filtered(nodes, filter, columns, control);
  let shallow = 0;
  for (const node of passed) shallow += view.shallow(node);
  return { nodes: passed, shallow, atLeast: hasBound(view, passed) ? 'shallow' : 'none' };
}

/** One page of rows that were already filtered. `key` identifies the list: its order is cached for the next page. */
export function pageNodes(o: { view: HeapView; rows: Uint32Array; key: string; request: RowRequest; columns: ColumnReader }): Uint32Array {
  const { view, rows, request, columns } = o;
  const { sort, from, count } = request;
  if (sort === null) return rows.subarray(from, from + count);
  const name = `sorted ${o.key} ${sort.column} ${sort.descending}`;
  if (!view.memo.has(name) && isFirstPage(rows.length, request)) {
    const first = view.memo.get(`first ${name} ${from + count}`, () => sortedFirst(rows, sort, columns, from + count));
    view.later(name, () => view.memo.get(name, () => sorted(rows, sort, columns)));
    return first.subarray(from, from + count);
  }
  return view.memo.get(name, () => sorted(rows, sort, columns)).subarray(from, from + count);
}
