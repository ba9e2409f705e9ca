import type { FilterFault } from '../../../src-preload/contract/index.ts';
import type { RowKey } from './columns.ts';

/**
 * Rows in the order in which they are shown. The table asks for the few it draws; they may come from anywhere:
 * from memory (`useArrayRows`), in pages from the engine (`usePagedRows`), or as the open branches of a tree (`useTreeRows`).
 * Each change makes a new source, or the table would not see it.
 */
export interface RowSource<Row> {
  /** Rows that pass the filter. */
  readonly count: number;
  /** Rows in all. */
  readonly all: number;
  /** undefined: not here yet; a placeholder is drawn. */
  at(index: number): Row | undefined;
  keyOf(row: Row): RowKey;
  /** `near`: where it was last seen; looked at first. -1: it is not shown, or nobody knows where. */
  indexOf(key: RowKey, near: number): number;
  /** Of the columns that have a `sum`, over what passes the filter. */
  readonly sums: Readonly<Record<string, number>>;
  /** What of the filter could not be understood; null: all of it was. */
  readonly fault: FilterFault | null;
  /** What the rows wait for. */
  readonly work?: Work | null;
  /** Why the rows are not those that were asked for. */
  readonly trouble?: Trouble | null;
  /** Absent: all rows are in memory. */
  readonly remote?: RemoteRows<Row>;
  /** Absent: the rows are a list. */
  readonly tree?: TreeFacts<Row>;
}

/** Something that takes its time. Shown after 100 ms, can be cancelled after 500. */
export interface Work {
  /** 0 to 1; null: it cannot be told. */
  done: number | null;
  cancel: () => void;
}

/** A failure or a cancel, in words, and what asks again. */
export interface Trouble {
  kind: 'failed' | 'cancelled';
  text: string;
  again: () => void;
}

/** What only rows need that come from elsewhere. */
export interface RemoteRows<Row> {
  /** Another number: other rows, or another order; the table goes to the top. */
  readonly generation: number;
  /** The rows that are drawn: missing pages are fetched, requests for what scrolled away are cancelled. */
  prefetch(first: number, end: number): void;
  rows(from: number, count: number, signal: AbortSignal): Promise<Row[]>;
  /** Where a row is that was not seen yet; -1: it does not pass the filter. */
  locate?: (key: RowKey, signal: AbortSignal) => Promise<number>;
  /** Chosen rows, or all that pass the filter (null), with a header. */
  csv?: (keys: RowKey[] | null, signal: AbortSignal) => Promise<string>;
}

/** How the rows of a tree hang together. */
export interface TreeFacts<Row> {
  /** Rows at the top, shown or not. */
  readonly roots: number;
  /** From 1. */
  level(row: Row): number;
  state(row: Row): 'open' | 'closed' | 'leaf';
  /** Opens or closes a branch; of a row that is only told of (`note`), does what it offers. */
  toggle(row: Row): void;
  /** Index of the row above that it belongs to; -1: it is at the top. */
  parentOf(index: number): number;
  /** The words of a row that is no node: more to show, loading, failed. null: a node. */
  note(row: Row): { text: string; acts: boolean } | null;
}
