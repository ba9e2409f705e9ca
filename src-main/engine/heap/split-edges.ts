/**
 * Separates strong and weak edges: weak edges are removed from the columns (their positions are kept), and each strong edge and root is
 * subtracted from the reference count of its target. The rest of a count comes from unknown holders.
 *
 * `ref` with the edges `__callback__`, weak, to `a` and `b`, where `b` has two references:
 *
 *     edges   ref: 1 2   →   ref: 2        weak   ref, place 0, to 1       external   b: 1
 *
 * The columns are changed in place.
 */
import { FLAG, NONE } from './graph.ts';
import type { SparseNumbers } from './graph.ts';
import { NO_COUNT } from './dump-format.ts';
import { DUMP_ROOT, LABEL } from './dump-numbers.ts';
import { U32Stack } from './memory.ts';
import type { RawHeap } from './raw-heap.ts';

/** `place` counts all edges of the node; sorted by node, then place. */
export interface RawWeakEdges {
  readonly node: Uint32Array;
  readonly place: Uint32Array;
  readonly to: Uint32Array;
}

export interface SplitEdges {
  /** The strong ones, as `edgeStart` and `edgeTo` of the heap now have them. */
  readonly edges: number;
  readonly weak: RawWeakEdges;
  readonly external: SparseNumbers;
}

export function splitEdges(raw: RawHeap): SplitEdges {
  const { edges, weak } = takeWeak(raw);
  countReferences(raw, edges);
  markStatic(raw);
  return { edges, weak, external: leftOver(raw.refs) };
}

/** No object has this many references. CPython 3.11 gives its frozen code and their constants 999,999,999: they are never freed. */
const STATIC = 2 ** 29;

function markStatic({ refs, flags }: RawHeap): void {
  for (let i = 0; i < refs.length; i++) {
    if (refs[i]! < STATIC) continue;
    if (refs[i] !== NO_COUNT) flags[i] = flags[i]! | FLAG.immortal;
    refs[i] = NO_COUNT;
  }
}

function takeWeak(raw: RawHeap): { edges: number; weak: RawWeakEdges } {
  const { nodes, edgeStart, edgeTo, shape } = raw;
  const weakShapes = shapesWithWeak(raw);
  const tables = new Set(raw.roots.filter(({ kind }) => kind === DUMP_ROOT.interned).flatMap(({ refs }) => [...refs]));
  const found = { node: new U32Stack(), place: new U32Stack(), to: new U32Stack() };
  let kept = 0;
  let from = 0;
  for (let node = 0; node < nodes; node++) {
    const end = edgeStart[node + 1]!;
    edgeStart[node] = kept;
    const plain = weakShapes[shape[node]!] === 0 && !(tables.size > 0 && tables.has(node));
    if (plain && kept === from) kept = from = end;
    else if (plain) while (from < end) edgeTo[kept++] = edgeTo[from++]!;
    else {
      for (let place = 0; from < end; place++, from++) {
        if (!isWeak(raw, node, place, edgeTo[from]!, tables)) edgeTo[kept++] = edgeTo[from]!;
        else {
          found.node.push(node);
          found.place.push(place);
          found.to.push(edgeTo[from]!);
        }
      }
    }
  }
  edgeStart[nodes] = kept;
  return { edges: kept, weak: { node: found.node.toArray(), place: found.place.toArray(), to: found.to.toArray() } };
}

function shapesWithWeak({ shapes, labels }: RawHeap): Uint8Array {
  const weak = new Uint8Array(shapes.rest.length);
  for (let shape = 0; shape < weak.length; shape++) {
    for (let i = shapes.start[shape]!; i < shapes.start[shape + 1]!; i++) {
      if ((labels[shapes.label[i]!]!.kind & LABEL.weak) !== 0) weak[shape] = 1;
    }
  }
  return weak;
}

/** CPython's table of interned strings does not count its references: being in it keeps only an immortal string alive. */
function isWeak({ shape, shapes, labels, flags }: RawHeap, node: number, place: number, to: number, tables: ReadonlySet<number>): boolean {
  if (tables.has(node)) return to !== NONE && (flags[to]! & FLAG.immortal) === 0;
  const at = shapes.start[shape[node]!]! + place;
  return at < shapes.start[shape[node]! + 1]! && (labels[shapes.label[at]!]!.kind & LABEL.weak) !== 0;
}

function countReferences({ refs, edgeTo, roots }: RawHeap, edges: number): void {
  const count = (to: number): void => {
    if (to === NONE) return;
    const left = refs[to]!;
    if (left !== NO_COUNT && left > 0) refs[to] = left - 1;
  };
  for (let i = 0; i < edges; i++) count(edgeTo[i]!);
  for (const root of roots) root.refs.forEach(count);
}

function leftOver(refs: Uint32Array): SparseNumbers {
  const node = new U32Stack();
  for (let i = 0; i < refs.length; i++) if (refs[i] !== 0 && refs[i] !== NO_COUNT) node.push(i);
  const nodes = node.toArray();
  const value = new Float64Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) value[i] = refs[nodes[i]!]!;
  return { node: nodes, value };
}
