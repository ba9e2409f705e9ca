import type { TypeName } from '../../../src-preload/contract/index.ts';
import { moduleName } from '../heap/aliases.ts';
import { FLAG, NONE } from '../heap/graph.ts';
import { stringOf } from '../heap/strings.ts';
import type { HeapView } from './heap-view.ts';
import { moduleTables, rootName, runningText } from './node-rows.ts';
import { WAY, Ways } from './ways.ts';
import { typeName } from './type-names.ts';

/** One reference on a chain; `at`: the place of its holder. */
interface Step {
  node: number;
  holder: number;
  edge: number;
  at: number;
}

/** A place with a name, or what the container at another place holds. */
interface Place {
  label: TypeName;
  /** The container's place, and how its name goes on; null: it has a name. */
  inside: { place: number; text: string } | null;
  /** For a key: how many objects it holds, in containers at this place. */
  count: number;
}

/** A key that stands in one container only names a place if the container has no more keys than this. */
const MOST_LONE_KEYS = 32;
/** Of more keys at one place nobody reads the names. */
const MOST_KEYS = 1000;
/** Values that are smaller and hold nothing are told by the module or class that has them. */
const LARGE = 1024;
/** What a key must look like to name a place: a word, and no number, hash or uuid. */
const WORD = /^[^\d\W][\w .:/-]{0,39}$/;
const RANDOM = /^(?=.*\d)[0-9a-f-]{12,}$|\d{5,}/i;
const CODE = new Set(
  'module function type builtin_function_or_method property staticmethod classmethod method_descriptor getset_descriptor member_descriptor wrapper_descriptor'.split(
    ' ',
  ),
);

export class Places {
  readonly #view: HeapView;
  readonly #ways: Ways;
  readonly #places: Place[] = [];
  readonly #named = new Map<string, number>();
  /** By place or type, and way. */
  readonly #inside = new Map<number, number>();
  /** The same for ways without a name, most of all: so many numbers for each place. */
  readonly #unnamed: number[] = [];
  readonly #ofTypes = new Map<number, number>();
  readonly #keysAt = new Map<number, number>();
  readonly #modules = new Map<number, string | null>();
  readonly #classes: ReadonlyMap<number, TypeName>;
  /** By way: 1 if it is the name of a place, 2 if not, 0: not asked yet. */
  readonly #words: Uint8Array;
  readonly #code: Uint8Array;
  /** `sys.modules`. */
  readonly #tables: ReadonlySet<number>;

  constructor(view: HeapView) {
    this.#view = view;
    const { types } = view.graph;
    this.#ways = view.once('ways', () => new Ways(view.graph));
    this.#tables = moduleTables(view);
    this.#words = new Uint8Array(this.#ways.count);
    this.#code = Uint8Array.from(types, ({ name, flags }) => (CODE.has(name) || (flags & FLAG.type) !== 0 ? 1 : 0));
    this.#classes = new Map(types.filter(({ node }) => node !== NONE).map((type) => [type.node, typeName(type)]));
  }

  ofRoot(node: number): number {
    return this.#name({ module: '', name: runningText(this.#view, node) ?? rootName(this.#view, node) });
  }

  of(step: Step): number {
    const { node, holder, edge } = step;
    const view = this.#view;
    if (view.isSynthetic(node)) return this.ofRoot(node);
    if (this.#tables.has(holder)) return this.#name({ module: '', name: 'sys.modules' });
    const way = this.#ways.of(holder, edge);
    if (view.isSynthetic(holder)) return this.#ofRootsName(step, way);
    if (this.#ways.isAttribute(way)) return this.#attribute(step, way);
    return this.#ways.isKey(way) || this.#ways.name(way) === null || this.#ways.name(way) === ''
      ? this.#insideOf(step, way)
      : this.#ofType(view.graph.type[holder]!, way);
  }

  /** Keys that turned out to name no place join the others there. A label that several places have is one. */
  joined(): { key: Uint32Array; labels: TypeName[] } {
    const labels: TypeName[] = [];
    const known = new Map<string, number>();
    const shownAs: TypeName[] = [];
    const key = Uint32Array.from(this.#places, ({ label, inside, count }, i) => {
      const shownLabel = inside === null ? label : goesOn(shownAs[inside.place]!, this.#isLone(inside, count) ? ITEMS : inside.text);
      shownAs[i] = shownLabel;
      const text = `${shownLabel.module}\0${shownLabel.name}`;
      const at = known.get(text) ?? labels.push(shownLabel) - 1;
      known.set(text, at);
      return at;
    });
    return { key, labels };
  }

  #isLone({ place, text }: { place: number; text: string }, count: number): boolean {
    return count < 2 && text.startsWith("['") && (this.#keysAt.get(place) ?? 0) > MOST_LONE_KEYS;
  }

  #name(label: TypeName): number {
    const text = `${label.module}\0${label.name}`;
    const place = this.#named.get(text) ?? this.#add({ label, inside: null, count: 0 });
    this.#named.set(text, place);
    return place;
  }

  #add(place: Place): number {
    for (let way = 0; way < WAY.labels; way++) this.#unnamed.push(UNKNOWN);
    return this.#places.push(place) - 1;
  }

  /** A local variable of a frame; what other roots hold is told by the root. */
  #ofRootsName({ at }: Step, way: number): number {
    const text = this.#ways.text(way).replace(/^\./, '').trim();
    return text === '' || way < WAY.labels ? at : this.#name({ module: '', name: `${this.#places[at]!.label.name} ${text}` });
  }

  /** A name in the namespace of a module or class, or an instance's. */
  #attribute(step: Step, way: number): number {
    const { graph, tree } = this.#view;
    const owner = tree.parent[step.holder]!;
    if (owner === NONE || this.#ways.name(this.#ways.of(owner, tree.edge[step.holder]!)) !== '__dict__') return this.#insideOf(step, way);
    const own = this.#classes.get(owner);
    const module = own === undefined ? this.#moduleName(owner) : null;
    if (own === undefined && module === null) return this.#ofType(graph.type[owner]!, way);
    const named = own ?? { module: '', name: module! };
    if (!this.#isData(step.node, way)) return this.#name(named);
    const name = this.#ways.name(way)!;
    return this.#name(own === undefined ? { module: module!, name } : { module: own.module, name: `${own.name}.${name}` });
  }

  /** null: it is no module. */
  #moduleName(node: number): string | null {
    const { graph, tree } = this.#view;
    const known = this.#modules.get(node);
    if (known !== undefined) return known;
    const holder = tree.parent[node]!;
    const isListed = holder !== NONE && this.#tables.has(holder);
    const name = isListed ? stringOf(graph.texts, graph.edgeTo[tree.edge[node]! - 1]!) : moduleName(graph, node);
    this.#modules.set(node, name);
    return name;
  }

  /** Not the code of a module or class, nor one of its small values. */
  #isData(node: number, way: number): boolean {
    const { graph } = this.#view;
    if (!this.#isWord(way) || this.#code[graph.type[node]!] === 1 || (graph.flags[node]! & FLAG.type) !== 0) return false;
    return graph.edgeStart[node + 1]! > graph.edgeStart[node]! || graph.size[node]! >= LARGE;
  }

  #ofType(type: number, way: number): number {
    const pair = type * this.#ways.count + way;
    const known = this.#ofTypes.get(pair);
    if (known !== undefined) return known;
    const { module, name } = typeName(this.#view.graph.types[type]!);
    const text = this.#ways.isAttribute(way) && !this.#isWord(way) ? '.…' : this.#ways.text(way);
    const place = this.#name({ module, name: `${name}${text}` });
    this.#ofTypes.set(pair, place);
    return place;
  }

  #insideOf({ at }: Step, way: number): number {
    const by = this.#isWord(way) ? way : way === WAY.unnamed || way >= WAY.labels ? WAY.item : way;
    if (by < WAY.labels) return this.#itemsOf(at, by);
    const pair = at * this.#ways.count + by;
    let known = this.#inside.get(pair);
    if (known === undefined) {
      const keys = this.#keysAt.get(at) ?? 0;
      if (keys >= MOST_KEYS) return this.#itemsOf(at, WAY.item);
      this.#keysAt.set(at, keys + 1);
      known = this.#add({ label: NO_NAME, inside: { place: at, text: `['${this.#ways.name(way)!}']` }, count: 0 });
      this.#inside.set(pair, known);
    }
    this.#places[known]!.count++;
    return known;
  }

  /** What the containers at a place hold without a name. */
  #itemsOf(at: number, way: number): number {
    let known = this.#unnamed[at * WAY.labels + way]!;
    if (known === UNKNOWN) {
      const text = way === WAY.dictKey ? KEYS : ITEMS;
      known = this.#places[at]!.inside?.text === text ? at : this.#add({ label: NO_NAME, inside: { place: at, text }, count: 0 });
      this.#unnamed[at * WAY.labels + way] = known;
    }
    this.#places[known]!.count++;
    return known;
  }

  #isWord(way: number): boolean {
    if (!this.#ways.isKey(way) && !this.#ways.isAttribute(way)) return false;
    if (this.#words[way] === 0) {
      const name = this.#ways.name(way)!;
      this.#words[way] = WORD.test(name) && !RANDOM.test(name) ? 1 : 2;
    }
    return this.#words[way] === 1;
  }
}

/** Of a place that nobody has asked for yet; not `NONE`, which V8 would keep as a floating point number. */
const UNKNOWN = -1;
const NO_NAME: TypeName = { module: '', name: '' };
const ITEMS = '[…]';
const KEYS = '{…:}';

/** Containers in containers are not told level by level. */
function goesOn({ module, name }: TypeName, text: string): TypeName {
  return { module, name: text === ITEMS && name.endsWith(ITEMS) ? name : `${name}${text}` };
}
