import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { t } from '../../format/i18n.ts';
import { count as countText } from '../../format/units.ts';
import type { RowKey } from './columns.ts';
import type { RowSource } from './source.ts';

/** Limit for rows that are not in memory: nobody selects more keys one by one, and all rows are "no selection". */
const MOST_SELECTED = 10_000;

export type FocusHow = 'only' | 'extend' | 'move' | 'toggle';

export interface SelectionOptions<Row> {
  source: () => RowSource<Row>;
  selected: Ref<ReadonlySet<RowKey>>;
  focused: Ref<RowKey | null>;
  reveal: (index: number) => void;
}

/** Where a row was seen: within one generation rows do not move. */
interface Place {
  key: RowKey;
  index: number;
  generation: number;
}

/** Selection and focus by key, so that they stay with their rows when these move, also for rows that are not loaded yet. */
export class RowSelection<Row> {
  /** Index of the focused row; -1: none, or unknown. */
  readonly index: ComputedRef<number>;
  /** A message about what could not be selected. */
  readonly note = shallowRef('');
  readonly #options: SelectionOptions<Row>;
  #place: Place | null = null;
  /** Where a range begins. */
  #anchor: Place | null = null;
  /** A row that was chosen before its page was loaded. */
  #awaited: { index: number; how: FocusHow; generation: number } | null = null;
  #fetching = new AbortController();
  /** Rows behind the selected keys of a remote source: their pages may have been dropped when they are copied. */
  #kept = new Map<RowKey, { index: number; row: Row }>();

  constructor(options: SelectionOptions<Row>) {
    this.#options = options;
    this.index = computed(() => {
      const key = options.focused.value;
      return key === null ? -1 : this.#find(key, this.#place, (place) => (this.#place = place));
    });
  }

  focus(at: number, how: FocusHow): void {
    this.#options.reveal(at);
    const row = this.#source.at(at);
    this.#awaited = row === undefined ? { index: at, how, generation: this.#generation } : null;
    if (row === undefined) return;
    this.#fetching.abort();
    const key = this.#keep(row, at);
    this.#place = { key, index: at, generation: this.#generation };
    this.#options.focused.value = key;
    if (how === 'only') this.#choose(new Set(this.#isNote(row) ? [] : [key]));
    else if (how === 'toggle') this.toggle(row);
    else if (how === 'extend') this.#extend(this.#anchor === null ? at : Math.max(0, this.#find(this.#anchor.key, this.#anchor)), at);
    if (how !== 'extend') this.#anchor = this.#place;
  }

  /** Focuses and shows the row of a key, wherever it is. false: it does not match the filter, or its place is unknown. */
  async goTo(key: RowKey): Promise<boolean> {
    let at = this.#find(key, this.#place);
    const { remote } = this.#source;
    if (at < 0 && remote?.locate) {
      const signal = this.#fetch();
      at = await remote.locate(key, signal).catch(() => -1);
      if (signal.aborted) return false;
    }
    if (at >= 0) this.focus(at, 'only');
    return at >= 0;
  }

  toggle(row: Row): void {
    if (this.#isNote(row)) return;
    const key = this.#keep(row, -1);
    const next = new Set(this.#options.selected.value);
    if (!next.delete(key)) next.add(key);
    this.#choose(next);
  }

  selectAll(): void {
    // From the last to the first, since the end of a range is kept when it is too long.
    this.#extend(this.#source.count - 1, 0);
  }

  /** Selected rows that were seen; for a list in memory, all of them. In order. */
  rows(): Row[] {
    const source = this.#source;
    if (source.remote) return [...this.#kept.values()].sort((a, b) => a.index - b.index).map(({ row }) => row);
    const all: Row[] = [];
    for (let at = 0; at < source.count; at += 1) {
      const row = source.at(at);
      if (row !== undefined && this.#options.selected.value.has(source.keyOf(row))) all.push(row);
    }
    return all;
  }

  /** New rows were loaded: a chosen one may be among them. */
  update(): void {
    const awaited = this.#awaited;
    if (awaited === null) return;
    if (awaited.generation !== this.#generation) this.#awaited = null;
    else if (this.#source.at(awaited.index) !== undefined) this.focus(awaited.index, awaited.how);
  }

  stop(): void {
    this.#fetching.abort();
  }

  get #source(): RowSource<Row> {
    return this.#options.source();
  }

  get #generation(): number {
    return this.#source.remote?.generation ?? 0;
  }

  #find(key: RowKey, seen: Place | null, found: (place: Place) => void = () => undefined): number {
    const near = seen?.key === key && seen.generation === this.#generation ? seen.index : -1;
    const index = this.#source.indexOf(key, near);
    if (index >= 0) found({ key, index, generation: this.#generation });
    return index;
  }

  /** Starts a new request; the previous one is cancelled. */
  #fetch(): AbortSignal {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    return this.#fetching.signal;
  }

  /** "Show more" and the like can be focused, but not selected. */
  #isNote(row: Row): boolean {
    return (this.#source.tree?.note(row) ?? null) !== null;
  }

  #keep(row: Row, at: number): RowKey {
    const key = this.#source.keyOf(row);
    if (this.#source.remote) this.#kept.set(key, { index: at, row });
    return key;
  }

  #choose(keys: Set<RowKey>): void {
    this.#options.selected.value = keys;
    this.note.value = '';
    if (this.#source.remote) this.#kept = new Map([...this.#kept].filter(([key]) => keys.has(key)));
  }

  #extend(a: number, b: number): void {
    const wanted = Math.abs(a - b) + 1;
    const { remote } = this.#source;
    const n = remote ? Math.min(wanted, MOST_SELECTED) : wanted;
    // Keeps the end where the user is.
    const from = a > b ? b : b - n + 1;
    const finish = (rows: readonly Row[]): void => {
      this.#choose(new Set(rows.filter((row) => !this.#isNote(row)).map((row, at) => this.#keep(row, from + at))));
      if (n < wanted) this.note.value = t('table.selectedMost', { n: countText(MOST_SELECTED) });
    };
    const rows = Array.from({ length: n }, (_, at) => this.#source.at(from + at)).filter((row) => row !== undefined);
    if (rows.length === n || !remote) return finish(rows);
    const signal = this.#fetch();
    // If a range cannot be fetched the selection is unchanged; the rows themselves show the reason.
    void remote.rows(from, n, signal).then(
      (all) => signal.aborted || finish(all),
      () => undefined,
    );
  }
}

export function useSelection<Row>(options: SelectionOptions<Row>): RowSelection<Row> {
  const selection = new RowSelection(options);
  watch(options.source, () => selection.update());
  onScopeDispose(() => selection.stop());
  return selection;
}
