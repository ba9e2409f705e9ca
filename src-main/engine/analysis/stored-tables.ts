import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { GroupRow, Grouping, HeapSummary } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';

/**
 * Small figures of one heap, kept beside its columns: the first table shows before the heap is in memory, and a history
 * over many snapshots needs none of them. Compressed JSON; a grouping with more rows than `MOST_ROWS` is left out.
 */
export interface StoredTables {
  version: typeof VERSION;
  /** Nodes and edges of the graph: what it will take in memory. */
  nodes: number;
  edges: number;
  summary: HeapSummary;
  /** By retained bytes, largest first. */
  groups: Partial<Record<Grouping, GroupRow[]>>;
  /** Of the keys of the hierarchy: their bases; 0xFFFFFFFF at the top. */
  parents: number[];
}

const VERSION = 1;
export const MOST_ROWS = 20_000;
/** Of the text; a file that claims more is damaged. */
const LARGEST = 256 * 1024 * 1024;

export function packTables(tables: Omit<StoredTables, 'version'>): Uint8Array {
  const text = Buffer.from(JSON.stringify({ version: VERSION, ...tables }));
  return zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } });
}

/** Throws `snapshot.damaged`. */
export function unpackTables(data: Uint8Array): StoredTables {
  try {
    const tables = JSON.parse(zstdDecompressSync(data, { maxOutputLength: LARGEST }).toString()) as StoredTables;
    if (tables.version === VERSION && Array.isArray(tables.parents) && typeof tables.groups === 'object') return tables;
  } catch (thrown) {
    throw new HeapscopeError('snapshot.damaged', { path: null, detail: 'tables' }, thrown);
  }
  throw new HeapscopeError('snapshot.damaged', { path: null, detail: 'version of the tables' });
}
