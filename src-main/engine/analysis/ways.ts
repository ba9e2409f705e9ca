import { FLAG, LABEL, NONE, REST, type HeapGraph } from '../heap/graph.ts';
import { indexOf, stringAt } from '../heap/strings.ts';
import { placeOf } from './edge-names.ts';

/** Kinds of references without a label: in a list, in a set, by a key whose text is not known, to a key, without a name. */
export const WAY = { item: 0, member: 1, key: 2, dictKey: 3, unnamed: 4, labels: 5 } as const;
/** Texts of the kinds before `labels`. */
const WAY_TEXTS = ['[…]', '{…}', '[…]', '{…:}', ''];

/** Kinds of references by number: the fixed ones, then labels, then names of keys, then the same names as attributes. */
export class Ways {
  readonly count: number;
  readonly #graph: HeapGraph;
  readonly #weakNodes: ReadonlySet<number>;
  readonly #same: Uint32Array;
  readonly #first = new Map<string, number>();
  readonly #texts: number;
  /** The first key. */
  readonly #keys: number;
  /** The first key of an instance dictionary. */
  readonly #attributes: number;

  constructor(graph: HeapGraph) {
    this.#graph = graph;
    this.#weakNodes = new Set(graph.weak.node);
    this.#texts = graph.texts.node.length;
    this.#same = new Uint32Array(this.#texts).fill(NONE);
    this.#keys = WAY.labels + graph.labels.length;
    this.#attributes = this.#keys + this.#texts;
    this.count = this.#attributes + this.#texts;
  }

  of(holder: number, edge: number): number {
    const { shapes, shape, edgeStart, edgeTo, flags } = this.#graph;
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
        if ((place - labels) % 2 === 0) return WAY.dictKey;
        const text = indexOf(this.#graph.texts.node, edgeTo[edge - 1]!);
        if (text < 0) return WAY.key;
        return ((flags[holder]! & FLAG.instanceDict) !== 0 ? this.#attributes : this.#keys) + this.#sameText(text);
      }
      default:
        return WAY.unnamed;
    }
  }

  /** Equal keys are often different strings: the first of them represents all. */
  #sameText(index: number): number {
    const known = this.#same[index]!;
    if (known !== NONE) return known;
    const text = stringAt(this.#graph.texts.strings, index);
    const first = this.#first.get(text) ?? index;
    this.#first.set(text, first);
    return (this.#same[index] = first);
  }

  /** By the text of a key, in a dictionary that is nobody's namespace. */
  isKey(way: number): boolean {
    return way >= this.#keys && way < this.#attributes;
  }

  /** By a name in a namespace. */
  isAttribute(way: number): boolean {
    return way >= this.#attributes;
  }

  /** The name alone; null: it has none, as in a list, or it is not known. */
  name(way: number): string | null {
    if (way < WAY.labels) return null;
    if (way >= this.#keys) return stringAt(this.#graph.texts.strings, (way - this.#keys) % this.#texts);
    return this.#graph.labels[way - WAY.labels]!.name;
  }

  /** As it follows the holder's name: `.user`, `['name']`, ` local`. */
  text(way: number): string {
    const name = this.name(way);
    if (name === null) return WAY_TEXTS[way]!;
    if (name === '') return '';
    if (way >= this.#keys) return way < this.#attributes ? `['${name}']` : `.${name}`;
    const { kind } = this.#graph.labels[way - WAY.labels]!;
    return kind === LABEL.local || kind === LABEL.closure ? ` ${name}` : `.${name}`;
  }
}
