import type { EdgeRow, NodeId, PathStep, Paths } from '../../../../src-preload/contract/index.ts';
import type { Graph, GraphEdge, GraphNode } from '../../../charts/graph-layout.ts';
import { addressText, edgeText, kindText, mergedText, stepText, typeText } from '../../../format/heap.ts';
import { foldLeaves } from './chain.ts';

/** Of many objects held by one, this many get a box. */
const MOST_LEAVES = 12;

/** Holders of one object that were requested by expanding it. */
export interface Unfolded {
  node: NodeId;
  holders: readonly EdgeRow[];
}

/** The paths as a graph, each object once, with the holders that were expanded. */
export function holderGraph({ roots }: Paths, unfolded: readonly Unfolded[]): Graph {
  const nodes = new Map<NodeId, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const join = (from: NodeId, to: NodeId, label: string): void => void edges.set(`${from} ${to} ${label}`, { from, to, label });
  const stack = [...roots];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    nodes.set(step.node, nodeOf(step));
    for (const next of foldLeaves(step, MOST_LEAVES).next) {
      join(step.node, next.node, next.name === null ? '' : edgeText(next.name));
      stack.push(next);
    }
  }
  for (const { node, holders } of unfolded) {
    for (const { object, name } of holders) {
      const root = object.kind !== 'object';
      const title = root ? kindText(object.kind) : typeText(object.type);
      if (!nodes.has(object.node))
        nodes.set(object.node, {
          id: object.node,
          title,
          detail: object.preview || addressText(object.address),
          tone: root ? 'root' : 'object',
        });
      join(object.node, node, name.weak ? `(${edgeText(name)})` : edgeText(name));
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

function nodeOf(step: PathStep): GraphNode {
  const root = step.kind !== 'object';
  return {
    id: step.node,
    title: root ? [kindText(step.kind), mergedText(step)].join(' ').trim() : stepText(step),
    detail: step.preview || (root ? typeText(step.type) : ''),
    tone: root ? 'root' : step.next.length === 0 ? 'target' : 'object',
  };
}
