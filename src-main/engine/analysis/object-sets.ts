import type { Grouping, ObjectSet, SnapshotRef } from '../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../base/errors.ts';
import { FLAG } from '../heap/graph.ts';
import { sourceOf } from '../heap/referrers.ts';
import { lowerBound } from '../heap/strings.ts';
import { changedNodes, nodesBetween } from './changes.ts';
import { cyclesOf } from './cycles.ts';
import { duplicatesOf } from './duplicates.ts';
import { groupsOf } from './groupings.ts';
import { select, type HeapView } from './heap-view.ts';
import { garbageState } from './node-rows.ts';
import { compareLabel, labelKey, WAITING_KEY } from './compare-keys.ts';
import type { Scope } from './queries/scope.ts';

/**
 * The objects of a set, ascending, each once, and their heap: `gone` lists objects of the earlier one. Roots are in a set only where they
 * are named.
 */
export function resolveSet(scope: Scope, ref: SnapshotRef, set: ObjectSet): { view: HeapView; nodes: Uint32Array; key: string } {
  const earlier = baseOfGone(set);
  const view = scope.view(earlier ?? ref);
  // Data cached with the earlier heap must include in its key which later heap it was compared with.
  const key = JSON.stringify(earlier === null ? set : [set, scope.view(ref).key]);
  return { view, key, nodes: set.of === 'all' ? view.objects : view.memo.get(`set ${key}`, () => collect(scope, ref, view, set)) };
}

/** The earlier snapshot, where the set lists objects of it; else null. */
function baseOfGone(set: ObjectSet): SnapshotRef | null {
  if (set.of === 'inside') return baseOfGone(set.set);
  return set.of === 'changed' && set.part === 'gone' ? set.base : null;
}

function collect(scope: Scope, ref: SnapshotRef, view: HeapView, set: ObjectSet): Uint32Array {
  switch (set.of) {
    case 'all':
      return view.objects;
    case 'tracked':
      return select(view.objects, (node) => (view.graph.flags[node]! & FLAG.tracked) !== 0);
    case 'group':
      return set.by === 'type' ? ofType(view, set.key) : inGroup(view, view.objects, set.by, set.key);
    case 'inside':
      return inGroup(view, resolveSet(scope, ref, set.set).nodes, set.by, set.key);
    case 'nodes':
      return ascending(set.nodes.map((node) => known(view, node)));
    case 'retained':
      return retainedObjects(view, known(view, set.node));
    case 'referents':
      return ascending(view.graph.edgeTo.subarray(view.graph.edgeStart[known(view, set.node)], view.graph.edgeStart[set.node + 1]));
    case 'referrers':
      return referrersOf(view, known(view, set.node));
    case 'cycle':
      return cyclesOf(view, scope.control).members(set.cycle);
    case 'duplicates':
      return duplicatesOf(view).members(set.group);
    case 'garbage':
      return select(view.objects, (node) => garbageState(view, node) === 'waits');
    case 'uncollectable':
      return select(view.objects, (node) => garbageState(view, node) === 'uncollectable');
    case 'changed':
      return ofChanged(scope, ref, view, set);
    case 'between':
      return narrowed(view, nodesBetween(scope, ref, set.first, set.second), set, [
        scope.view(set.first),
        scope.view(set.second),
        scope.view(ref),
      ]);
  }
}

/** Throws `snapshot.object-missing` for a number that no node has. */
export function known(view: HeapView, node: number): number {
  if (node < view.graph.nodes) return node;
  throw new HeapscopeError('snapshot.object-missing', { snapshot: view.snapshot, node });
}

function inGroup(view: HeapView, nodes: Uint32Array, by: Grouping, key: number): Uint32Array {
  const { keyOf, parent } = groupsOf(view, by);
  if (parent === null) return select(nodes, (node) => keyOf(node) === key);
  const below = new Uint8Array(parent.length);
  for (let i = 0; i < parent.length; i++) {
    let at = i;
    while (at < parent.length && at !== key) at = parent[at]!;
    below[i] = at === key ? 1 : 0;
  }
  return select(nodes, (node) => below[keyOf(node)] === 1);
}

/** Types with the same name form one group. */
function ofType(view: HeapView, key: number): Uint32Array {
  const { start, nodes } = view.byType;
  const { module, name } = view.graph.types[key] ?? {};
  const same = view.graph.types.flatMap((type, i) => (type.name === name && type.module === module ? [i] : []));
  const parts = same.map((type) => nodes.subarray(start[type], start[type + 1])).filter((part) => part.length > 0);
  if (parts.length < 2) return parts[0] ?? nodes.subarray(0, 0);
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.sort();
}

function ofChanged(scope: Scope, later: SnapshotRef, view: HeapView, set: Extract<ObjectSet, { of: 'changed' }>): Uint32Array {
  const ends = { later, earlier: set.base };
  if (set.key === WAITING_KEY) return changedNodes(scope, ends, set.part, 'waiting');
  return narrowed(view, changedNodes(scope, ends, set.part, 'held'), set, [scope.view(set.base), scope.view(later)]);
}

/** The objects of one row of a comparison: its key is the last heap's, or, above those, one of the earlier heaps'. */
function narrowed(
  view: HeapView,
  nodes: Uint32Array,
  { by, key }: { by: Grouping | null; key: number },
  views: readonly HeapView[],
): Uint32Array {
  if (by === null) return nodes;
  const label = compareLabel(views, by, key);
  const groups = groupsOf(view, by);
  for (let own = 0; own < groups.keys; own++) {
    if (label !== null && labelKey({ label: groups.label(own) }) === label) return inGroup(view, nodes, by, own);
  }
  return nodes.subarray(0, 0);
}

/** A slice of `objects`: in preorder the nodes that a node retains are contiguous. */
function retainedObjects(view: HeapView, node: number): Uint32Array {
  const { objects, graph } = view;
  return objects.subarray(lowerBound(objects, node), lowerBound(objects, node + graph.subtree[node]!));
}

function referrersOf(view: HeapView, node: number): Uint32Array {
  const { start, edge } = view.referrers;
  return ascending(edge.subarray(start[node], start[node + 1]).map((e) => sourceOf(view.graph, e)));
}

function ascending(nodes: ArrayLike<number>): Uint32Array {
  const all = Uint32Array.from(nodes).sort();
  return all.filter((node, i) => i === 0 || all[i - 1] !== node);
}
