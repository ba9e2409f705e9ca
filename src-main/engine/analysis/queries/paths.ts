import type { Args, Paths, PathStep } from '../../../../src-preload/contract/index.ts';
import { finish } from '../../heap/in-steps.ts';
import { shortestTree, type ShortestTree } from '../../heap/shortest.ts';
import type { HeapView } from '../heap-view.ts';
import { mergePaths } from '../merged-paths.ts';
import { groupsBelow, stepOf, type PathGroup } from '../path-groups.ts';
import { known, resolveSet } from '../object-sets.ts';
import type { Scope } from './scope.ts';

/** A tree deeper than this cannot be sent to the window as nested rows. */
const DEEPEST = 400;
/** So many steps after one are shown, as long as the limit allows. */
const FEWEST = 24;

/** Merged shortest paths, like ways as one, expanded from the roots, the branch with the most chosen nodes first, until there are `limit` steps. */
export function paths(scope: Scope, args: Args<'heap.paths'>): Paths {
  const { view, nodes } = resolveSet(scope, args, args.set);
  const tree = treeWithout(scope, view, args.ignore);
  const merged = mergePaths(view.graph, tree, nodes);
  const roots: PathStep[] = [];
  const queue: Open[] = [{ group: { nodes: [0], behind: merged.reached }, depth: 0, into: roots }];
  let steps = 0;
  let cut = false;
  for (let open = queue.pop(); open !== undefined; open = queue.pop()) {
    const next = groupsBelow(view, tree, merged, open.group);
    const left = Math.max(0, args.limit - steps);
    // A step with many after it leaves room for what comes after those.
    const room = open.depth >= DEEPEST ? 0 : Math.min(left, Math.max(FEWEST, Math.ceil(left / 4)));
    cut ||= next.length > room;
    for (const group of largest(view, next, room)) {
      const step = stepOf(view, tree, group);
      open.into.push(step);
      steps++;
      insert(queue, { group, depth: open.depth + 1, into: step.next });
    }
  }
  return { roots, asked: nodes.length, reached: merged.reached, cut };
}

interface Open {
  group: PathGroup;
  depth: number;
  into: PathStep[];
}

/**
 * The branch with the most chosen nodes comes last, where `pop` takes from. Among equals the one added later comes first, so that a chain
 * is followed to its end.
 */
function insert(queue: Open[], open: Open): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (queue[middle]!.group.behind <= open.group.behind) low = middle + 1;
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

function largest(view: HeapView, groups: PathGroup[], count: number): PathGroup[] {
  if (count === 0) return [];
  const first = ({ nodes }: PathGroup): number => view.retained(nodes[0]!);
  return groups.sort((a, b) => b.behind - a.behind || first(b) - first(a)).slice(0, count);
}
