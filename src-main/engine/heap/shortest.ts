/**
 * Shortest chains of strong references from the roots: a breadth-first tree. Modules come first, then threads with their frames, then what
 * the interpreter itself holds, then roots that explain little (held by C, interned, immortal): an object that is reached from a module's
 * dictionary is shown there, even if a shorter chain starts at a frame or at "immortal". Unreachable objects come last. A step through an
 * alias (`aliases.ts`) counts twice, so that of two chains that are as long the one through the owner is found.
 * Nodes `0 → 1 → 2`, `0 → 2`:
 *
 *     order   0 1 2       nodes, nearest first; unreached ones are missing
 *     parent  -  0 0      the holder on the chain, or NONE
 *     edge    -  0 1      the edge that it holds it by, or NONE
 */
import { aliasesOf, type Aliases } from './aliases.ts';
import { NONE, ROOT, type HeapGraph } from './graph.ts';
import { STEP, type Steps } from './in-steps.ts';
import { scratchU32 } from './memory.ts';

export interface ShortestTree {
  readonly order: Uint32Array;
  readonly parent: Uint32Array;
  readonly edge: Uint32Array;
}

/** Earlier waves run to their end before the next begins. */
const WAVES: readonly (readonly number[])[] = [
  [ROOT.modules],
  [ROOT.threads],
  [ROOT.interpreter, ROOT.staticTypes],
  [ROOT.garbageList],
  [ROOT.heldByC],
  [ROOT.interned, ROOT.immortal],
];

/** Chains never lead through nodes that `ignored` marks with 1. */
export function* shortestTree(graph: HeapGraph, ignored: Uint8Array | null = null): Steps<ShortestTree> {
  const search = new Search(graph, ignored);
  for (let wave = 0; wave <= WAVES.length; wave++) yield* search.run(wave);
  return { order: search.order.subarray(0, search.found), parent: search.parent, edge: search.edge };
}

/** An edge that counts twice. */
interface Late {
  node: number;
  edge: number;
}

class Search {
  readonly order: Uint32Array;
  readonly parent: Uint32Array;
  readonly edge: Uint32Array;
  found = 1;
  readonly #graph: HeapGraph;
  readonly #ignored: Uint8Array | null;
  readonly #kinds: ReadonlyMap<number, number>;
  readonly #aliases: Aliases;
  #at = 1;

  constructor(graph: HeapGraph, ignored: Uint8Array | null) {
    this.#graph = graph;
    this.#ignored = ignored;
    this.#kinds = new Map(graph.roots.map(({ node, kind }) => [node, kind]));
    this.#aliases = aliasesOf(graph);
    this.order = scratchU32(graph.nodes);
    this.parent = scratchU32(graph.nodes).fill(NONE);
    this.edge = scratchU32(graph.nodes).fill(NONE);
  }

  /** The groups of one wave, and everything they reach that no earlier wave has found. */
  *run(wave: number): Steps<void> {
    const { edgeStart, edgeTo } = this.#graph;
    for (let e = edgeStart[0]!; e < edgeStart[1]!; e++) {
      if (this.#waveOf(edgeTo[e]!) === wave) this.#reach(0, e);
    }
    let edges = 0;
    let due: Late[] = [];
    while (this.#at < this.found || due.length > 0) {
      const end = this.found;
      const late: Late[] = [];
      for (; this.#at < end; this.#at++) {
        edges += this.#expand(this.order[this.#at]!, late);
        if (edges < STEP) continue;
        yield;
        edges = 0;
      }
      for (const { node, edge } of due) this.#reach(node, edge);
      due = late;
    }
  }

  #expand(node: number, late: Late[]): number {
    const { edgeStart } = this.#graph;
    const start = edgeStart[node]!;
    const end = edgeStart[node + 1]!;
    if (this.#aliases.has[node] === 1) this.#expandOwner(node, late);
    else for (let e = start; e < end; e++) this.#reach(node, e);
    return end - start + 1;
  }

  /** Its aliases are reached one level later. */
  #expandOwner(node: number, late: Late[]): void {
    const { edgeStart } = this.#graph;
    for (let edge = edgeStart[node]!; edge < edgeStart[node + 1]!; edge++) {
      if (this.#aliases.edges.has(edge)) late.push({ node, edge });
      else this.#reach(node, edge);
    }
  }

  #reach(from: number, e: number): void {
    const to = this.#graph.edgeTo[e]!;
    if (this.parent[to] !== NONE || to === 0) return;
    if (this.#ignored !== null && this.#ignored[to] === 1) return;
    this.parent[to] = from;
    this.edge[to] = e;
    this.order[this.found++] = to;
  }

  #waveOf(node: number): number {
    const kind = this.#kinds.get(node) ?? NONE;
    const wave = WAVES.findIndex((kinds) => kinds.includes(kind));
    return wave < 0 ? WAVES.length : wave;
  }
}
