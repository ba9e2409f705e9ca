import { FLAG, LABEL, NONE, REST, type HeapGraph } from '../heap/graph.ts';
import { sharedU32 } from '../heap/memory.ts';
import { indexOf, stringAt } from '../heap/strings.ts';
import { placeOf } from './edge-names.ts';
import type { Groups } from './groupings.ts';
import type { HeapView } from './heap-view.ts';
import { rootName } from './node-rows.ts';

/** Ways of holding that are no label: in a list, in a set, by a key whose name says little, not directly, without a name. */
const WAY = { item: 0, member: 1, key: 2, indirect: 3, unnamed: 4, labels: 5 } as const;
/** Texts of the ways before `labels`. */
const WAY_TEXTS = ['[…]', '{…}', '[key]', ' › …', ''];
/** A key that holds one object only is no kind of holder. */
const LEAST = 2;

/**
 * Objects by what holds them: the type of the nearest dominator, and the name by which it does. An instance's `__dict__`
 * counts as the instance: `Session.user`. Keys number the pairs of holder and way in order of first appearance.
 */
export function holderGroups(view: HeapView): Groups {
  const { graph } = view;
  const ways = new Ways(graph);
  const way = waysOf(view, ways);
  const key = sharedU32(graph.nodes);
  const keys = new Map<number, number>();
  const pairs: { holder: number; way: number }[] = [];
  const rare = ways.rare(way);
  for (let node = 0; node < graph.nodes; node++) {
    const holder = holderType(view, node);
    const by = rare[way[node]!] === 1 ? WAY.key : way[node]!;
    const pair = holder * ways.count + by;
    let known = keys.get(pair);
    if (known === undefined) {
      known = pairs.length;
      keys.set(pair, known);
      pairs.push({ holder, way: by });
    }
    key[node] = known;
  }
  return {
    by: 'holder',
    keys: pairs.length,
    keyOf: (node) => key[node]!,
    label: (i) => {
      const { holder, way: by } = pairs[i]!;
      const text = ways.text(by);
      if (holder >= graph.types.length)
        return { module: '', name: `${rootName(view, holder - graph.types.length)}${text && ' '}${text.replace(/^\./, '')}` };
      const { module, name } = graph.types[holder]!;
      return { module: module === 'builtins' ? '' : module, name: `${name}${text}` };
    },
    parent: null,
  };
}

/** Type of the dominator, past instance dictionaries; roots count on from the types. */
function holderType(view: HeapView, node: number): number {
  const { graph, dominators } = view;
  let holder = dominators[node]!;
  if (holder === NONE) return graph.types.length;
  if ((graph.flags[holder]! & FLAG.instanceDict) !== 0 && dominators[holder] !== NONE && dominators[holder] !== 0)
    holder = dominators[holder]!;
  return view.isSynthetic(holder) ? graph.types.length + holder : graph.type[holder]!;
}

/** For each node the way in which its dominator holds it; the first one where there are several. */
function waysOf(view: HeapView, ways: Ways): Uint32Array {
  const { graph, dominators } = view;
  const { edgeStart, edgeTo } = graph;
  const way = new Uint32Array(graph.nodes).fill(WAY.indirect);
  for (let holder = 0; holder < graph.nodes; holder++) {
    for (let e = edgeStart[holder]!; e < edgeStart[holder + 1]!; e++) {
      const to = edgeTo[e]!;
      if (dominators[to] === holder && way[to] === WAY.indirect) way[to] = ways.of(holder, e);
    }
  }
  return way;
}

/** Ways by number: the fixed ones, then labels, then names of keys. */
class Ways {
  readonly #graph: HeapGraph;
  readonly #weakNodes: ReadonlySet<number>;
  readonly #same: Uint32Array;
  readonly #first = new Map<string, number>();

  constructor(graph: HeapGraph) {
    this.#same = new Uint32Array(graph.texts.node.length).fill(NONE);
    this.#graph = graph;
    this.#weakNodes = new Set(graph.weak.node);
  }

  get count(): number {
    return this.#keys + this.#graph.texts.node.length;
  }

  get #keys(): number {
    return WAY.labels + this.#graph.labels.length;
  }

  of(holder: number, edge: number): number {
    const { shapes, shape, edgeStart, edgeTo } = this.#graph;
    const kind = shape[holder]!;
    const first = shapes.start[kind]!;
    const labels = shapes.start[kind + 1]! - first;
    const index = edge - edgeStart[holder]!;
    const place = this.#weakNodes.has(holder) ? placeOf(this.#graph, holder, index) : index;
    if (place < labels) return WAY.labels + shapes.label[first + place]!;
    switch (shapes.rest[kind]) {
      case REST.items:
        return WAY.item;
      case REST.members:
        return WAY.member;
      case REST.values:
        return WAY.key;
      case REST.pairs: {
        if ((place - labels) % 2 === 0) return WAY.key;
        const text = indexOf(this.#graph.texts.node, edgeTo[edge - 1]!);
        return text < 0 ? WAY.key : this.#keys + this.#sameText(text);
      }
      default:
        return WAY.unnamed;
    }
  }

  /** Equal keys are often different strings: the first of them stands for all. */
  #sameText(index: number): number {
    const known = this.#same[index]!;
    if (known !== NONE) return known;
    const text = stringAt(this.#graph.texts.strings, index);
    const first = this.#first.get(text) ?? index;
    this.#first.set(text, first);
    return (this.#same[index] = first);
  }

  /** 1 for names of keys that hold fewer than two objects. */
  rare(way: Uint32Array): Uint8Array {
    const counts = new Uint32Array(this.count);
    for (const by of way) counts[by]!++;
    return Uint8Array.from(counts, (count, by) => (by >= this.#keys && count < LEAST ? 1 : 0));
  }

  /** As it follows the holder's name: `.user`, `['name']`. */
  text(way: number): string {
    if (way < WAY.labels) return WAY_TEXTS[way]!;
    if (way >= this.#keys) return `['${stringAt(this.#graph.texts.strings, way - this.#keys)}']`;
    const { kind, name } = this.#graph.labels[way - WAY.labels]!;
    if (name === '') return '';
    return kind === LABEL.local || kind === LABEL.closure ? ` ${name}` : `.${name}`;
  }
}
