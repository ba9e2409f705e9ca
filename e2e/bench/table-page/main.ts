/** The page of `table-bench.ts`: the window's own table, over rows in memory or in pages; controlled through `window.bench`. */
import { createApp, h, nextTick, ref, shallowRef } from 'vue';
import type { ComputedRef } from 'vue';
import DataTable from '../../../src-renderer/components/table/DataTable.vue';
import {
  addressColumn,
  bytesColumn,
  countColumn,
  deltaColumn,
  shareColumn,
  trendColumn,
  typeColumn,
} from '../../../src-renderer/components/table/cells/columns.ts';
import type { Column, RowKey, Sort } from '../../../src-renderer/components/table/columns.ts';
import type { RowSource } from '../../../src-renderer/components/table/source.ts';
import { useArrayRows } from '../../../src-renderer/components/table/use-array-rows.ts';
import { usePagedRows } from '../../../src-renderer/components/table/use-paged-rows.ts';
import { i18n } from '../../../src-renderer/format/i18n.ts';
import '../../../src-renderer/styles/tokens.css';
import '../../../src-renderer/styles/base.css';
import '../../../src-renderer/styles/controls.css';

interface Row {
  node: number;
  type: { module: string; name: string };
  shallow: number;
  retained: number;
  growth: number;
}

/** Latency of an answer of the engine, in milliseconds. */
const ANSWER_MS = 5;
const scrambled = (n: number): number => Math.imul(n ^ 0x9e3779b9, 2_654_435_761) >>> 0;
const rowAt = (node: number): Row => ({
  node,
  type: { module: 'app.models', name: `Type${scrambled(node) % 5000}` },
  shallow: 48 + (scrambled(node + 1) % 4096),
  retained: scrambled(node + 2),
  growth: (scrambled(node + 3) % 20_001) - 10_000,
});
const columns: Column<Row>[] = [
  typeColumn('type', 'Type', (row) => row.type, { pinned: true }),
  addressColumn('address', 'Address', (row) => 0x7f3a_5c00_0000 + row.node * 64),
  bytesColumn('shallow', 'Size', (row) => row.shallow, { sum: String }),
  bytesColumn('retained', 'Retained', (row) => row.retained),
  shareColumn('share', 'Share', (row) => row.retained / 2 ** 32),
  deltaColumn('growth', 'Growth', 'bytes', (row) => row.growth),
  countColumn('node', 'Node', (row) => row.node),
  trendColumn('trend', 'Trend', 'count', (row) => [row.shallow, row.growth, row.node % 100, row.shallow]),
];

const filter = ref('');
const sort = ref<Sort | null>(null);
const selected = ref<ReadonlySet<RowKey>>(new Set());
const focused = ref<RowKey | null>(null);
let source: ComputedRef<RowSource<Row>> | undefined;
const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));
/** After the next frame was drawn. */
const drawn = async (): Promise<void> => {
  await nextTick();
  await frame();
  await new Promise((done) => setTimeout(done));
};

function sourceOf(kind: 'memory' | 'pages', count: number, rows: readonly Row[]): ComputedRef<RowSource<Row>> {
  const keyOf = (row: Row): number => row.node;
  if (kind === 'memory') return useArrayRows<Row>({ rows: shallowRef(rows), columns, filter, sort, keyOf });
  return usePagedRows<Row>({
    of: 1,
    columns,
    filter,
    sort,
    keyOf,
    explain: String,
    fetch: async (request) => {
      await new Promise((done) => setTimeout(done, ANSWER_MS));
      return {
        total: count,
        rows: Array.from({ length: Math.min(request.count, count - request.from) }, (_, at) => rowAt(request.from + at)),
      };
    },
  });
}

async function mount(kind: 'memory' | 'pages', count: number): Promise<number> {
  const rows = kind === 'memory' ? Array.from({ length: count }, (_, node) => rowAt(node)) : [];
  const start = performance.now();
  const app = createApp({
    setup() {
      const own = (source = sourceOf(kind, count, rows));
      return () =>
        h(DataTable, {
          source: own.value,
          columns,
          label: 'Rows',
          filter: filter.value,
          'onUpdate:filter': (value: string) => (filter.value = value),
          sort: sort.value,
          'onUpdate:sort': (value: Sort | null) => (sort.value = value),
          selected: selected.value,
          'onUpdate:selected': (value: ReadonlySet<RowKey>) => (selected.value = value),
          focused: focused.value,
          'onUpdate:focused': (value: RowKey | null) => (focused.value = value),
        });
    },
  });
  app.use(i18n).mount('#app');
  await drawn();
  while (document.querySelector('.row .placeholder, .nothing')) await drawn();
  return performance.now() - start;
}

/**
 * Frame by frame, by the wheel or by the scrollbar, where a pixel is several rows; returns the time of each frame until the next could
 * begin.
 */
async function scroll(how: 'wheel' | 'bar', by: number, frames: number): Promise<{ frames: number[] }> {
  const scroller = document.querySelector('.scroller');
  if (!scroller) throw new Error('there is no table');
  const bottom = scroller.scrollHeight - scroller.clientHeight;
  const times: number[] = [];
  let to = scroller.scrollTop;
  let last = await frame();
  for (let at = 0; at < frames; at += 1) {
    to = (to + by) % bottom;
    if (how === 'bar') scroller.scrollTop = to;
    else if (scroller.dispatchEvent(new WheelEvent('wheel', { deltaY: by, cancelable: true })))
      throw new Error('the table did not take the wheel');
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  return { frames: times };
}

/** From the change to the drawn rows, and the longest time that the window was blocked in between. */
async function change(to: { sort?: Sort | null; filter?: string }): Promise<{ took: number; longest: number }> {
  let last = performance.now();
  const start = last;
  let longest = 0;
  let ended = false;
  const watch = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!ended) setTimeout(watch);
  };
  setTimeout(watch);
  if (to.sort !== undefined) sort.value = to.sort;
  if (to.filter !== undefined) filter.value = to.filter;
  await drawn();
  while (source?.value.work) await frame();
  await drawn();
  ended = true;
  return { took: performance.now() - start, longest };
}

const bench = { mount, scroll, change };
export type TableBench = typeof bench;
Object.assign(window, { bench });
