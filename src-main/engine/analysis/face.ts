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

/** One compressed piece of one column of a heap, a few MB at most. Opaque to the code that stores it. */
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
  /** Called when the imports before it have ended: it begins once this has settled, or fails with what it throws. */
  onTurn?(): Promise<void>;
  onProgress(progress: ImportProgress): void;
  /** Called with each piece in turn, to store it; the next one comes once this has settled. An error it throws ends the import. */
  onColumn(column: StoredColumn): void | Promise<void>;
}

/** `step`: 'reading', 'numbering', 'dominators', 'tables', 'storing'. */
export interface ImportProgress extends Progress {
  /** Objects so far; null: not counted yet. */
  objects: number | null;
}

/** The results of an import, apart from the columns. */
export interface ImportedHeap {
  summary: HeapSummary;
  facts: ImportedFacts;
  /** One row per type name, by retained bytes, largest first: small, for tables in SQL. */
  types: TypeTableRow[];
  /** Figures of every grouping, compressed and opaque; `SnapshotSource.tables` returns it. */
  tables: Uint8Array;
}

/** The dump's own facts, as `SnapshotRow` keeps them. */
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
  /** null: not examined, in a census. */
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

/** A stored snapshot, as its owner provides it. Nothing is read before it is needed. */
export interface SnapshotSource {
  snapshot: SnapshotId;
  /** Equal only for the same stored content, no matter which project is open and how often. */
  key: string;
  /** Equal for snapshots of one process, where objects can be matched by address. */
  process: string;
  /** The value of `ImportedHeap.tables`. */
  tables(): Uint8Array | Promise<Uint8Array>;
  /** All pieces, those of one column in order. Ended early when the caller has cancelled. */
  columns(): Iterable<StoredColumn> | AsyncIterable<StoredColumn>;
}

/** Gives a query its snapshots, and connects it to its caller. */
export interface QueryContext {
  /** Throws `snapshot.missing` or `snapshot.not-ready`. */
  source(ref: SnapshotRef): SnapshotSource;
  /** All ready snapshots of the same session and process, earliest first; for `heap.history` alone. */
  history(ref: SnapshotRef): SnapshotSource[];
  signal: AbortSignal;
  onProgress(progress: Progress): void;
}

/** What queries need of stored heaps. */
export type HeapQuery = keyof (HeapMethods & CompareMethods);

/**
 * Imports and queries heap snapshots, in worker threads. Every call settles: with a result, `call.cancelled`, a coded error of the dump or
 * of the source, `snapshot.too-large` when there is not enough memory (also when a worker died of it).
 */
export interface Analysis {
  /** One at a time, in the order of the calls. Columns of a failed import must be discarded. */
  importDump(request: ImportRequest): Promise<ImportedHeap>;
  /** Any `heap.*` or `compare.*` method of the contract. Loads what it needs, and reports progress. */
  query<M extends HeapQuery>(method: M, args: Args<M>, context: QueryContext): Promise<Result<M>>;
  /** Drops these snapshots from memory: they were deleted, or their project was closed. */
  forget(keys: readonly string[]): void;
  /** Ends the workers; calls that are still open settle with `call.cancelled`. */
  dispose(): Promise<void>;
}
