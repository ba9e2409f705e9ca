import type { FilterFault } from '../../../src-preload/contract/index.ts';
import type { RowKey } from './columns.ts';

/**
 * Rows in display order. The table requests the few it draws; they may come from anywhere: from memory (`useArrayRows`), in pages from the
 * engine (`usePagedRows`), or as the open branches of a tree (`useTreeRows`). Each change creates a new source; otherwise the table would
 * not notice it.
 */
export interface RowSource<Row> {
  /** Rows that match the filter. */
  readonly count: number;
  /** Rows in all. */
  readonly all: number;
  /** undefined: not loaded yet; a placeholder is drawn. */
  at(index: number): Row | undefined;
  keyOf(row: Row): RowKey;
  /** `near`: where it was last seen; checked first. -1: it is not shown, or its place is unknown. */
  indexOf(key: RowKey, near: number): number;
  /** For the columns that have a `sum`, over the matching rows. */
  readonly sums: Readonly<Record<string, number>>;
  /** The columns whose sum is a lower bound; absent: none is. */
  readonly bounds?: readonly string[];
  /** The fault in the filter; null: there is none. */
  readonly fault: FilterFault | null;
  /** The work that the rows wait for. */
  readonly work?: Work | null;
  /** Why the shown rows are not the requested ones. */
  readonly trouble?: Trouble | null;
  /** Absent: all rows are in memory. */
  readonly remote?: RemoteRows<Row>;
  /** Absent: the rows are a list. */
  readonly tree?: TreeFacts<Row>;
}

/** Work that may take long. Shown after 100 ms, can be cancelled after 500. */
export interface Work {
  /** 0 to 1; null: unknown. */
  done: number | null;
  cancel: () => void;
}

/** A failure or a cancellation as a message, and a function that retries. */
export interface Trouble {
  kind: 'failed' | 'cancelled';
  text: string;
  again: () => void;
}

/** Only needed for rows that are not in memory. */
export interface RemoteRows<Row> {
  /** A new number means other rows, or another order; the table scrolls to the top. */
  readonly generation: number;
  /** Reports the rows that are drawn: missing pages are fetched, requests for rows that scrolled away are cancelled. */
  prefetch(first: number, end: number): void;
  rows(from: number, count: number, signal: AbortSignal): Promise<Row[]>;
  /** The place of a row that was not seen yet; -1: it does not match the filter. */
  locate?: (key: RowKey, signal: AbortSignal) => Promise<number>;
  /** Chosen rows, or all that match the filter (null), with a header. */
  csv?: (keys: RowKey[] | null, signal: AbortSignal) => Promise<string>;
}

/** The structure of a tree's rows. */
export interface TreeFacts<Row> {
  /** Rows at the top, shown or not. */
  readonly roots: number;
  /** From 1. */
  level(row: Row): number;
  state(row: Row): 'open' | 'closed' | 'leaf';
  /** Opens or closes a branch; on a row that is only a note (`note`), performs its action. */
  toggle(row: Row): void;
  /** Index of its parent's row; -1: it is at the top. */
  parentOf(index: number): number;
  /** The text of a row that is not a node: more to show, loading, failed. null: a node. */
  note(row: Row): { text: string; acts: boolean } | null;
}
