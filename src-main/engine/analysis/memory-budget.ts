import type { Bytes } from '../../../src-preload/contract/index.ts';

/** Fraction of the machine's memory that heaps may keep while no query uses them. */
const CACHE_SHARE = 0.3;
const LEAST_CACHE = 256 * 1024 * 1024;

/** `limit`: the container's; 0 or above the machine's memory if there is none. */
export function cacheBudget(total: Bytes, limit: Bytes): Bytes {
  const usable = limit > 0 ? Math.min(limit, total) : total;
  return Math.max(LEAST_CACHE, Math.floor(usable * CACHE_SHARE));
}

/**
 * Peak memory of an import with this many nodes and edges: columns of the dump, the renumbered graph and the passes' scratch arrays, as
 * measured by `bench/analysis-bench.ts`; with a margin for tables and the compressor.
 */
const PER_NODE = 56;
const PER_EDGE = 12;
const FIXED = 128 * 1024 * 1024;

export function importNeeds(nodes: number, edges: number): Bytes {
  return FIXED + nodes * PER_NODE + edges * PER_EDGE;
}

/** Memory of a stored heap once it is decoded, before anything is derived from it. */
export function heapNeeds(nodes: number, edges: number): Bytes {
  return nodes * 64 + edges * 16;
}
