import { BoundedCache } from '../base/bounded-cache.ts';
import type { Samples } from './sample-tables.ts';

/** Decoded chunks. */
export class ChunkCache extends BoundedCache<number, Samples> {
  constructor(limit: number) {
    super(limit, ({ t, values }) => t.byteLength + values.byteLength);
  }
}
