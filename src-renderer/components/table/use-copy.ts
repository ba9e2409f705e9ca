import { onScopeDispose, shallowRef } from 'vue';
import type { Ref } from 'vue';
import { t } from '../../format/i18n.ts';
import { count as countText } from '../../format/units.ts';
import type { Column, RowKey } from './columns.ts';
import { csvSteps, toCsv } from './csv.ts';
import { inSlices } from './in-slices.ts';
import type { RowSource, Work } from './source.ts';

/** Rows that are written at once, without a pause. */
const AT_ONCE = 2000;
/** Limit for rows that the table has to fetch itself: more is a job for the engine's export. */
const MOST_COPIED = 100_000;
const CHUNK = 2000;

export interface CopyOptions<Row> {
  source: () => RowSource<Row>;
  columns: () => readonly Column<Row>[];
  selected: Ref<ReadonlySet<RowKey>>;
  /** Rows of the selection that are loaded. */
  selectedRows: () => Row[];
  copied: (rows: number, csv: string) => void;
}

export interface Copying {
  copy: () => Promise<void>;
  work: Ref<Work | null>;
  note: Ref<string>;
}

/** Copies the selection, or all matching rows: at once if there are few, otherwise in slices that can be cancelled. */
export function useCopy<Row>({ source, columns, selected, selectedRows, copied }: CopyOptions<Row>): Copying {
  const work = shallowRef<Work | null>(null);
  const note = shallowRef('');
  let latest: AbortController | null = null;
  onScopeDispose(() => latest?.abort());

  async function long(signal: AbortSignal, progress: (done: number | null) => void): Promise<void> {
    const now = source();
    const { remote, count } = now;
    const chosen = selected.value.size > 0 ? [...selected.value] : null;
    if (remote?.csv) {
      const csv = await remote.csv(chosen, signal);
      return signal.aborted ? undefined : copied(chosen?.length ?? count, csv);
    }
    const rows = chosen !== null ? selectedRows() : remote ? await fetched(now, signal, progress) : null;
    if (signal.aborted) return;
    const n = rows?.length ?? count;
    const csv = await inSlices(
      csvSteps(columns(), n, (index) => (rows ? rows[index] : now.at(index))),
      signal,
      progress,
    );
    if (csv === null) return;
    copied(n, csv);
    if (chosen === null && n < count) note.value = t('table.copiedMost', { n: countText(n) });
  }

  async function copy(): Promise<void> {
    latest?.abort();
    note.value = '';
    const now = source();
    if (!now.remote && now.count <= AT_ONCE) {
      const all = (): Row[] => Array.from({ length: now.count }, (_, index) => now.at(index)).filter((row) => row !== undefined);
      const rows = (selected.value.size > 0 ? selectedRows() : all()).filter((row) => (now.tree?.note(row) ?? null) === null);
      return copied(rows.length, toCsv(columns(), rows));
    }
    const own = (latest = new AbortController());
    const cancel = (): void => {
      own.abort();
      work.value = null;
    };
    const progress = (done: number | null): void => {
      if (!own.signal.aborted) work.value = { done, cancel };
    };
    progress(null);
    try {
      await long(own.signal, progress);
    } catch {
      if (!own.signal.aborted) note.value = t('table.copyFailed');
    }
    if (latest === own) work.value = null;
  }

  return { copy, work, note };
}

/** All rows of a source, `CHUNK` at a time. null: cancelled. */
async function fetched<Row>(
  { remote, count }: RowSource<Row>,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<Row[] | null> {
  const most = Math.min(count, MOST_COPIED);
  const rows: Row[] = [];
  while (remote && rows.length < most) {
    const more = await remote.rows(rows.length, Math.min(CHUNK, most - rows.length), signal);
    if (signal.aborted || more.length === 0) return signal.aborted ? null : rows;
    rows.push(...more);
    progress(rows.length / most);
  }
  return rows;
}
