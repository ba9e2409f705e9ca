import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { GroupRow, Grouping, HeapSummary } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';

/**
 * Small figures of one heap, stored beside its columns: the first table shows before the heap is in memory, and a history over many
 * snapshots needs no heap. Compressed JSON; a grouping with more rows than `MOST_ROWS` is left out.
 */
export interface StoredTables {
  version: typeof VERSION;
  /** Only types were counted: there are no columns. */
  census?: boolean;
  /** Nodes and edges of the graph: they give its size in memory. */
  nodes: number;
  edges: number;
  summary: HeapSummary;
  /** By retained bytes, largest first. */
  groups: Partial<Record<Grouping, GroupRow[]>>;
  /** The part of these groups that waits for a collection; absent in files that were written before it was told apart. */
  waiting?: Partial<Record<Grouping, GroupRow[]>>;
  /** Of the keys of the hierarchy: their bases; 0xFFFFFFFF at the top. */
  parents: number[];
}

const VERSION = 1;
const GROUPINGS = ['type', 'module', 'site', 'hierarchy', 'holder', 'code', 'class'] as const;
export const MOST_ROWS = 100_000;
/** Limit of the text's length; a file that claims more is damaged. */
const LARGEST = 256 * 1024 * 1024;

export function packTables(tables: Omit<StoredTables, 'version'>): Uint8Array {
  const text = Buffer.from(JSON.stringify({ version: VERSION, ...tables }));
  return zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } });
}

/** Throws `snapshot.damaged`. */
export function unpackTables(data: Uint8Array): StoredTables {
  try {
    const tables = JSON.parse(zstdDecompressSync(data, { maxOutputLength: LARGEST }).toString()) as StoredTables;
    if (isTables(tables)) return completed(tables);
  } catch (thrown) {
    throw new HeapscopeError('snapshot.damaged', { path: null, detail: 'tables' }, thrown);
  }
  throw new HeapscopeError('snapshot.damaged', { path: null, detail: 'version of the tables' });
}

/** Tables of a file that was written before these were known. */
function completed(tables: StoredTables): StoredTables {
  const { summary, groups, waiting = {} } = tables;
  (summary as Partial<HeapSummary>).uncollectable ??= { objects: 0, shallow: 0 };
  (summary as Partial<HeapSummary>).arrays ??= 0;
  for (const each of [groups, waiting]) for (const rows of Object.values(each)) rows.forEach(completeRow);
  return tables;
}

function completeRow(row: Partial<GroupRow>): void {
  row.atLeast ??= 'none';
  row.classes ??= 1;
  row.length ??= null;
}

/** The file is untrusted: numbers used in calculations must be valid. */
function isTables(tables: Partial<StoredTables>): tables is StoredTables {
  const { version, nodes, edges, summary, groups, parents } = tables;
  if (version !== VERSION || !isCount(nodes) || !isCount(edges) || typeof summary !== 'object' || typeof groups !== 'object') return false;
  if (!Array.isArray(parents) || !parents.every(isCount) || !Array.isArray(summary.roots)) return false;
  return [groups, tables.waiting ?? {}].every(areGroups);
}

function areGroups(groups: StoredTables['groups'] | null): boolean {
  if (typeof groups !== 'object' || groups === null) return false;
  return GROUPINGS.every((by) => groups[by] === undefined || (Array.isArray(groups[by]) && groups[by].every(isRow)));
}

function isRow(row: Partial<GroupRow> | null): boolean {
  if (typeof row !== 'object' || row === null || typeof row.label?.name !== 'string' || typeof row.label.module !== 'string') return false;
  if (row.length != null && !isCount(row.length)) return false;
  return [row.key, row.children, row.count, row.shallow, row.retained].every(isCount);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}
