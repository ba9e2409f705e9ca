import type { Args, Progress, ProjectId, SnapshotId } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import type { Protocol } from '../worker/wire.ts';
import type { HeapQuery, ImportProgress, StoredColumn } from './face.ts';

/** A snapshot that a query may need, without its content: that is read when it is needed. */
export interface SourceInfo {
  project: ProjectId;
  snapshot: SnapshotId;
  key: string;
  process: string;
}

/** One query, as it is sent to the worker. */
export interface QueryJob<M extends HeapQuery = HeapQuery> {
  method: M;
  args: Args<M>;
  sources: SourceInfo[];
  /** For `heap.history`: of the same session and process, earliest first. */
  history: SourceInfo[];
}

export interface ImportJob {
  path: string;
  /** Bytes that the import may take. */
  available: number;
}

/** The message types of the analysis workers. */
export interface HeapProtocol extends Protocol {
  job: { k: 'query'; query: QueryJob } | { k: 'import'; import: ImportJob };
  progress: Progress | ImportProgress;
  part: StoredColumn;
  /** Of the snapshot with this key. */
  source: { key: string; what: 'tables' | 'columns' };
  /** One piece for 'tables', any number for 'columns'. */
  piece: { tables: Uint8Array } | { column: StoredColumn };
  notice: { forget: readonly string[] };
}

/** What a worker may take, by `workerData`. */
export interface WorkerLimits {
  /** Bytes of decoded heaps and what is derived from them. */
  cache: number;
  /** Nice value of its thread: the programs that are watched go first. */
  nice: number;
  /** Where decoded heaps are kept, those of so many nodes; null: nowhere. */
  files: { folder: string; worth?: number | undefined } | null;
}

/** A heap, or data that a query derives from it, did not fit into memory. */
export function outOfMemory(why: unknown): HeapscopeError {
  return new HeapscopeError(
    'snapshot.too-large',
    { objects: null, references: null, needed: null, available: process.availableMemory() },
    why,
  );
}
