import { computed, ref } from 'vue';
import type { ComputedRef, MaybeRefOrGetter, Ref } from 'vue';
import type { Args, Result, RowRequest, SnapshotRef } from '../../../src-preload/contract/index.ts';
import type { Column, RowKey, Sort } from '../../components/table/columns.ts';
import type { RowSource } from '../../components/table/source.ts';
import type { ColumnLayout } from '../../components/table/use-columns.ts';
import { usePagedRows } from '../../components/table/use-paged-rows.ts';
import { useHeap } from '../../stores/heap.ts';
import { explain } from './object-words.ts';
import { useTableLayout } from './table-layout.ts';

/** Queries that return rows of a table. */
export type RowsMethod = 'heap.groups' | 'heap.objects' | 'heap.cycles' | 'heap.duplicates' | 'heap.waste';
export type RowOf<M extends RowsMethod> = Result<M>['rows'][number];
/** A page of rows of a snapshot, as every such query names it. */
type PageOf = SnapshotRef & RowRequest;
const NO_PAGE: RowRequest = { filter: null, sort: null, from: 0, count: 0 };

export interface HeapRowsOptions<M extends RowsMethod> {
  columns: MaybeRefOrGetter<readonly Column<RowOf<M>>[]>;
  keyOf: (row: RowOf<M>) => RowKey;
  /** The query: the needed page, and which rows. */
  args: (page: PageOf) => Args<M>;
  /** The initial sort column, largest first; or the order, if it is stored elsewhere. */
  sort: string | Ref<Sort | null>;
  /** Stored here if it is stored nowhere else. */
  filter?: Ref<string>;
  /** Called with each answer. */
  arrived?: (answer: Result<M>) => void;
  /** From the answer: the sums of the table's footer. */
  sums?: (answer: Result<M>) => Record<string, number>;
  /** Whether its sum of sizes is a lower bound. */
  isBound?: (answer: Result<M>) => boolean;
  /** The name under which its columns are stored; by default the method's name. */
  layoutName?: string;
}

export interface HeapRows<Row> {
  source: ComputedRef<RowSource<Row>>;
  layout: ColumnLayout;
  filter: Ref<string>;
  sort: Ref<Sort | null>;
  /** A row that was loaded once. */
  rowOf: (key: RowKey | null) => Row | null;
}

/** A table of rows about the current snapshot: the engine sorts, filters and pages; column settings are stored. */
export function useHeapRows<M extends RowsMethod>(method: M, options: HeapRowsOptions<M>): HeapRows<RowOf<M>> {
  const heap = useHeap();
  const filter = options.filter ?? ref('');
  const sort = typeof options.sort === 'string' ? ref<Sort | null>({ column: options.sort, descending: true }) : options.sort;
  const seen = new Map<RowKey, RowOf<M>>();
  /** The subject of the rows, on any page. */
  const of = computed(() => (heap.ref === null ? null : JSON.stringify(options.args({ ...heap.ref, ...NO_PAGE }))));
  /** Rows without a filter, if that was requested. */
  let whole: { of: string | null; total: number } = { of: null, total: 0 };

  const source = usePagedRows<RowOf<M>>({
    of,
    columns: options.columns,
    filter,
    sort,
    keyOf: options.keyOf,
    fetch: async (request, { signal, progress }) => {
      if (heap.ref === null) return { rows: [], total: 0 };
      const key = of.value;
      const answer = await heap.ask(method, options.args({ ...heap.ref, ...request }), {
        signal,
        onProgress: ({ done }) => progress(done),
      });
      const rows: RowOf<M>[] = answer.rows;
      for (const row of rows) seen.set(options.keyOf(row), row);
      options.arrived?.(answer);
      if (request.filter === null) whole = { of: key, total: answer.total };
      const all = whole.of === key ? whole.total : answer.total;
      const bounds = options.isBound?.(answer) === true ? ['shallow'] : [];
      return { rows, total: answer.total, sums: options.sums?.(answer) ?? {}, bounds, all };
    },
    explain,
  });
  return {
    source,
    layout: useTableLayout(options.layoutName ?? method),
    filter,
    sort,
    rowOf: (key) => (key === null ? null : (seen.get(key) ?? null)),
  };
}
