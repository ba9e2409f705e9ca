import { computed, onScopeDispose, shallowRef, toValue, watch } from 'vue';
import type { ComputedRef, MaybeRefOrGetter } from 'vue';
import { parseFilter } from '../../../src-preload/contract/index.ts';
import type { RowRequest } from '../../../src-preload/contract/index.ts';
import { t } from '../../format/i18n.ts';
import type { Column, RowKey, Sort } from './columns.ts';
import { PAGE_ROWS, PageCache } from './page-cache.ts';
import type { RowSource, Trouble, Work } from './source.ts';

/** Which rows, in which order: the filter and sort of the rows' owner. */
export type PageQuery = Pick<RowRequest, 'filter' | 'sort'>;

/** A range of rows, with facts about all rows of its query. */
export interface Page<Row> {
  rows: Row[];
  /** Rows that match the filter. */
  total: number;
  /** Rows without the filter; absent: the same number. */
  all?: number;
  /** For the columns with a `sum`, over all matching rows. */
  sums?: Record<string, number>;
  /** The columns whose sum is a lower bound. */
  bounds?: readonly string[];
}

export interface PageCall {
  /** Aborted when the answer is not needed any more. */
  signal: AbortSignal;
  /** 0 to 1; null: unknown. */
  progress: (done: number | null) => void;
}

export interface PagedRowsOptions<Row> {
  /** The subject of the rows, such as a snapshot's number; another value sends a new query. null: there is nothing to query yet. */
  of: MaybeRefOrGetter<string | number | null>;
  columns: MaybeRefOrGetter<readonly Column<Row>[]>;
  filter: MaybeRefOrGetter<string>;
  sort: MaybeRefOrGetter<Sort | null>;
  keyOf: (row: Row) => RowKey;
  fetch: (request: RowRequest, call: PageCall) => Promise<Page<Row>>;
  /** Index of a row under this query; -1: it does not match. Without it the table cannot go to a row it has not seen. */
  locate?: (key: RowKey, query: PageQuery, call: PageCall) => Promise<number>;
  /** Without it the table fetches the rows and writes them itself. `keys` null: all that match. */
  csv?: (keys: RowKey[] | null, query: PageQuery, call: PageCall) => Promise<string>;
  /** A failure as a message. */
  explain: (thrown: unknown) => string;
}

/** While the user types, only the last filter is sent. */
const TYPING_MS = 90;

/** The shown rows: those of one answered query. */
interface Shown<Row> {
  generation: number;
  query: PageQuery;
  pages: PageCache<Row>;
  total: number;
  all: number;
  sums: Record<string, number>;
  bounds: readonly string[];
}

/** Sends the queries, one after the other: the latest wins, and until it is answered the previous rows stay. */
class PagedQueries<Row> {
  readonly shown = shallowRef<Shown<Row> | null>(null);
  readonly work = shallowRef<Work | null>(null);
  readonly trouble = shallowRef<Trouble | null>(null);
  /** Counts pages that arrived: each creates a new source. */
  readonly arrived = shallowRef(0);
  readonly #options: PagedRowsOptions<Row>;
  #latest = new AbortController();
  #generation = 0;

  constructor(options: PagedRowsOptions<Row>) {
    this.#options = options;
  }

  async ask(query: PageQuery, delay: number): Promise<void> {
    this.#latest.abort();
    const { signal } = (this.#latest = new AbortController());
    const again = (): void => void this.ask(query, 0);
    const cancel = (): void => {
      this.#latest.abort();
      this.#stop('cancelled', t(this.shown.value === null ? 'table.stopped' : 'table.cancelled'), again);
    };
    const progress = (done: number | null): void => {
      if (!signal.aborted) this.work.value = { done, cancel };
    };
    this.trouble.value = null;
    progress(null);
    if (delay > 0) await new Promise((done) => setTimeout(done, delay));
    if (signal.aborted) return;
    try {
      const page = await this.#options.fetch({ ...query, from: 0, count: PAGE_ROWS }, { signal, progress });
      if (!signal.aborted) this.#show(query, page, again);
    } catch (thrown) {
      if (!signal.aborted) this.#stop('failed', this.#options.explain(thrown), again);
    }
  }

  /** The subject of the rows has changed. */
  forget(): void {
    this.#latest.abort();
    this.shown.value?.pages.stop();
    this.shown.value = null;
    this.work.value = null;
    this.trouble.value = null;
  }

  #show(query: PageQuery, { rows, total, all = total, sums = {}, bounds = [] }: Page<Row>, again: () => void): void {
    this.shown.value?.pages.stop();
    const pages = new PageCache<Row>({
      fetch: async (from, count, signal) =>
        (await this.#options.fetch({ ...query, from, count }, { signal, progress: () => undefined })).rows,
      changed: () => (this.arrived.value += 1),
      failed: (thrown) => this.#stop('failed', this.#options.explain(thrown), again),
    });
    pages.begin(total, rows);
    this.work.value = null;
    this.#generation += 1;
    this.shown.value = { generation: this.#generation, query, pages, total, all, sums, bounds };
  }

  #stop(kind: Trouble['kind'], text: string, again: () => void): void {
    this.work.value = null;
    this.trouble.value = { kind, text, again };
  }
}

interface Asked {
  of: string | number | null;
  /** As text, so that equal queries are equal. */
  filter: string;
  sort: string;
}

/**
 * A source whose rows stay in the engine: it filters and sorts, the table fetches the visible pages. Until a new query is answered the
 * previous rows stay; the latest query wins.
 */
export function usePagedRows<Row>(options: PagedRowsOptions<Row>): ComputedRef<RowSource<Row>> {
  const queries = new PagedQueries(options);
  const parsed = computed(() => parseFilter(toValue(options.filter), toValue(options.columns)));
  const asked = (): Asked => ({
    of: toValue(options.of),
    filter: JSON.stringify(parsed.value.node),
    sort: JSON.stringify(toValue(options.sort)),
  });
  watch(
    asked,
    (now, before) => {
      const isOther = now.of !== before?.of;
      if (isOther) queries.forget();
      if (now.of === null || (!isOther && now.filter === before.filter && now.sort === before.sort)) return;
      const isTyped = !isOther && now.filter !== before.filter;
      void queries.ask({ filter: parsed.value.node, sort: toValue(options.sort) }, isTyped ? TYPING_MS : 0);
    },
    { immediate: true, flush: 'sync' },
  );
  onScopeDispose(() => queries.forget());
  return computed(() => {
    void queries.arrived.value;
    return sourceOf(options, queries.shown.value, { fault: parsed.value.fault, work: queries.work.value, trouble: queries.trouble.value });
  });
}

function sourceOf<Row>(
  options: PagedRowsOptions<Row>,
  shown: Shown<Row> | null,
  state: Pick<RowSource<Row>, 'fault' | 'work' | 'trouble'>,
): RowSource<Row> {
  const call = (signal: AbortSignal): PageCall => ({ signal, progress: () => undefined });
  const { locate, csv, keyOf } = options;
  return {
    ...state,
    keyOf,
    count: shown?.total ?? 0,
    all: shown?.all ?? 0,
    sums: shown?.sums ?? {},
    bounds: shown?.bounds ?? [],
    at: (index) => shown?.pages.at(index),
    indexOf: (key, near) => indexOf(shown, keyOf, key, near),
    remote: {
      generation: shown?.generation ?? 0,
      prefetch: (first, end) => shown?.pages.prefetch(first, end),
      rows: async (from, count, signal) => (shown === null ? [] : shown.pages.rows(from, count, signal)),
      ...(locate && { locate: async (key, signal) => (shown === null ? -1 : locate(key, shown.query, call(signal))) }),
      ...(csv && { csv: async (keys, signal) => (shown === null ? '' : csv(keys, shown.query, call(signal))) }),
    },
  };
}

/** A row whose page was dropped is where it was last seen: within one query rows do not move. */
function indexOf<Row>(shown: Shown<Row> | null, keyOf: (row: Row) => RowKey, key: RowKey, near: number): number {
  if (shown === null) return -1;
  const row = shown.pages.at(near);
  if (row !== undefined && keyOf(row) === key) return near;
  const found = shown.pages.find((one) => keyOf(one) === key);
  return found >= 0 || row !== undefined || near >= shown.total ? found : near;
}
