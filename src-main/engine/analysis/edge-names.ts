import type { EdgeName } from '../../../src-preload/contract/index.ts';
import { FLAG, LABEL, REST, type HeapGraph } from '../heap/graph.ts';
import { lowerBound, stringOf } from '../heap/strings.ts';
import { keyText } from './key-text.ts';

const KINDS: Record<number, EdgeName['kind']> = {
  [LABEL.none]: 'unnamed',
  [LABEL.attribute]: 'attribute',
  [LABEL.field]: 'field',
  [LABEL.local]: 'local',
  [LABEL.closure]: 'closure',
};

/** The name of the strong edge `edge` of `node`: the shape names its position, counted including weak edges. */
export function edgeName(graph: HeapGraph, node: number, edge: number): EdgeName {
  return nameAt(graph, node, placeOf(graph, node, edge - graph.edgeStart[node]!), edge);
}

/** The name of weak edge `index` among the graph's weak edges. */
export function weakName(graph: HeapGraph, index: number): EdgeName {
  const place = graph.weak.place[index]!;
  return { ...nameAt(graph, graph.weak.node[index]!, place, null), weak: true };
}

/** The weak edges of a node, as indices: from, to. */
export function weakRange(graph: HeapGraph, node: number): [number, number] {
  return [lowerBound(graph.weak.node, node), lowerBound(graph.weak.node, node + 1)];
}

/** All references of a node, weak ones too. */
export function degreeOf(graph: HeapGraph, node: number): number {
  const [from, to] = weakRange(graph, node);
  return graph.edgeStart[node + 1]! - graph.edgeStart[node]! + to - from;
}

/** Items of a container: the positions after the labels of its shape; null if it is not a container. */
export function lengthOf(graph: HeapGraph, node: number): number | null {
  const shape = graph.shape[node]!;
  const rest = graph.shapes.rest[shape];
  if (rest === REST.unnamed || (graph.flags[node]! & FLAG.synthetic) !== 0) return null;
  const labels = graph.shapes.start[shape + 1]! - graph.shapes.start[shape]!;
  const items = degreeOf(graph, node) - labels;
  return rest === REST.pairs ? items / 2 : items;
}

/** Position of the `index`-th strong edge among all edges of the node: each weak one before it shifts it by one. */
export function placeOf(graph: HeapGraph, node: number, index: number): number {
  const [from, to] = weakRange(graph, node);
  let place = index;
  for (let w = from; w < to && graph.weak.place[w]! <= place; w++) place++;
  return place;
}

function nameAt(graph: HeapGraph, node: number, place: number, edge: number | null): EdgeName {
  const { shapes } = graph;
  const shape = graph.shape[node]!;
  const labels = shapes.start[shape + 1]! - shapes.start[shape]!;
  if (place < labels) {
    const label = graph.labels[shapes.label[shapes.start[shape]! + place]!]!;
    return label.name === '' && isRoot(graph, node) ? named('root') : named(KINDS[label.kind] ?? 'unnamed', label.name);
  }
  switch (shapes.rest[shape]) {
    case REST.items:
      return named('index', String(place - labels));
    case REST.members:
      return named('member');
    case REST.values:
      return named('key');
    case REST.pairs:
      return pairName(graph, node, place - labels, edge);
    default:
      return named(isRoot(graph, node) ? 'root' : 'unnamed');
  }
}

/** Keys are at even positions, each before its value. */
function pairName(graph: HeapGraph, node: number, place: number, edge: number | null): EdgeName {
  if (edge === null) return named('key');
  if (place % 2 === 0) return named('dict-key', keyText(graph, graph.edgeTo[edge]!));
  const key = graph.edgeTo[edge - 1]!;
  const isAttribute = (graph.flags[node]! & FLAG.instanceDict) !== 0 && graph.types[graph.type[key]!]!.name === 'str';
  const attribute = isAttribute ? stringOf(graph.texts, key) : null;
  return attribute === null ? named('key', keyText(graph, key)) : named('attribute', attribute);
}

function isRoot(graph: HeapGraph, node: number): boolean {
  return (graph.flags[node]! & FLAG.synthetic) !== 0;
}

function named(kind: EdgeName['kind'], text = ''): EdgeName {
  return { kind, text, weak: false };
}
