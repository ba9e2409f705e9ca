import type { TypeName } from '../../../src-preload/contract/index.ts';
import { FLAG, NONE } from '../heap/graph.ts';
import { release, scratchU32 } from '../heap/memory.ts';
import type { Groups } from './groups.ts';
import type { HeapView } from './heap-view.ts';
import { rootName } from './node-rows.ts';
import { WAY, Ways } from './ways.ts';

/**
 * Objects by what holds them: the type of the nearest dominator, and the name of its reference. An instance's `__dict__` counts as the
 * instance: `Session.user`. Keys number the pairs of holder and name in order of first appearance.
 */
export function holderGroups(view: HeapView): Groups {
  const { graph } = view;
  const ways = new Ways(graph);
  const way = waysOf(view, ways);
  const key = scratchU32(graph.nodes);
  const keys = new Map<number, number>();
  const labels: TypeName[] = [];
  const named = new Map<string, number>();
  const rare = ways.rare(way);
  const { count } = ways;
  for (let node = 0; node < graph.nodes; node++) {
    const holder = holderType(view, node);
    const by = rare[way[node]!] === 1 ? WAY.key : way[node]!;
    const pair = holder * count + by;
    let known = keys.get(pair);
    if (known === undefined) {
      // An attribute in a dictionary and one in a slot are the same to the reader.
      const label = labelOf(view, holder, ways.text(by));
      const text = `${label.module}\0${label.name}`;
      known = named.get(text) ?? labels.length;
      if (known === labels.length) labels.push(label);
      named.set(text, known);
      keys.set(pair, known);
    }
    key[node] = known;
  }
  release(way);
  return {
    by: 'holder',
    keys: labels.length,
    keyOf: (node) => key[node]!,
    label: (i) => labels[i]!,
    parent: null,
  };
}

function labelOf(view: HeapView, holder: number, text: string): TypeName {
  const { types } = view.graph;
  if (holder >= types.length)
    return { module: '', name: `${rootName(view, holder - types.length)} ${text.trim().replace(/^\./, '')}`.trim() };
  const { module, name } = types[holder]!;
  return { module: module === 'builtins' ? '' : module, name: `${name}${text}` };
}

/** Type of the dominator, past instance dictionaries; roots are numbered after the types. */
function holderType(view: HeapView, node: number): number {
  const { graph, dominators } = view;
  let holder = dominators[node]!;
  if (holder === NONE) return graph.types.length;
  if ((graph.flags[holder]! & FLAG.instanceDict) !== 0 && dominators[holder] !== NONE && dominators[holder] !== 0)
    holder = dominators[holder]!;
  return view.isSynthetic(holder) ? graph.types.length + holder : graph.type[holder]!;
}

/** For each node how its dominator refers to it; the first reference if there are several. */
function waysOf(view: HeapView, ways: Ways): Uint32Array {
  const { graph, dominators } = view;
  const { edgeStart, edgeTo } = graph;
  const way = scratchU32(graph.nodes).fill(WAY.indirect);
  for (let holder = 0; holder < graph.nodes; holder++) {
    for (let e = edgeStart[holder]!; e < edgeStart[holder + 1]!; e++) {
      const to = edgeTo[e]!;
      if (dominators[to] === holder && way[to] === WAY.indirect) way[to] = ways.of(holder, e);
    }
  }
  return way;
}
