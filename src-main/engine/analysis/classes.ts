import { NONE } from '../heap/graph.ts';
import { stringOf } from '../heap/strings.ts';
import type { Groups } from './groups.ts';
import type { HeapView } from './heap-view.ts';
import { qualifiedName, typeName } from './type-names.ts';

/** Classes as objects, by their node: `app.models.Session`, and where their code begins, `models.py:12`; '' if it has none of its own. */
interface ClassName {
  name: string;
  place: string;
}

const PLACE = /^(\S+) (\S.*):(\d+)$/;

export function classNames(view: HeapView): ReadonlyMap<number, ClassName> {
  return view.once('class names', () => {
    const known = view.graph.types.filter(({ node }) => node !== NONE);
    return new Map(known.map((type) => [type.node, { name: qualifiedName(type), place: placeOf(view, type.node, type.name) }]));
  });
}

/** The first line of its methods: where exactly a class statement begins is nowhere in the heap. */
function placeOf(view: HeapView, node: number, name: string): string {
  let file = '';
  let first = Infinity;
  for (const text of methodsOf(view, node)) {
    const [, method = '', at = '', line] = PLACE.exec(text) ?? [];
    if (!method.startsWith(`${name}.`) || at.startsWith('<') || (file !== '' && at !== file)) continue;
    file = at;
    first = Math.min(first, Number(line));
  }
  return file === '' ? '' : `${file}:${first}`;
}

/** Texts of what is in its dictionary: `Session.load models.py:14`. */
function methodsOf({ graph }: HeapView, node: number): string[] {
  const texts: string[] = [];
  for (let edge = graph.edgeStart[node]!; edge < graph.edgeStart[node + 1]!; edge++) {
    const dict = graph.edgeTo[edge]!;
    if (graph.types[graph.type[dict]!]!.name !== 'dict') continue;
    for (let item = graph.edgeStart[dict]!; item < graph.edgeStart[dict + 1]!; item++) {
      const value = graph.edgeTo[item]!;
      if (graph.types[graph.type[value]!]!.name === 'function') texts.push(stringOf(graph.previews, value) ?? '');
    }
  }
  return texts;
}

/** Like the groups of types, but each class by itself: those of one name are told apart by where they begin, and by their address. */
export function classGroups(view: HeapView): Groups {
  const { type, types, address } = view.graph;
  const count = new Map<string, number>();
  const textOf = ({ module, name }: { module: string; name: string }): string => `${module}\0${name}`;
  for (const each of types) count.set(textOf(each), (count.get(textOf(each)) ?? 0) + 1);
  return {
    by: 'class',
    keys: types.length,
    keyOf: (node) => type[node]!,
    label: (i) => {
      const { node } = types[i]!;
      const { module, name } = typeName(types[i]!);
      if (node === NONE || count.get(textOf(types[i]!)) === 1) return { module, name };
      const place = classNames(view).get(node)?.place ?? '';
      return { module, name: [name, place, `0x${address[node]!.toString(16)}`].filter((part) => part !== '').join(' ') };
    },
    parent: null,
  };
}
