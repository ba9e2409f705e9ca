import { FLAG, NONE, type HeapGraph } from '../heap/graph.ts';
import type { ShortestTree } from '../heap/shortest.ts';

/** The part of a tree of shortest chains that leads to some chosen nodes. */
export interface MergedPaths {
  /** Chosen nodes that a root reaches. */
  reached: number;
  /** Chosen nodes at this one or behind it. */
  behind: (node: number) => number;
  /** Next steps toward chosen nodes. */
  children: (node: number) => number[];
}

/** At most this many are followed one by one; with more, or with chains longer than this, one pass over the whole tree is faster. */
const FEW = 256;
const LONGEST = 1000;

export function mergePaths(graph: HeapGraph, tree: ShortestTree, nodes: Uint32Array): MergedPaths {
  const hasPath = (node: number): boolean => (node === 0 || tree.parent[node] !== NONE) && (graph.flags[node]! & FLAG.unreachable) === 0;
  return (nodes.length <= FEW ? followed(tree, nodes, hasPath) : null) ?? summedUp(tree, nodes, hasPath);
}

/** null: a chain is too long for that. */
function followed({ parent }: ShortestTree, nodes: Uint32Array, hasPath: (node: number) => boolean): MergedPaths | null {
  const behind = new Map<number, number>();
  const children = new Map<number, number[]>();
  let reached = 0;
  for (const node of nodes) {
    if (!hasPath(node)) continue;
    reached++;
    let steps = 0;
    for (let at = node; at !== NONE; at = parent[at]!) {
      if (++steps > LONGEST) return null;
      const before = behind.get(at) ?? 0;
      behind.set(at, before + 1);
      if (before > 0 || at === 0) continue;
      const siblings = children.get(parent[at]!);
      if (siblings) siblings.push(at);
      else children.set(parent[at]!, [at]);
    }
  }
  return { reached, behind: (node) => behind.get(node) ?? 0, children: (node) => children.get(node) ?? [] };
}

/** Sums from the leaves, against the order of the search. Nodes that no root reaches are also in the tree, and are left out. */
function summedUp({ order, parent }: ShortestTree, nodes: Uint32Array, hasPath: (node: number) => boolean): MergedPaths {
  const behind = new Uint32Array(parent.length);
  let reached = 0;
  for (const node of nodes) {
    if (!hasPath(node)) continue;
    behind[node] = 1;
    reached++;
  }
  const first = new Uint32Array(parent.length).fill(NONE);
  const next = new Uint32Array(parent.length);
  for (let i = order.length - 1; i > 0; i--) {
    const node = order[i]!;
    const holder = parent[node]!;
    if (behind[node] === 0 || holder === NONE) continue;
    behind[holder]! += behind[node]!;
    next[node] = first[holder]!;
    first[holder] = node;
  }
  const children = (node: number): number[] => {
    const found: number[] = [];
    for (let child = first[node]!; child !== NONE; child = next[child]!) found.push(child);
    return found;
  };
  return { reached, behind: (node) => behind[node]!, children };
}
