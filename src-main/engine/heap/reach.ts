/**
 * Whose an object is: the program's, by which kind of root, or Heapscope's own.
 *
 *     modules → a → b     agent → x → b, x → y     z ⇄ w     (C code) → v
 *     belonging   a b: reached · x y: agent · v: reached, from C · z w: unreachable
 *
 * An object of the agent never keeps anything alive, and what only it reaches is left out. Objects that neither a root nor
 * the agent reaches belong to the program, with all that they reach.
 */
import { DUMP_ROOT } from './dump-format.ts';
import { FLAG, NONE, TYPE_FLAG } from './graph.ts';
import type { SparseNumbers } from './graph.ts';
import { U32Stack, release } from './memory.ts';
import type { RawHeap } from './raw-heap.ts';

export const BELONGS = { reached: 1, agent: 2, unreachable: 3 } as const;

export interface Reach {
  /** For each object one of `BELONGS`. */
  readonly belongs: Uint8Array;
  readonly agentObjects: number;
  /** One object of each source component of what is unreachable: together they reach all of it. */
  readonly representatives: Uint32Array;
}

const SEED = 4;

/** `raw` with strong edges only. */
export function reach(raw: RawHeap, external: SparseNumbers): Reach {
  const belongs = new Uint8Array(raw.nodes);
  const named = raw.roots.filter(({ kind }) => kind === DUMP_ROOT.agent).flatMap(({ refs }) => [...refs]);
  const seeds = [...new Set(named)].filter((seed) => seed !== NONE);
  for (const seed of seeds) belongs[seed] = SEED;
  const search = new Search(raw, belongs);
  for (const { kind, refs } of raw.roots) if (kind !== DUMP_ROOT.agent) search.from(refs, BELONGS.reached);
  search.fromSeeds(seeds);
  search.fromRest();
  search.from(external.node, BELONGS.reached);
  search.fromImmortal();
  search.dispose();
  let agentObjects = 0;
  for (let node = 0; node < raw.nodes; node++) {
    if (belongs[node] === SEED) belongs[node] = BELONGS.agent;
    if (belongs[node] === BELONGS.agent) agentObjects++;
  }
  return { belongs, agentObjects, representatives: sourceRepresentatives(raw, belongs) };
}

/** Marks on push: each object is on the stack once. */
class Search {
  readonly #raw: RawHeap;
  readonly #belongs: Uint8Array;
  readonly #stack: Uint32Array;
  #depth = 0;

  constructor(raw: RawHeap, belongs: Uint8Array) {
    this.#raw = raw;
    this.#belongs = belongs;
    this.#stack = new Uint32Array(raw.nodes);
  }

  /** What was not reached yet, or is only unreachable so far, and all that it reaches. */
  from(starts: Uint32Array, mark: number): void {
    for (let i = 0; i < starts.length; i++) {
      const belongs = starts[i] === NONE ? mark : this.#belongs[starts[i]!]!;
      if (belongs === 0 || belongs === BELONGS.unreachable) this.#push(starts[i]!, mark);
    }
    this.#spread(mark, BELONGS.unreachable);
  }

  fromSeeds(seeds: readonly number[]): void {
    for (const seed of seeds) this.#stack[this.#depth++] = seed;
    this.#spread(BELONGS.agent, 0);
  }

  /** Neither a root nor the agent reaches these; what they hold is the program's, though the agent may hold it too. */
  fromRest(): void {
    for (let node = 0; node < this.#raw.nodes; node++) {
      if (this.#belongs[node] === 0) this.#push(node, BELONGS.unreachable);
    }
    this.#spread(BELONGS.unreachable, BELONGS.agent);
  }

  fromImmortal(): void {
    for (let node = 0; node < this.#raw.nodes; node++) {
      if (this.#belongs[node] === BELONGS.unreachable && (this.#raw.flags[node]! & FLAG.immortal) !== 0) this.#push(node, BELONGS.reached);
    }
    this.#spread(BELONGS.reached, BELONGS.unreachable);
  }

  dispose(): void {
    release(this.#stack);
  }

  #push(node: number, mark: number): void {
    this.#belongs[node] = mark;
    this.#stack[this.#depth++] = node;
  }

  /** On to what has no mark, or the mark `weaker`. */
  #spread(mark: number, weaker: number): void {
    const { edgeStart, edgeTo } = this.#raw;
    const belongs = this.#belongs;
    const stack = this.#stack;
    let depth = this.#depth;
    while (depth > 0) {
      const node = stack[--depth]!;
      for (let i = edgeStart[node]!, end = edgeStart[node + 1]!; i < end; i++) {
        const to = edgeTo[i]!;
        if (to === NONE || (belongs[to] !== 0 && belongs[to] !== weaker)) continue;
        belongs[to] = mark;
        stack[depth++] = to;
      }
    }
    this.#depth = 0;
  }
}

/**
 * The last to finish of a depth-first search lies in a source component, and so does the last of what it does not reach.
 * Instances of Python classes go first, so that a cycle is named by them rather than by their dictionaries.
 */
function sourceRepresentatives(raw: RawHeap, belongs: Uint8Array): Uint32Array {
  const loose = new U32Stack();
  for (let node = 0; node < raw.nodes; node++) {
    if (belongs[node] === BELONGS.unreachable && isPython(raw, node)) loose.push(node);
  }
  for (let node = 0; node < raw.nodes; node++) {
    if (belongs[node] === BELONGS.unreachable && !isPython(raw, node)) loose.push(node);
  }
  const starts = loose.toArray();
  const finished = finishOrder(raw, belongs, starts);
  const seen = new Uint8Array(starts.length === 0 ? 0 : raw.nodes);
  const found = new U32Stack();
  const stack = new U32Stack();
  for (let i = finished.length - 1; i >= 0; i--) {
    if (seen[finished[i]!] === 1) continue;
    found.push(finished[i]!);
    stack.push(finished[i]!);
    seen[finished[i]!] = 1;
    while (stack.length > 0) {
      const node = stack.pop();
      for (let e = raw.edgeStart[node]!; e < raw.edgeStart[node + 1]!; e++) {
        const to = raw.edgeTo[e]!;
        if (to === NONE || belongs[to] !== BELONGS.unreachable || seen[to] === 1) continue;
        seen[to] = 1;
        stack.push(to);
      }
    }
  }
  release(seen, starts, finished);
  return found.toArray();
}

function isPython({ type, types }: RawHeap, node: number): boolean {
  return (types[type[node]!]!.flags & TYPE_FLAG.python) !== 0;
}

function finishOrder({ edgeStart, edgeTo, nodes }: RawHeap, belongs: Uint8Array, starts: Uint32Array): Uint32Array {
  const seen = new Uint8Array(starts.length === 0 ? 0 : nodes);
  const finished = new Uint32Array(starts.length);
  const path = new U32Stack();
  const cursor = new U32Stack();
  let done = 0;
  for (const start of starts) {
    if (seen[start] === 1) continue;
    seen[start] = 1;
    path.push(start);
    cursor.push(edgeStart[start]!);
    while (path.length > 0) {
      const node = path.pop();
      let at = cursor.pop();
      const end = edgeStart[node + 1]!;
      while (at < end && !isNew(edgeTo[at]!, belongs, seen)) at++;
      if (at === end) {
        finished[done++] = node;
        continue;
      }
      path.push(node);
      cursor.push(at + 1);
      seen[edgeTo[at]!] = 1;
      path.push(edgeTo[at]!);
      cursor.push(edgeStart[edgeTo[at]!]!);
    }
  }
  release(seen);
  return finished;
}

function isNew(to: number, belongs: Uint8Array, seen: Uint8Array): boolean {
  return to !== NONE && belongs[to] === BELONGS.unreachable && seen[to] === 0;
}
