import type { Args, ObjectDetail, Result, SourceLine, TypeName } from '../../../../src-preload/contract/index.ts';
import { FLAG, NONE, TYPE_FLAG, type HeapGraph } from '../../heap/graph.ts';
import { indexOf } from '../../heap/strings.ts';
import { blockerOf } from '../blockers.ts';
import { cyclesOf } from '../cycles.ts';
import { deepSize, freedWith } from '../deep-size.ts';
import { duplicatesOf } from '../duplicates.ts';
import type { HeapView } from '../heap-view.ts';
import { arrayOf } from '../lengths.ts';
import { atLeast, hasBound } from '../lower-bounds.ts';
import { lineOf, objectRow } from '../node-rows.ts';
import { known, resolveSet } from '../object-sets.ts';
import type { Scope } from './scope.ts';
import { typeName } from '../type-names.ts';

export function object(scope: Scope, args: Args<'heap.object'>): ObjectDetail {
  const view = scope.view(args);
  const node = known(view, args.node);
  return view.memo.get(`object ${node}`, () => detail(scope, view, node));
}

function detail({ control }: Scope, view: HeapView, node: number): ObjectDetail {
  const { graph } = view;
  const cycle = cyclesOf(view, control).cycleOf(node);
  const content = graph.content?.[node] ?? 0;
  const deep = view.isSynthetic(node)
    ? { size: view.retained(node), atLeast: atLeast(view, node) !== 'none' }
    : deepSize(view, Uint32Array.of(node), control);
  return {
    ...objectRow(view, node),
    flags: flagsOf(graph, node),
    retainedCount: graph.subtree[node]!,
    deepSize: deep.size,
    deepAtLeast: deep.atLeast,
    external: externalOf(graph, node),
    site: siteOf(graph, node),
    line: lineOf(view, node),
    array: arrayIn(view, node),
    dominator: view.dominators[node] === NONE ? null : view.dominators[node]!,
    duplicates: content === 0 ? 0 : duplicatesOf(view).count[content]! - 1,
    cycle: cycle === NONE ? null : cycle,
    blocker: blockerOf(view, node, control),
    bases: basesOf(graph, node),
  };
}

function flagsOf(graph: HeapGraph, node: number): ObjectDetail['flags'] {
  const flags = graph.flags[node]!;
  const has = (bit: number): boolean => (flags & bit) !== 0;
  return {
    tracked: has(FLAG.tracked),
    immortal: has(FLAG.immortal),
    interned: has(FLAG.interned),
    isType: has(FLAG.type),
    permanent: has(FLAG.permanent),
    hasDel: (graph.types[graph.type[node]!]!.flags & TYPE_FLAG.finalizer) !== 0,
  };
}

function externalOf({ external }: HeapGraph, node: number): number {
  const at = indexOf(external.node, node);
  return at < 0 ? 0 : external.value[at]!;
}

/** null: allocations were not traced, or not this one. */
export function siteOf({ site, sites }: HeapGraph, node: number): SourceLine[] | null {
  if (site === null || site[node] === NONE) return null;
  const from = sites.start[site[node]!]!;
  const to = sites.start[site[node]! + 1]!;
  return Array.from({ length: to - from }, (_, i) => ({ file: sites.files[sites.file[from + i]!] ?? '', line: sites.line[from + i]! }));
}

function arrayIn(view: HeapView, node: number): ObjectDetail['array'] {
  const { arrays } = view.graph;
  const array = arrayOf(view, node);
  const at = indexOf(arrays.node, node);
  return array === null ? null : { ...array, bytes: arrays.bytes[at]!, owned: arrays.owns[at] === 1 };
}

/** For a type: its own bases; for another object: its type's. Nearest first; damaged data may contain a ring of them. */
function basesOf({ types, type, flags }: HeapGraph, node: number): TypeName[] {
  const own = (flags[node]! & FLAG.type) !== 0 ? types.findIndex((other) => other.node === node) : type[node]!;
  const found: TypeName[] = [];
  const seen = new Set<number>();
  for (let at = types[own]?.base ?? NONE; at !== NONE && !seen.has(at); at = types[at]?.base ?? NONE) {
    seen.add(at);
    found.push(typeName(types[at]!));
  }
  return found;
}

export function measure(scope: Scope, args: Args<'heap.measure'>): Result<'heap.measure'> {
  const { view, nodes, key } = resolveSet(scope, args, args.set);
  return view.memo.get(`measure ${key}`, () => {
    scope.control.progress({ step: 'measuring', done: null });
    let shallow = 0;
    for (const node of nodes) shallow += view.shallow(node);
    const freed = freedWith(view, nodes, scope.control);
    const reached = deepSize(view, nodes, scope.control);
    return {
      count: nodes.length,
      shallow,
      retained: freed.size,
      atLeast: hasBound(view, nodes) ? 'shallow' : freed.atLeast ? 'retained' : 'none',
      deep: reached.size,
      deepAtLeast: reached.atLeast,
    };
  });
}
