import { HeapscopeError } from '../base/errors.ts';
import type { RemoteReads } from '../worker/remote-reads.ts';
import type { StoredColumn } from './face.ts';
import type { HeapProtocol } from './jobs.ts';

/** The stored snapshots as the worker sees them: their bytes come from the main thread, piece by piece. */
export class HeapSources {
  readonly #reads: RemoteReads<HeapProtocol>;

  constructor(reads: RemoteReads<HeapProtocol>) {
    this.#reads = reads;
  }

  async tables(key: string): Promise<Uint8Array> {
    for await (const piece of this.#reads.read({ key, what: 'tables' })) {
      if ('tables' in piece) return piece.tables;
    }
    throw new HeapscopeError('internal', { detail: 'no tables came' });
  }

  async *columns(key: string): AsyncGenerator<StoredColumn> {
    for await (const piece of this.#reads.read({ key, what: 'columns' })) {
      if ('column' in piece) yield piece.column;
    }
  }
}
