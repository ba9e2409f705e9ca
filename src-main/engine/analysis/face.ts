import type {
  Args,
  Bytes,
  CaptureMethod,
  CompareMethods,
  HeapMethods,
  HeapSummary,
  Progress,
  Result,
  SnapshotId,
  SnapshotRef,
} from '../../../src-preload/contract/index.ts';

/** One compressed piece of one column of a heap, a few MB at the most. Opaque to whoever stores it. */
export interface StoredColumn {
  name: string;
  /** From 0 within its column. */
  chunk: number;
  data: Uint8Array;
}

export interface ImportRequest {
  /** The dump. It is read, never deleted. */
  path: string;
  signal: AbortSignal;
  onProgress(progress: ImportProgress): void;
  /** Each piece in turn, to be stored; the next one comes once this has settled. What it throws ends the import with it. */
  onColumn(column: StoredColumn): void | Promise<void>;
}

/** `step`: 'reading', 'numbering', 'dominators', 'tables', 'storing'. */
export interface ImportProgress extends Progress {
  /** Objects so far; null: not counted yet. */
  objects: number | null;
}

/** What an import found, beside the columns. */
export interface ImportedHeap {
  summary: HeapSummary;
  facts: ImportedFacts;
  /** One row per type name, by retained bytes, largest first: small, for tables in SQL. */
  types: TypeTableRow[];
  /** Figures of every grouping, compressed and opaque; `SnapshotSource.tables` gives it back. */
  tables: Uint8Array;
}

/** What the dump says of itself, as `SnapshotRow` keeps it. */
export interface ImportedFacts {
  method: CaptureMethod;
  /** "3.12.1"; null where the dump does not say. */
  python: string | null;
  pid: number;
  collected: boolean;
  previews: boolean;
  frames: number;
  objects: number;
  tracked: number;
  /** null: not looked at, in a census. */
  references: number | null;
  size: Bytes;
  garbage: number | null;
}

export interface TypeTableRow {
  module: string;
  name: string;
  count: number;
  shallow: Bytes;
  /** Each byte once. */
  retained: Bytes;
}

/** A stored snapshot, as whoever keeps it hands it out. Nothing is read before it is needed. */
export interface SnapshotSource {
  snapshot: SnapshotId;
  /** Equal for the same stored content only, whichever project is open how often. */
  key: string;
  /** Equal for snapshots of one process, where objects can be matched by address. */
  process: string;
  /** What `ImportedHeap.tables` was. */
  tables(): Uint8Array | Promise<Uint8Array>;
  /** All pieces, those of one column in order. Ended early when the caller has gone. */
  columns(): Iterable<StoredColumn> | AsyncIterable<StoredColumn>;
}

/** Where a query finds snapshots, and who asks. */
export interface QueryContext {
  /** Throws `snapshot.missing` or `snapshot.not-ready`. */
  source(ref: SnapshotRef): SnapshotSource;
  /** All ready snapshots of the same session and process, earliest first; for `heap.history` alone. */
  history(ref: SnapshotRef): SnapshotSource[];
  signal: AbortSignal;
  onProgress(progress: Progress): void;
}

/** What is asked of stored heaps. */
export type HeapQuery = keyof (HeapMethods & CompareMethods);

/**
 * Imports and looks into heap snapshots, in worker threads. Every call settles: with a result, `call.cancelled`, a coded
 * error of the dump or of the source, `snapshot.too-large` when memory does not suffice (also when a worker died of it).
 */
export interface Analysis {
  /** One at a time, in the order asked for. Columns of a failed import are worth nothing. */
  importDump(request: ImportRequest): Promise<ImportedHeap>;
  /** Any `heap.*` or `compare.*` method of the contract. Loads what it needs, reports progress while it does. */
  query<M extends HeapQuery>(method: M, args: Args<M>, context: QueryContext): Promise<Result<M>>;
  /** Drops what is kept in memory of these snapshots: deleted, or their project closed. */
  forget(keys: readonly string[]): void;
  /** Ends the workers; calls that are still open settle with `call.cancelled`. */
  dispose(): Promise<void>;
}
