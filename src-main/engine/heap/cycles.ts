/**
 * Reference cycles: strongly connected components with more than one object, and objects that hold themselves. An iterative
 * form of Tarjan's algorithm in Pearce's frugal version. Four objects, `0 → 1 → 2 → 1`, `2 → 3`:
 *
 *     start    0 2          cycle `c` is the members [start[c], start[c + 1])
 *     member   1 2          ascending within a cycle; cycles in the order of their first member
 *
 * Types, modules and the global names of functions connect a whole heap: those are left out, or everything would be one cycle. Among
 * unreachable objects nothing is left out, since all of them could be freed.
 */
import { FLAG, NONE, type HeapGraph } from './graph.ts';
import { STEP, type Steps } from './in-steps.ts';
import { release, U32Stack } from './memory.ts';

export interface Cycles {
  readonly start: Uint32Array;
  readonly member: Uint32Array;
}

/** References that connect every function to its module. */
const TIES = new Set(['__globals__', '__builtins__', 'f_globals', 'f_builtins', '__module__', 'f_back', 'gi_frame', 'cr_frame']);

/** What the search reads; a reference to `NONE` leads nowhere. */
export type CycleGraph = Pick<HeapGraph, 'nodes' | 'edgeStart' | 'edgeTo' | 'flags' | 'type' | 'types' | 'shape' | 'shapes' | 'labels'>;

export function* findCycles(graph: CycleGraph): Steps<Cycles> {
  const search = new CycleSearch(graph);
  let next = STEP;
  for (let node = 0; node < graph.nodes; node++) {
    if (!search.isNew(node)) continue;
    search.enter(node);
    while (search.advance()) {
      if (search.work < next) continue;
      next = search.work + STEP;
      yield;
    }
  }
  return search.finish();
}

const OUT = 1;

class CycleSearch {
  /** Looks at nodes and at their edges. */
  work = 0;
  readonly #graph: CycleGraph;
  /** 0: not visited; otherwise the lowest number that it reaches, until its component is closed; then `closed`. */
  readonly #low: Uint32Array;
  readonly #skip: Uint8Array;
  readonly #tied: Uint8Array;
  readonly #path = new U32Stack();
  readonly #numbers = new U32Stack();
  readonly #cursor = new U32Stack();
  /** Visited, in order, component not closed yet. */
  readonly #open = new U32Stack();
  readonly #found = new U32Stack();
  readonly #sizes = new U32Stack();
  #number = 0;

  constructor(graph: CycleGraph) {
    this.#graph = graph;
    this.#low = new Uint32Array(graph.nodes);
    this.#skip = skippedNodes(graph);
    this.#tied = tiedShapes(graph);
  }

  isNew(node: number): boolean {
    return this.#low[node] === 0 && this.#skip[node] !== OUT;
  }

  finish(): Cycles {
    release(this.#low, this.#skip);
    return byFirstMember(this.#found.toArray(), this.#sizes.toArray());
  }

  enter(node: number): void {
    this.#low[node] = ++this.#number;
    this.#numbers.push(this.#number);
    this.#path.push(node);
    this.#cursor.push(this.#graph.edgeStart[node]!);
    this.#open.push(node);
  }

  /** Follows the edges of the last node of the path up to the first one that leads to a new node. False: there is none. */
  advance(): boolean {
    if (this.#path.length === 0) return false;
    this.work++;
    const { edgeStart, edgeTo } = this.#graph;
    const low = this.#low;
    const node = this.#path.pop();
    const number = this.#numbers.pop();
    let e = this.#cursor.pop();
    const end = edgeStart[node + 1]!;
    for (; e < end; e++) {
      const to = edgeTo[e]!;
      this.work++;
      if (to === NONE || this.#skip[to] === OUT || this.#isTie(node, e)) continue;
      if (low[to] === 0) {
        this.#path.push(node);
        this.#numbers.push(number);
        this.#cursor.push(e); // Checked again when the search leaves it: its lowest number is known then.
        this.enter(to);
        return true;
      }
      if (low[to]! < low[node]!) low[node] = low[to]!;
    }
    if (low[node] === number) this.#close(node);
    return true;
  }

  #close(node: number): void {
    let size = 0;
    for (;;) {
      const member = this.#open.pop();
      this.#low[member] = CLOSED;
      this.#found.push(member);
      size++;
      if (member === node) break;
    }
    if (size > 1 || this.#holdsItself(node)) this.#sizes.push(size);
    else this.#found.length -= 1;
  }

  #holdsItself(node: number): boolean {
    const { edgeStart, edgeTo } = this.#graph;
    for (let e = edgeStart[node]!; e < edgeStart[node + 1]!; e++) if (edgeTo[e] === node) return true;
    return false;
  }

  #isTie(node: number, edge: number): boolean {
    const { shape, shapes, labels, flags, edgeStart } = this.#graph;
    if (this.#tied[shape[node]!] === 0 || (flags[node]! & FLAG.unreachable) !== 0) return false;
    const place = shapes.start[shape[node]!]! + edge - edgeStart[node]!;
    return place < shapes.start[shape[node]! + 1]! && TIES.has(labels[shapes.label[place]!]!.name);
  }
}

/** Above every number that a search assigns: a closed component is not part of another. */
const CLOSED = 0xffffffff;

function skippedNodes({ nodes, flags, type, types }: CycleGraph): Uint8Array {
  const skip = new Uint8Array(nodes);
  const modules = Uint8Array.from(types, ({ name, module }) => (name === 'module' && (module === '' || module === 'builtins') ? 1 : 0));
  for (let node = 0; node < nodes; node++) {
    const flag = flags[node]!;
    if ((flag & FLAG.synthetic) !== 0) skip[node] = OUT;
    else if ((flag & FLAG.unreachable) === 0 && ((flag & FLAG.type) !== 0 || modules[type[node]!] === 1)) skip[node] = OUT;
  }
  return skip;
}

function tiedShapes({ shapes, labels }: CycleGraph): Uint8Array {
  const tied = new Uint8Array(shapes.rest.length);
  for (let shape = 0; shape < tied.length; shape++) {
    for (let i = shapes.start[shape]!; i < shapes.start[shape + 1]!; i++) if (TIES.has(labels[shapes.label[i]!]!.name)) tied[shape] = 1;
  }
  return tied;
}

/** Members are found last first, cycles innermost first. */
function byFirstMember(found: Uint32Array, sizes: Uint32Array): Cycles {
  const parts: Uint32Array[] = [];
  let at = 0;
  for (const size of sizes) parts.push(found.subarray(at, (at += size)).sort());
  parts.sort((a, b) => a[0]! - b[0]!);
  const start = new Uint32Array(parts.length + 1);
  const member = new Uint32Array(found.length);
  for (const [i, part] of parts.entries()) {
    member.set(part, start[i]);
    start[i + 1] = start[i]! + part.length;
  }
  return { start, member };
}
