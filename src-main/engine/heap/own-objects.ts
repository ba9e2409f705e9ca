/**
 * Objects of the agent that its modules do not lead to: instances of its classes, what its lines allocated where allocations are traced
 * (entries of caches of the standard library, arguments of a call that is running), and tuples that C code holds and that lead to nothing
 * but these.
 *
 *     (C code) → args → run        `run` is of a class of the agent: both are its own
 */
import { FLAG, NONE } from './graph.ts';
import type { SparseNumbers } from './graph.ts';
import type { RawHeap } from './raw-heap.ts';

/** Files of the package, and of no other that is called alike. */
const OWN_FILE = /[/\\]heapscope_agent[/\\](?:(?:figures|heap|layout|link)[/\\]\w+|__init__|agent|commands|figures|forks|lifecycle)\.py$/;
const OWN_MODULE = /^heapscope_agent(?:\.|$)/;

/** `seeds`: what the agent's roots hold. */
export function ownObjects(raw: RawHeap, seeds: readonly number[], external: SparseNumbers): number[] {
  const own = new Set(seeds);
  const types = Uint8Array.from(raw.types, ({ module }) => (OWN_MODULE.test(module) ? 1 : 0));
  const sites = ownSites(raw);
  if (!types.includes(1) && sites === null) return [...own];
  for (let node = 0; node < raw.nodes; node++) {
    if (types[raw.type[node]!] === 1 || (sites !== null && isMade(raw, node, sites))) own.add(node);
  }
  for (const node of external.node) if (holdsOnly(raw, node, own)) own.add(node);
  return [...own];
}

/** Tracebacks whose most recent line is the agent's; null: there are none. */
function ownSites({ site, sites }: RawHeap): Uint8Array | null {
  const files = sites.files.map((file) => OWN_FILE.test(file));
  if (site === null || !files.includes(true)) return null;
  const { start, file } = sites;
  return Uint8Array.from({ length: start.length - 1 }, (_, i) => (start[i]! < start[i + 1]! && files[file[start[i]!]!] === true ? 1 : 0));
}

/** A name may be the program's as well, whoever made it first. */
function isMade({ site, flags }: RawHeap, node: number, sites: Uint8Array): boolean {
  const at = site![node]!;
  return at !== NONE && sites[at] === 1 && (flags[node]! & (FLAG.interned | FLAG.type)) === 0;
}

function holdsOnly({ type, types, edgeStart, edgeTo }: RawHeap, node: number, own: ReadonlySet<number>): boolean {
  if (types[type[node]!]!.name !== 'tuple') return false;
  const held = edgeTo.subarray(edgeStart[node], edgeStart[node + 1]);
  return held.length > 0 && held.every((to) => own.has(to));
}
