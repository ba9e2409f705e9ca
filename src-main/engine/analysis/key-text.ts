import { FLAG, NONE, REST, ROOT, type HeapGraph } from '../heap/graph.ts';
import { indexOf, stringAt, stringOf } from '../heap/strings.ts';
import { isBuiltin, qualifiedName } from './type-names.ts';

/** Items of a key that are shown, and containers in it. */
const MOST_ITEMS = 4;
const DEEPEST = 2;
const BRACKETS: Record<string, [string, string]> = { tuple: ['(', ')'], frozenset: ['frozenset({', '})'] };
const CONSTANTS = ['True', 'False', 'Ellipsis', 'NotImplemented'];

/**
 * A key as Python would show it: `'sessions'`, `17`, `b'raw'`, `True`, `(1, 'a')`, `Color.RED`, a class by its name. If its value was not
 * recorded, its type and address.
 */
export function keyText(graph: HeapGraph, key: number): string {
  return valueText(graph, key, 0) ?? `<${graph.types[graph.type[key]!]!.name} at 0x${graph.address[key]!.toString(16)}>`;
}

/** null: it is not recorded. */
function valueText(graph: HeapGraph, key: number, depth: number): string | null {
  const type = graph.types[graph.type[key]!]!;
  const at = indexOf(graph.texts.node, key);
  if (at >= 0) {
    const text = stringAt(graph.texts.strings, at);
    return type.name === 'str' ? quoted(text) : text;
  }
  if (type.name === 'NoneType') return 'None';
  const preview = stringOf(graph.previews, key);
  if (preview !== null) return preview;
  const named = namesOf(graph).get(key);
  if (named !== undefined) return named;
  const brackets = isBuiltin(type) ? BRACKETS[type.name] : undefined;
  return brackets === undefined ? memberText(graph, key) : itemsText(graph, key, brackets, depth);
}

function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}

/** An item whose value is not recorded is told by its type. */
function itemsText(graph: HeapGraph, key: number, [open, close]: [string, string], depth: number): string {
  if (depth >= DEEPEST) return `${open}…${close}`;
  const shape = graph.shape[key]!;
  const from = graph.edgeStart[key]! + graph.shapes.start[shape + 1]! - graph.shapes.start[shape]!;
  const items = [...graph.edgeTo.subarray(from, graph.edgeStart[key + 1])];
  const texts = items.slice(0, MOST_ITEMS).map((item) => valueText(graph, item, depth + 1) ?? `<${graph.types[graph.type[item]!]!.name}>`);
  if (items.length > MOST_ITEMS) texts.push('…');
  const isPair = items.length !== 1 || open !== '(';
  return `${open}${texts.join(', ')}${isPair ? '' : ','}${close}`;
}

/** `Color.RED`: a member of an enumeration knows its name. */
function memberText(graph: HeapGraph, key: number): string | null {
  const name = attributeOf(graph, key, '_name_');
  const text = name === NONE || attributeOf(graph, key, '_value_') === NONE ? null : stringOf(graph.texts, name);
  return text === null ? null : `${graph.types[graph.type[key]!]!.name}.${text}`;
}

/** In a slot, or in the dictionary of the instance. */
function attributeOf(graph: HeapGraph, node: number, name: string): number {
  const own = labelled(graph, node, name);
  const dict = own === NONE ? labelled(graph, node, '__dict__') : NONE;
  return dict === NONE ? own : entryOf(graph, dict, name);
}

function labelled({ shape, shapes, labels, edgeStart, edgeTo }: HeapGraph, node: number, name: string): number {
  const first = shapes.start[shape[node]!]!;
  const count = Math.min(shapes.start[shape[node]! + 1]! - first, edgeStart[node + 1]! - edgeStart[node]!);
  for (let at = 0; at < count; at++) if (labels[shapes.label[first + at]!]!.name === name) return edgeTo[edgeStart[node]! + at]!;
  return NONE;
}

function entryOf(graph: HeapGraph, dict: number, name: string): number {
  const { shape, shapes, edgeStart, edgeTo, texts } = graph;
  if (shapes.rest[shape[dict]!] !== REST.pairs) return NONE;
  const first = edgeStart[dict]! + shapes.start[shape[dict]! + 1]! - shapes.start[shape[dict]!]!;
  for (let edge = first; edge + 1 < edgeStart[dict + 1]!; edge += 2) if (stringOf(texts, edgeTo[edge]!) === name) return edgeTo[edge + 1]!;
  return NONE;
}

const known = new WeakMap<HeapGraph, ReadonlyMap<number, string>>();

/** Classes, and the constants of `builtins`. */
function namesOf(graph: HeapGraph): ReadonlyMap<number, string> {
  const found = known.get(graph);
  if (found !== undefined) return found;
  const names = new Map<number, string>();
  for (const type of graph.types) if (type.node !== NONE) names.set(type.node, qualifiedName(type));
  const builtins = builtinsOf(graph);
  for (const name of builtins === NONE ? [] : CONSTANTS) {
    const value = entryOf(graph, builtins, name);
    if (value !== NONE && (graph.flags[value]! & FLAG.synthetic) === 0) names.set(value, name);
  }
  known.set(graph, names);
  return names;
}

/** The namespace of the module; `NONE`: it is not in the snapshot. */
function builtinsOf(graph: HeapGraph): number {
  for (const { node } of graph.roots.filter(({ kind }) => kind === ROOT.modules)) {
    for (const table of graph.edgeTo.subarray(graph.edgeStart[node], graph.edgeStart[node + 1])) {
      const module = entryOf(graph, table, 'builtins');
      if (module !== NONE) return labelled(graph, module, '__dict__');
    }
  }
  return NONE;
}
