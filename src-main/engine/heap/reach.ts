/**
 * Who owns an object: the program, through which kind of root, or Heapscope itself.
 *
 *     modules → a → b     agent → x → b, x → y     z ⇄ w     (C code) → v
 *     belonging   a b: reached · x y: agent · v: reached, from C · z w: unreachable
 *
 * An object of the agent never keeps anything alive, and what only the agent reaches is left out. Objects that neither a root nor
 * the agent reaches belong to the program, with all that they reach; `uncollectable.ts` tells which of them stay for ever.
 */
import { DUMP_ROOT } from './dump-numbers.ts';
import { FLAG, LABEL, NONE, TYPE_FLAG } from './graph.ts';
import type { SparseNumbers } from './graph.ts';
import { release, scratchU32, scratchU8, U32Stack } from './memory.ts';
import { ownObjects } from './own-objects.ts';
import type { RawHeap, RawRoot } from './raw-heap.ts';
import { blockers } from './uncollectable.ts';

/** Of unreachable objects `uncollectable` are those that no collection frees. */
export const BELONGS = { reached: 1, agent: 2, unreachable: 3, uncollectable: 4 } as const;

export interface Reach {
  /** For each object one of `BELONGS`. */
  readonly belongs: Uint8Array;
  readonly agentObjects: number;
  /** One object of each source component of the unreachable objects: together they reach all of them. */
  readonly representatives: Uint32Array;
  /** The same, of those that no collection frees; these reach no others. */
  readonly uncollectable: Uint32Array;
  /**
   * The dump's roots with the references that each holds itself. The interpreter also refers to what the modules hold (`sys`, builtins,
   * code that runs): with those references everything would be dominated by the super root only.
   */
  readonly roots: readonly RawRoot[];
  /** Objects that C code holds, except for those parts of the program's code that a root above also holds. */
  readonly heldByC: Uint32Array;
}

const SEED = 5;
/** A buffer held by C code counts; a small number or name does not. */
const LARGE_ATOM = 1024;
const CODE = new Set(
  (
    'module function builtin_function_or_method code method cell property staticmethod classmethod method_descriptor ' +
    'wrapper_descriptor getset_descriptor member_descriptor classmethod_descriptor'
  ).split(' '),
);

/** `raw` with strong edges only. */
export function reach(raw: RawHeap, external: SparseNumbers): Reach {
  const belongs = scratchU8(raw.nodes);
  const isOurs = ({ kind, parent, ident }: RawRoot): boolean => kind === DUMP_ROOT.agent && parent === NONE && ident === 0;
  const held = raw.roots.filter(isOurs).flatMap(({ refs }) => [...refs]);
  const seeds = ownObjects(
    raw,
    held.filter((seed) => seed !== NONE),
    external,
  );
  for (const seed of seeds) belongs[seed] = SEED;
  const search = new Search(raw, belongs);
  const roots = fromRoots(raw, search, belongs);
  const heldByC = external.node.filter((node) => belongs[node] !== BELONGS.reached || !isCode(raw, node));
  // Objects held by our own threads and frames may be the program's: they are ours only if nothing else is found to hold them.
  search.fromSeeds(seeds);
  for (const { kind, refs } of raw.roots) if (kind === DUMP_ROOT.agent) search.from(refs, BELONGS.agent);
  search.fromRest();
  search.from(external.node, BELONGS.reached);
  search.fromImmortal();
  search.from(
    blockers(raw, (node) => belongs[node] === BELONGS.unreachable),
    BELONGS.uncollectable,
  );
  search.dispose();
  for (const seed of seeds) if (belongs[seed] === SEED) belongs[seed] = BELONGS.agent;
  const counts = new Uint32Array(SEED);
  for (let node = 0; node < raw.nodes; node++) counts[belongs[node]!]!++;
  const among = (mark: number): Uint32Array => sourceRepresentatives(raw, belongs, mark, counts[mark]!);
  return {
    belongs,
    agentObjects: counts[BELONGS.agent]!,
    representatives: among(BELONGS.unreachable),
    uncollectable: among(BELONGS.uncollectable),
    roots,
    heldByC,
  };
}

const GROUPS: readonly (readonly number[])[] = [
  [DUMP_ROOT.modules],
  [DUMP_ROOT.thread, DUMP_ROOT.frame],
  [DUMP_ROOT.interpreter],
  [DUMP_ROOT.staticTypes],
  [DUMP_ROOT.garbageList],
  [DUMP_ROOT.interned],
];

/** Modules come first, then running code, then the rest; each group is left with what no group before it reaches. */
function fromRoots(raw: RawHeap, search: Search, belongs: Uint8Array): RawRoot[] {
  const kept = [...raw.roots];
  for (const group of GROUPS) {
    const members = [...raw.roots.entries()].filter(([, { kind }]) => group.includes(kind));
    for (const [index, root] of members) kept[index] = inOwnRight(raw, root, belongs);
    for (const [, { refs }] of members) search.from(refs, BELONGS.reached);
  }
  return kept;
}

function inOwnRight(raw: RawHeap, root: RawRoot, belongs: Uint8Array): RawRoot {
  const isNew = (place: number): boolean => {
    const node = root.refs[place]!;
    const label = raw.labels[root.labels[place]!]?.kind ?? LABEL.none;
    const holds = label === LABEL.local || label === LABEL.closure || root.kind === DUMP_ROOT.garbageList;
    return holds || node === NONE || belongs[node] !== BELONGS.reached;
  };
  return { ...root, refs: root.refs.filter((_, place) => isNew(place)), labels: root.labels.filter((_, place) => isNew(place)) };
}

/** Parts of the program's code, and small atoms: extensions hold many of them permanently, and no leak depends on one. */
function isCode({ flags, type, types, size, edgeStart }: RawHeap, node: number): boolean {
  if ((flags[node]! & FLAG.type) !== 0 || CODE.has(types[type[node]!]!.name)) return true;
  return edgeStart[node + 1] === edgeStart[node] && size[node]! < LARGE_ATOM;
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
    this.#stack = scratchU32(raw.nodes);
  }

  /** What was not reached yet, or counts as unreachable so far, and everything it reaches. */
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

  /** Neither a root nor the agent reaches these; what they hold is the program's, even if the agent holds it too. */
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

  /** Continues to nodes that have no mark, or the mark `weaker`. */
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
 * The node that a depth-first search finishes last is in a source component, and so is the last one among the nodes it does not reach.
 * Instances of Python classes go first, so that a cycle is named by them rather than by their dictionaries.
 */
function sourceRepresentatives(raw: RawHeap, belongs: Uint8Array, mark: number, count: number): Uint32Array {
  if (count === 0) return new Uint32Array(0);
  const starts = scratchU32(count);
  let found = 0;
  for (const first of [true, false]) {
    for (let node = 0; node < raw.nodes && found < count; node++) {
      if (belongs[node] === mark && isPython(raw, node) === first) starts[found++] = node;
    }
  }
  return sources(raw, belongs, mark, starts);
}

function sources(raw: RawHeap, belongs: Uint8Array, mark: number, starts: Uint32Array): Uint32Array {
  const finished = finishOrder(raw, belongs, mark, starts);
  const seen = scratchU8(raw.nodes);
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
        if (to === NONE || belongs[to] !== mark || seen[to] === 1) continue;
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

function finishOrder({ edgeStart, edgeTo, nodes }: RawHeap, belongs: Uint8Array, mark: number, starts: Uint32Array): Uint32Array {
  const seen = scratchU8(nodes);
  const finished = scratchU32(starts.length);
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
      while (at < end && !isNew(edgeTo[at]!, belongs, mark, seen)) at++;
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

function isNew(to: number, belongs: Uint8Array, mark: number, seen: Uint8Array): boolean {
  return to !== NONE && belongs[to] === mark && seen[to] === 0;
}
