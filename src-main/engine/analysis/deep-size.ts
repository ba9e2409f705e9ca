import { FLAG, type HeapGraph } from '../heap/graph.ts';
import { STEP } from '../heap/in-steps.ts';
import { U32Stack } from '../heap/memory.ts';
import type { HeapView } from './heap-view.ts';
import { atLeast, boundNodes } from './lower-bounds.ts';
import type { JobControl } from '../worker/job-control.ts';
import { isBuiltin } from './type-names.ts';

/** What pympler's asizeof leaves out: code and modules are not part of a value. */
const ASIDE = new Set([
  'module',
  'function',
  'builtin_function_or_method',
  'code',
  'frame',
  'type',
  'property',
  'staticmethod',
  'classmethod',
  'method',
]);

/** asizeof rounds each object up to a multiple of this many bytes. */
const ALIGNMENT = 8;

interface BoundedSize {
  size: number;
  /** It is a lower bound. */
  atLeast: boolean;
}

/** Of the chosen nodes, which the walk does not enter. */
const FREED = 2;

/**
 * Bytes of everything reachable from some objects, each once, including themselves; like pympler's asizeof: without following types,
 * modules or code, and with each size rounded up to its alignment. Unlike it, this looks into a deque.
 */
export function deepSize(view: HeapView, starts: Uint32Array, { check }: JobControl): BoundedSize {
  const { graph } = view;
  const aside = view.once('aside', () => asideOf(graph));
  const seen = new Uint8Array(graph.nodes);
  const stack = new U32Stack();
  let bytes = 0;
  let work = 0;
  const take = (node: number): void => {
    if (seen[node] === 1) return;
    seen[node] = 1;
    stack.push(node);
  };
  for (const node of starts) take(node);
  while (stack.length > 0) {
    const node = stack.pop();
    bytes += Math.ceil(view.shallow(node) / ALIGNMENT) * ALIGNMENT;
    for (let e = graph.edgeStart[node]!, end = graph.edgeStart[node + 1]!; e < end; e++) {
      const to = graph.edgeTo[e]!;
      if (seen[to] === 0 && aside[graph.type[to]!] === 0 && (graph.flags[to]! & (FLAG.type | FLAG.synthetic)) === 0) take(to);
      if (++work % STEP === 0) check();
    }
  }
  return { size: bytes, atLeast: boundNodes(view).some((node) => seen[node] === 1) };
}

function asideOf({ types }: HeapGraph): Uint8Array {
  return Uint8Array.from(types, (type) => (isBuiltin(type) && ASIDE.has(type.name) ? 1 : 0));
}

/** Bytes that would be freed if all of these were: everything that the roots do not reach without them. */
export function freedWith(view: HeapView, nodes: Uint32Array, { check }: JobControl): BoundedSize {
  const [one] = nodes;
  if (one !== undefined && nodes.length === 1) return { size: view.retained(one), atLeast: atLeast(view, one) !== 'none' };
  const { edgeStart, edgeTo, nodes: total } = view.graph;
  const seen = new Uint8Array(total);
  for (const node of nodes) seen[node] = FREED;
  if (seen[0] === FREED) return { size: view.retained(0), atLeast: boundNodes(view).length > 0 };
  const stack = new U32Stack();
  stack.push(0);
  seen[0] = 1;
  let kept = 0;
  let work = 0;
  while (stack.length > 0) {
    const node = stack.pop();
    kept += view.shallow(node);
    for (let e = edgeStart[node]!, end = edgeStart[node + 1]!; e < end; e++) {
      const to = edgeTo[e]!;
      if (seen[to] === 0) {
        seen[to] = 1;
        stack.push(to);
      }
      if (++work % STEP === 0) check();
    }
  }
  return { size: view.retained(0) - kept, atLeast: boundNodes(view).some((node) => seen[node] !== 1) };
}
