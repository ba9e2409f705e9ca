import type { SnapshotId } from '../../../src-preload/contract/index.ts';
import { addressOrder } from '../heap/address-order.ts';
import { findCycles, type Cycles } from '../heap/cycles.ts';
import { BIG, FLAG, NONE, type HeapGraph } from '../heap/graph.ts';
import { containerLengths } from '../heap/lengths.ts';
import { release, scratchF64, scratchU32 } from '../heap/memory.ts';
import { referrers, referrerStarts, type Referrers } from '../heap/referrers.ts';
import { finish, type Steps } from '../heap/in-steps.ts';
import { shortestTree, type ShortestTree } from '../heap/shortest.ts';
import { bytesIn, Memo } from '../worker/memo.ts';
import { isBuiltin } from './type-names.ts';

/** Bytes of permutations and sets that one heap keeps for the next request. */
const MEMO_BYTES = 256 * 1024 * 1024;

/** Data that is derived from a graph on first use, and kept. */
interface Derived {
  sizesBefore: Float64Array;
  objects: Uint32Array;
  dominators: Uint32Array;
  referrerStarts: Uint32Array;
  referrers: Referrers;
  tree: ShortestTree;
  byAddress: Uint32Array;
  byType: { start: Uint32Array; nodes: Uint32Array };
  childCounts: Uint32Array;
  lengths: Uint32Array;
  cycles: Cycles;
}

/** Long passes, which can be run step by step in the background. */
type Stepwise = 'referrers' | 'tree' | 'cycles';

/**
 * One heap in memory: the graph, and data derived from it on demand. In the worker. Sets of objects are ascending arrays of nodes
 * everywhere; preorder makes a retained set a contiguous part of `objects`.
 */
export class HeapView {
  readonly key: string;
  readonly snapshot: SnapshotId;
  readonly graph: HeapGraph;
  /** Sets, orders and tables by their query. */
  readonly memo = new Memo(MEMO_BYTES);
  readonly #graphBytes: number;
  #derived: Partial<Derived> = {};
  readonly #begun = new Map<Stepwise, Steps<void>>();
  /** Small results of callers, by the name they gave. */
  readonly #small = new Map<string, unknown>();
  readonly #todo = new Map<string, () => void>();
  #derivedBytes = 0;

  /** `known`: what was derived from this graph before. */
  constructor({ key, snapshot }: { key: string; snapshot: SnapshotId }, graph: HeapGraph, known: Pick<Partial<Derived>, 'byAddress'> = {}) {
    this.key = key;
    this.snapshot = snapshot;
    this.graph = graph;
    this.#graphBytes = bytesIn(graph);
    this.#derived = { ...known };
    this.#derivedBytes = bytesIn(known);
    markNamespaces(graph);
  }

  get bytes(): number {
    return this.#graphBytes + this.#derivedBytes + this.memo.bytes;
  }

  /** Sum of the sizes of all nodes before each: `nodes + 1` numbers. */
  get sizesBefore(): Float64Array {
    return this.#derive('sizesBefore', () => runningSizes(this.graph));
  }

  /** All objects: nodes that are not synthetic. */
  get objects(): Uint32Array {
    return this.#derive('objects', () => objectsOf(this.graph));
  }

  /** Nearest dominator of each node; `NONE` for the super root. */
  get dominators(): Uint32Array {
    return this.#derive('dominators', () => dominatorsOf(this.graph));
  }

  /** Running number of strong references to each node: `nodes + 1` numbers. */
  get referrerStarts(): Uint32Array {
    return this.#derive('referrerStarts', () => referrerStarts(this.graph));
  }

  get referrers(): Referrers {
    return this.#whole('referrers', () => referrers(this.graph, this.referrerStarts));
  }

  get tree(): ShortestTree {
    return this.#whole('tree', () => shortestTree(this.graph));
  }

  /** Objects by ascending address. */
  get byAddress(): Uint32Array {
    return this.#derive('byAddress', () => addressOrder(this.graph));
  }

  /** Objects of each type, ascending: those of type `t` are `nodes[start[t] … start[t + 1])`. */
  get byType(): { start: Uint32Array; nodes: Uint32Array } {
    return this.#derive('byType', () => nodesByType(this.graph, this.objects));
  }

  /** How many nodes each dominates directly. */
  get childCounts(): Uint32Array {
    return this.#derive('childCounts', () => countChildren(this.dominators));
  }

  /** Items of each container; `NONE`: it is none. */
  get lengths(): Uint32Array {
    return this.#derive('lengths', () => containerLengths(this.graph));
  }

  get cycles(): Cycles {
    return this.#whole('cycles', () => findCycles(this.graph));
  }

  shallow(node: number): number {
    const size = this.graph.size[node]!;
    return size === BIG ? this.sizesBefore[node + 1]! - this.sizesBefore[node]! : size;
  }

  retained(node: number): number {
    return this.sizesBefore[node + this.graph.subtree[node]!]! - this.sizesBefore[node]!;
  }

  isSynthetic(node: number): boolean {
    return (this.graph.flags[node]! & FLAG.synthetic) !== 0;
  }

  /** Frees what was derived by passes over the graph, at once. Nobody may use any of it now. */
  dropDerived(): void {
    for (const value of Object.values(this.#derived)) {
      release(...(ArrayBuffer.isView(value) ? [value] : (Object.values(value) as Uint32Array[])));
    }
    this.#derived = {};
    this.#begun.clear();
    this.#derivedBytes = 0;
    this.memo.clear();
  }

  /** Does a small step, some milliseconds, of work that later queries will need; false: nothing is left. */
  prepare(): boolean {
    const derived = this.#derived;
    if (derived.referrerStarts === undefined) void this.referrerStarts;
    else if (derived.tree === undefined) this.#step('tree', () => shortestTree(this.graph));
    else if (derived.referrers === undefined) this.#step('referrers', () => referrers(this.graph, this.referrerStarts));
    else if (derived.dominators === undefined) void this.dominators;
    else if (derived.byType === undefined) void this.byType;
    else if (derived.cycles === undefined) this.#step('cycles', () => findCycles(this.graph));
    else return false;
    return true;
  }

  /** Longer work, for when there was no query for a while; once per name. */
  later(name: string, work: () => void): void {
    this.#todo.set(name, work);
  }

  /** Does one of those; false: there is none. */
  catchUp(): boolean {
    for (const [name, work] of this.#todo) {
      this.#todo.delete(name);
      work();
      return true;
    }
    return false;
  }

  /** A small value that is computed once and kept as long as the heap. */
  once<T>(name: string, make: () => T): T {
    if (!this.#small.has(name)) {
      const made = make();
      this.#small.set(name, made);
      this.#derivedBytes += bytesIn(made);
    }
    return this.#small.get(name) as T;
  }

  #derive<K extends keyof Derived>(name: K, make: () => Derived[K]): Derived[K] {
    const known: Derived[K] | undefined = this.#derived[name];
    if (known !== undefined) return known;
    const made = make();
    this.#derived[name] = made;
    this.#derivedBytes += bytesIn(made);
    return made;
  }

  /** One step of a long pass. */
  #step<K extends Stepwise>(name: K, begin: () => Steps<Derived[K]>): void {
    if (this.#begin(name, begin).next().done === true) this.#begun.delete(name);
  }

  /** Runs a long pass to its end, from where it stopped. */
  #whole<K extends Stepwise>(name: K, begin: () => Steps<Derived[K]>): Derived[K] {
    const known: Derived[K] | undefined = this.#derived[name];
    if (known !== undefined) return known;
    finish(this.#begin(name, begin));
    this.#begun.delete(name);
    return this.#derived[name]!;
  }

  #begin<K extends Stepwise>(name: K, begin: () => Steps<Derived[K]>): Steps<void> {
    const steps = this.#begun.get(name) ?? this.#keep(name, begin());
    this.#begun.set(name, steps);
    return steps;
  }

  *#keep<K extends Stepwise>(name: K, steps: Steps<Derived[K]>): Steps<void> {
    const value = yield* steps;
    this.#derive(name, () => value);
  }
}

/** The dictionary of a module or a class names attributes, like an instance's: `app.sessions`, not `app['sessions']`. */
function markNamespaces({ nodes, type, types, flags, edgeStart, edgeTo, shape, shapes, labels }: HeapGraph): void {
  const isModule = Uint8Array.from(types, (type) => (type.name === 'module' && isBuiltin(type) ? 1 : 0));
  for (let node = 0; node < nodes; node++) {
    if (isModule[type[node]!] === 0 && (flags[node]! & FLAG.type) === 0) continue;
    const first = shapes.start[shape[node]!]!;
    const named = Math.min(shapes.start[shape[node]! + 1]! - first, edgeStart[node + 1]! - edgeStart[node]!);
    for (let place = 0; place < named; place++) {
      const to = edgeTo[edgeStart[node]! + place]!;
      if (labels[shapes.label[first + place]!]!.name === '__dict__') flags[to] = flags[to]! | FLAG.instanceDict;
    }
  }
}

function runningSizes({ nodes, size, big }: HeapGraph): Float64Array {
  const before = scratchF64(nodes + 1);
  let sum = 0;
  let next = 0;
  for (let node = 0; node < nodes; node++) {
    before[node] = sum;
    if (size[node] === BIG && big.node[next] === node) sum += big.value[next++]!;
    else sum += size[node]!;
  }
  before[nodes] = sum;
  return before;
}

function objectsOf({ nodes, flags, roots }: HeapGraph): Uint32Array {
  const found = scratchU32(nodes - roots.length);
  let count = 0;
  for (let node = 0; node < nodes && count < found.length; node++) {
    if ((flags[node]! & FLAG.synthetic) === 0) found[count++] = node;
  }
  return found.subarray(0, count);
}

/** Preorder: the dominator of a node is the last one before it whose subtree is still open. */
function dominatorsOf({ nodes, subtree }: HeapGraph): Uint32Array {
  const dominator = scratchU32(nodes);
  let open = NONE;
  for (let node = 0; node < nodes; node++) {
    while (open !== NONE && node >= open + subtree[open]!) open = dominator[open]!;
    dominator[node] = open;
    open = node;
  }
  return dominator;
}

function nodesByType({ type, types }: HeapGraph, objects: Uint32Array): { start: Uint32Array; nodes: Uint32Array } {
  const start = scratchU32(types.length + 1);
  for (let i = 0; i < objects.length; i++) start[type[objects[i]!]! + 1]!++;
  for (let t = 0; t < types.length; t++) start[t + 1]! += start[t]!;
  const next = start.slice();
  const nodes = scratchU32(objects.length);
  for (let i = 0; i < objects.length; i++) nodes[next[type[objects[i]!]!]!++] = objects[i]!;
  return { start, nodes };
}

function countChildren(dominators: Uint32Array): Uint32Array {
  const counts = scratchU32(dominators.length);
  for (let child = 1; child < counts.length; child++) counts[dominators[child]!]!++;
  return counts;
}

/** The nodes that match, in their order; many times faster than `filter` of typed arrays. */
export function select(nodes: Uint32Array, passes: (node: number) => boolean): Uint32Array {
  const kept = new Uint32Array(nodes.length);
  let count = 0;
  for (let i = 0; i < nodes.length; i++) if (passes(nodes[i]!)) kept[count++] = nodes[i]!;
  return kept.slice(0, count);
}
