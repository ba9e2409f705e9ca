import type { Args, Paths, PathStep } from '../../../../src-preload/contract/index.ts';
import { NONE } from '../../heap/graph.ts';
import { finish } from '../../heap/in-steps.ts';
import { shortestTree, type ShortestTree } from '../../heap/shortest.ts';
import { edgeName } from '../edge-names.ts';
import type { HeapView } from '../heap-view.ts';
import { kindOf, lineOf, previewOf, typeOf } from '../node-rows.ts';
import { mergePaths, type MergedPaths } from '../merged-paths.ts';
import { known, resolveSet } from '../object-sets.ts';
import type { Scope } from './scope.ts';

/** A tree deeper than this cannot be sent to the window as nested rows. */
const DEEPEST = 400;

/** Merged shortest paths, expanded from the roots, the branch with the most chosen nodes first, until there are `limit` steps. */
export function paths(scope: Scope, args: Args<'heap.paths'>): Paths {
  const { view, nodes } = resolveSet(scope, args, args.set);
  const tree = treeWithout(scope, view, args.ignore);
  const merged = mergePaths(view.graph, tree, nodes);
  const roots: PathStep[] = [];
  const queue: Open[] = [{ node: 0, depth: 0, into: roots }];
  let steps = 0;
  let cut = false;
  for (let open = queue.pop(); open !== undefined; open = queue.pop()) {
    const next = merged.children(open.node);
    const room = open.depth >= DEEPEST ? 0 : Math.max(0, args.limit - steps);
    cut ||= next.length > room;
    for (const child of largest(view, next, merged, room)) {
      const step = stepOf(view, tree, child, merged.behind(child));
      open.into.push(step);
      steps++;
      insert(queue, { node: child, depth: open.depth + 1, into: step.next }, merged);
    }
  }
  return { roots, asked: nodes.length, reached: merged.reached, cut };
}

interface Open {
  node: number;
  depth: number;
  into: PathStep[];
}

/**
 * The branch with the most chosen nodes comes last, where `pop` takes from. Among equals the one added later comes first, so that a chain
 * is followed to its end.
 */
function insert(queue: Open[], open: Open, { behind }: MergedPaths): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (behind(queue[middle]!.node) <= behind(open.node)) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, open);
}

function treeWithout(scope: Scope, view: HeapView, ignore: readonly number[]): ShortestTree {
  if (ignore.length === 0) return view.tree;
  return view.memo.get(`paths without ${JSON.stringify(ignore)}`, () => {
    scope.control.progress({ step: 'paths', done: null });
    const ignored = new Uint8Array(view.graph.nodes);
    for (const node of ignore) ignored[known(view, node)] = 1;
    return finish(shortestTree(view.graph, ignored), scope.control.check);
  });
}

function largest(view: HeapView, nodes: number[], { behind }: MergedPaths, count: number): number[] {
  if (count === 0) return [];
  return nodes.sort((a, b) => behind(b) - behind(a) || view.retained(b) - view.retained(a)).slice(0, count);
}

function stepOf(view: HeapView, tree: ShortestTree, node: number, count: number): PathStep {
  const holder = tree.parent[node]!;
  return {
    node,
    kind: kindOf(view, node),
    type: typeOf(view, node),
    name: holder === 0 || holder === NONE ? null : edgeName(view.graph, holder, tree.edge[node]!),
    shallow: view.shallow(node),
    retained: view.retained(node),
    count,
    preview: previewOf(view, node),
    line: lineOf(view, node),
    next: [],
  };
}
