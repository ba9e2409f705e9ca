import type { EdgeName, PathStep } from '../../../src-preload/contract/index.ts';
import { FLAG, NONE, REST } from '../heap/graph.ts';
import { sourceOf } from '../heap/referrers.ts';
import type { ShortestTree } from '../heap/shortest.ts';
import { edgeName, placeOf } from './edge-names.ts';
import type { HeapView } from './heap-view.ts';
import type { MergedPaths } from './merged-paths.ts';
import { kindOf, lineOf, previewOf, runningText, typeOf } from './node-rows.ts';

/** Nodes that one step of merged paths stands for: reached in the same way from the nodes of the step before, and of one type. */
export interface PathGroup {
  nodes: readonly number[];
  /** Chosen nodes at these or behind them. */
  behind: number;
}

/** As many entries of a container stand for themselves; more are told as one, `[*] tuple × 675`. */
const MOST_ENTRIES = 3;
/** Of more holders only the number is known. */
const MOST_LOOKED_AT = 1000;
/** They are referred to wherever code uses them. */
const CODE = new Set(['module', 'function', 'type', 'builtin_function_or_method']);

/** The next steps after a group, toward the chosen nodes. */
export function groupsBelow(view: HeapView, tree: ShortestTree, merged: MergedPaths, { nodes }: PathGroup): PathGroup[] {
  const found = new Map<string, { nodes: number[]; entries: boolean }>();
  for (const node of nodes) {
    for (const child of merged.children(node)) {
      const { text, entries } = wayTo(view, tree, child);
      const key = `${text} ${view.graph.type[child]}`;
      const group = found.get(key);
      if (group === undefined) found.set(key, { nodes: [child], entries });
      else group.nodes.push(child);
    }
  }
  const few = (group: { nodes: number[]; entries: boolean }): boolean => group.entries && group.nodes.length <= MOST_ENTRIES;
  const split = [...found.values()].flatMap((group) => (few(group) ? group.nodes.map((node) => [node]) : [group.nodes]));
  return split.map((members) => ({
    nodes: members.sort((a, b) => merged.behind(b) - merged.behind(a) || view.retained(b) - view.retained(a)),
    behind: members.reduce((sum, node) => sum + merged.behind(node), 0),
  }));
}

/** What like ways have in common. `entries`: they are items, members or keys of a container. */
function wayTo(view: HeapView, tree: ShortestTree, node: number): { text: string; entries: boolean } {
  const { graph } = view;
  if (view.isSynthetic(node)) return { text: runningText(view, node) ?? `root ${node}`, entries: false };
  // Each is a place of its own.
  if (graph.types[graph.type[node]!]!.name === 'module') return { text: `module ${node}`, entries: false };
  const holder = tree.parent[node]!;
  const edge = tree.edge[node]!;
  const shape = graph.shape[holder]!;
  const first = graph.shapes.start[shape]!;
  const labels = graph.shapes.start[shape + 1]! - first;
  const place = placeOf(graph, holder, edge - graph.edgeStart[holder]!);
  const entry = (text: string) => ({ text, entries: true });
  if (place < labels) return { text: `label ${graph.shapes.label[first + place]}`, entries: false };
  switch (graph.shapes.rest[shape]) {
    case REST.items:
      return entry('item');
    case REST.members:
      return entry('member');
    case REST.values:
      return entry('key');
    case REST.pairs: {
      if ((place - labels) % 2 === 0) return entry('dict key');
      const { kind, text } = (graph.flags[holder]! & FLAG.instanceDict) === 0 ? { kind: 'key', text: '' } : edgeName(graph, holder, edge);
      return kind === 'attribute' ? { text: `.${text}`, entries: false } : entry('key');
    }
    default:
      return { text: 'unnamed', entries: false };
  }
}

/** One step, without those after it. */
export function stepOf(view: HeapView, tree: ShortestTree, { nodes, behind }: PathGroup): PathStep {
  const node = nodes[0]!;
  const holder = tree.parent[node]!;
  const name = holder === 0 || holder === NONE ? null : edgeName(view.graph, holder, tree.edge[node]!);
  const isOne = nodes.length === 1;
  return {
    node,
    merged: nodes.length,
    kind: kindOf(view, node),
    type: typeOf(view, node),
    name: isOne || name === null ? name : mergedName(name),
    shallow: nodes.reduce((sum, one) => sum + view.shallow(one), 0),
    retained: retainedBy(view, nodes),
    count: behind,
    others: isOne ? otherWays(view, node, holder) : 0,
    preview: isOne ? previewOf(view, node) : view.isSynthetic(node) ? (runningText(view, node) ?? '') : '',
    line: isOne ? lineOf(view, node) : null,
    next: [],
  };
}

/** Of entries their place says nothing. */
function mergedName(name: EdgeName): EdgeName {
  return ['index', 'key', 'dict-key'].includes(name.kind) ? { ...name, text: '*' } : name;
}

/** What they dominate, each byte once. */
function retainedBy(view: HeapView, nodes: readonly number[]): number {
  let sum = 0;
  let until = 0;
  for (const node of Uint32Array.from(nodes).sort()) {
    if (node < until) continue;
    until = node + view.graph.subtree[node]!;
    sum += view.retained(node);
  }
  return sum;
}

/** References to it beside the one on the path, without those from what only it keeps alive. */
function otherWays(view: HeapView, node: number, holder: number): number {
  const { graph, referrerStarts } = view;
  const { type, types, flags, subtree } = graph;
  if (view.isSynthetic(node) || (flags[node]! & (FLAG.type | FLAG.instanceDict | FLAG.immortal)) !== 0) return 0;
  if (CODE.has(types[type[node]!]!.name) || kindOf(view, holder) === 'modules') return 0;
  const [from, to] = [referrerStarts[node]!, referrerStarts[node + 1]!];
  if (to - from > MOST_LOOKED_AT) return to - from - 1;
  const end = node + subtree[node]!;
  const others = new Set<number>();
  for (let i = from; i < to; i++) {
    const source = sourceOf(graph, view.referrers.edge[i]!);
    if (source !== holder && (source < node || source >= end)) others.add(source);
  }
  return others.size;
}
