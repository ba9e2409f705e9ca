import type { Args, DuplicateRow, Rows } from '../../../../src-preload/contract/index.ts';
import { filtered, own, unknownColumn, type ColumnReader } from '../../rows/arrange.ts';
import { duplicatesOf, type Duplicates } from '../duplicates.ts';
import type { HeapView } from '../heap-view.ts';
import { typeOf } from '../node-rows.ts';
import { keyText } from '../key-text.ts';
import { stringOf } from '../../heap/strings.ts';
import { objectColumns } from '../object-columns.ts';
import { pageNodes } from './objects.ts';
import type { Scope } from './scope.ts';

export function duplicates(scope: Scope, args: Args<'heap.duplicates'>): Rows<DuplicateRow> {
  const view = scope.view(args);
  const found = duplicatesOf(view);
  const columns = columnsOf(view, found);
  const key = `duplicates ${JSON.stringify(args.filter)}`;
  const rows = view.memo.get(key, () => filtered(found.groups, args.filter, columns, scope.control));
  const request = { ...args, sort: args.sort ?? { column: 'wasted', descending: true } };
  const page = pageNodes({ view, rows, key, request, columns });
  return { total: rows.length, rows: Array.from(page, (group) => rowOf(view, found, group)) };
}

/** Copies of a string may differ in size (a cached UTF-8 form): the size of the first one is used for all. */
function wastedBy(view: HeapView, { bytes, sample }: Duplicates, group: number): number {
  return bytes[group]! - view.shallow(sample[group]!);
}

function rowOf(view: HeapView, found: Duplicates, group: number): DuplicateRow {
  const sample = found.sample[group]!;
  return {
    group,
    type: typeOf(view, sample),
    count: found.count[group]!,
    shallow: view.shallow(sample),
    wasted: wastedBy(view, found, group),
    preview: previewOf(view, sample),
    sample,
  };
}

/** If values were not recorded, keys of dictionaries are still known. */
function previewOf(view: HeapView, node: number): string {
  const preview = stringOf(view.graph.previews, node);
  if (preview !== null) return preview;
  return stringOf(view.graph.texts, node) === null ? '' : keyText(view.graph, node);
}

function columnsOf(view: HeapView, found: Duplicates): ColumnReader {
  const object = objectColumns(view, (group) => found.sample[group]!);
  const numbers: Record<string, (group: number) => number> = {
    count: (group) => found.count[group]!,
    wasted: (group) => wastedBy(view, found, group),
    shallow: (group) => view.shallow(found.sample[group]!),
    group: (group) => group,
  };
  const texts = new Set(['type', 'preview']);
  const known = (column: string): string => (texts.has(column) ? column : refuse(column));
  const preview = (group: number): string => previewOf(view, found.sample[group]!);
  return {
    texts: [...texts],
    text: (column) => (column === 'preview' ? preview : object.text(known(column))),
    number: (column) => own(numbers, column) ?? refuse(column),
    sortKey: (column, rows) => own(numbers, column) ?? object.sortKey(known(column), rows),
  };
}

function refuse(column: string): never {
  throw unknownColumn(column);
}
