import type { ErrorData, Progress } from '../../../src-preload/contract/index.ts';

/** The message types of one kind of worker. Types only: each room with workers defines its own. */
export interface Protocol {
  /** The worker's requests and results. */
  job: unknown;
  result: unknown;
  progress: Progress;
  /** Pieces of a result, which the main thread stores one after the other. */
  part: unknown;
  /** Data that the worker may read from the main thread, and the type of its pieces. */
  source: unknown;
  piece: unknown;
  /** Messages to the worker that have no answer. */
  notice: unknown;
}

/**
 * To a worker. `stop` is one shared number: it becomes 1 when the call is cancelled, also while the worker is busy. `stored` answers the
 * worker's `part`; `piece` and `end` its `read`.
 */
export type ToWorker<P extends Protocol> =
  | { k: 'call'; call: number; stop: SharedArrayBuffer; job: P['job'] }
  | { k: 'stored'; call: number }
  | { k: 'piece'; read: number; piece: P['piece'] }
  | { k: 'end'; read: number; error: ErrorData | null }
  | { k: 'notice'; notice: P['notice'] };

/** From a worker. `taken`: a piece was consumed, the next may come; `close`: no more of it is needed. */
export type FromWorker<P extends Protocol> =
  | { k: 'done'; call: number; value: P['result'] }
  | { k: 'failed'; call: number; error: ErrorData; detail: string }
  | { k: 'progress'; call: number; progress: P['progress'] }
  | { k: 'part'; call: number; part: P['part'] }
  | { k: 'read'; read: number; source: P['source'] }
  | { k: 'taken'; read: number }
  | { k: 'close'; read: number };
