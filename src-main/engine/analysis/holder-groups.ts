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
  const keys = new PairKeys(ways.count);
  const labels: TypeName[] = [];
  const named = new Map<string, number>();
  const rare = ways.rare(way);
  for (let node = 0; node < graph.nodes; node++) {
    const holder = holderType(view, node);
    const by = rare[way[node]!] === 1 ? WAY.key : way[node]!;
    let known = keys.find(holder, by);
    if (known < 0) {
      // An attribute in a dictionary and one in a slot are the same to the reader.
      const label = labelOf(view, holder, ways.text(by));
      const text = `${label.module}\0${label.name}`;
      known = named.get(text) ?? labels.length;
      if (known === labels.length) labels.push(label);
      named.set(text, known);
      keys.set(holder, by, known);
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

const RECENT = 4096;

/** The key of each pair of holder and name. Pairs as one number are above 2^31, and V8 allocates those: recent ones are found without. */
class PairKeys {
  readonly #names: number;
  readonly #all = new Map<number, number>();
  readonly #holder = new Uint32Array(RECENT).fill(NONE);
  readonly #by = new Uint32Array(RECENT);
  readonly #key = new Uint32Array(RECENT);

  /** Numbers of names are below `names`. */
  constructor(names: number) {
    this.#names = names;
  }

  /** -1: it has none yet. */
  find(holder: number, by: number): number {
    const slot = slotOf(holder, by);
    if (this.#holder[slot] === holder && this.#by[slot] === by) return this.#key[slot]!;
    const known = this.#all.get(holder * this.#names + by);
    if (known === undefined) return -1;
    this.#remember(slot, holder, by, known);
    return known;
  }

  set(holder: number, by: number, key: number): void {
    this.#all.set(holder * this.#names + by, key);
    this.#remember(slotOf(holder, by), holder, by, key);
  }

  #remember(slot: number, holder: number, by: number, key: number): void {
    this.#holder[slot] = holder;
    this.#by[slot] = by;
    this.#key[slot] = key;
  }
}

function slotOf(holder: number, by: number): number {
  return (Math.imul(holder, 61) + by) & (RECENT - 1);
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
