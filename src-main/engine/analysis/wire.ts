import type { ErrorData, HeapMethods, Progress, ProjectId, SnapshotId } from '../../../src-preload/contract/index.ts';
import type { HeapQuery, ImportedHeap, ImportProgress, StoredColumn } from './face.ts';

/** A snapshot that a query may need, without its content: that is asked for by `load`. */
export interface SourceInfo {
  project: ProjectId;
  snapshot: SnapshotId;
  key: string;
  process: string;
}

/** One question, as it crosses to the worker. */
export interface QueryJob<M extends HeapQuery = HeapQuery> {
  method: M;
  args: HeapMethods[M]['args'];
  sources: SourceInfo[];
  /** For `heap.history`: of the same session and process, earliest first. */
  history: SourceInfo[];
}

export interface ImportJob {
  path: string;
  /** Bytes that the import may take. */
  available: number;
}

/**
 * To a worker. `stop` is one shared number: it becomes 1 when the call is cancelled, also while the worker is busy.
 * `piece`, `loaded` and `load-failed` answer the worker's `load`; `ack` its `column`.
 */
export type ToWorker =
  | { k: 'import'; call: number; stop: SharedArrayBuffer; job: ImportJob }
  | { k: 'query'; call: number; stop: SharedArrayBuffer; job: QueryJob }
  | { k: 'ack'; call: number }
  | { k: 'tables'; load: number; data: Uint8Array }
  | { k: 'piece'; load: number; column: StoredColumn }
  | { k: 'loaded'; load: number }
  | { k: 'load-failed'; load: number; error: ErrorData }
  | { k: 'forget'; keys: readonly string[] };

/** From a worker. `taken` says that a piece was decoded: the next may come. */
export type FromWorker =
  | { k: 'done'; call: number; value: unknown }
  | { k: 'failed'; call: number; error: ErrorData; detail: string }
  | { k: 'progress'; call: number; progress: Progress | ImportProgress }
  | { k: 'column'; call: number; column: StoredColumn }
  | { k: 'load'; load: number; key: string; what: 'tables' | 'columns' }
  | { k: 'taken'; load: number }
  | { k: 'unload'; load: number };

export type ImportDone = ImportedHeap;

/** Memory that a worker may take, by `workerData`. */
export interface WorkerLimits {
  /** Bytes of decoded heaps and what is derived from them. */
  cache: number;
}
