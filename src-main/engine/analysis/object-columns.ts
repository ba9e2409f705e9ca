import type { GarbageState } from '../../../src-preload/contract/index.ts';
import { NONE } from '../heap/graph.ts';
import { indexOf, stringAt } from '../heap/strings.ts';
import { own, unknownColumn, type ColumnReader } from '../rows/arrange.ts';
import { degreeOf } from './edge-names.ts';
import type { HeapView } from './heap-view.ts';
import { arrayOf, itemsOf, lengthIn } from './lengths.ts';
import { nodesWithWord } from './words.ts';
import { garbageState, holderText, kindOf, previewOf, typeOf } from './node-rows.ts';
import { qualifiedName } from './type-names.ts';

/** Columns of `ObjectRow`, read by node. `node` maps a row to its node where rows are not nodes. */
export function objectColumns(view: HeapView, node: (row: number) => number = (row) => row): ColumnReader {
  const types = view.once('typeTexts', () => view.graph.types.map(qualifiedName));
  const typeOfRow = (row: number): string => (view.isSynthetic(node(row)) ? '' : types[view.graph.type[node(row)]!]!);
  const texts: Record<string, (row: number) => string> = {
    type: typeOfRow,
    preview: (row) => previewOf(view, node(row)),
    holder: (row) => holderText(view, node(row)),
    address: (row) => `0x${view.graph.address[node(row)]!.toString(16)}`,
    module: (row) => typeOf(view, node(row)).module,
    kind: (row) => kindOf(view, node(row)),
    garbage: (row) => garbageState(view, node(row)) ?? '',
    dtype: (row) => arrayOf(view, node(row))?.dtype ?? '',
    shape: (row) => arrayOf(view, node(row))?.shape ?? '',
  };
  const numbers: Record<string, (row: number) => number | null> = {
    shallow: (row) => view.shallow(node(row)),
    retained: (row) => view.retained(node(row)),
    referrers: (row) => view.referrerStarts[node(row) + 1]! - view.referrerStarts[node(row)]!,
    referents: (row) => degreeOf(view.graph, node(row)),
    length: (row) => lengthIn(view, node(row)),
    retainedCount: (row) => view.graph.subtree[node(row)]!,
    address: (row) => view.graph.address[node(row)]!,
    children: (row) => view.childCounts[node(row)]!,
    share: (row) => view.retained(node(row)) / Math.max(1, view.graph.facts.bytes),
    node,
  };
  const ranks: Record<string, (rows: Uint32Array) => (row: number) => number> = {
    type: () => rankOfTypes(view, types, node),
    module: () =>
      rankOfTypes(
        view,
        view.graph.types.map(({ module }) => module),
        node,
      ),
    garbage: () => (row) => GARBAGE.indexOf(garbageState(view, node(row))),
    kind: () => (row) => (view.isSynthetic(node(row)) ? 1 : 0),
    preview: (rows) => rankOfPreviews(view, rows, node),
    dtype: () => rankOfDtypes(view, node),
    shape: () => (row) => itemsIn(view, node(row)) + 1,
    holder: () => rankOfHolders(view, node),
  };
  return {
    texts: ['type', 'preview', 'holder'],
    text: (column) => own(texts, column) ?? asText(own(numbers, column), column),
    number: (column) => own(numbers, column) ?? fail(column),
    word: (text) => wordTest(view, text, node),
    sortKey: (column, rows) => own(ranks, column)?.(rows) ?? withoutGaps(own(numbers, column), column),
  };
}

const GARBAGE: readonly GarbageState[] = [null, 'waits', 'uncollectable'];

/** A short list is read directly: the walk over all nodes would take longer. */
const FEW = 10_000;

function wordTest(view: HeapView, word: string, node: (row: number) => number): ((row: number) => boolean) | null {
  const found = view.graph.nodes < FEW ? null : nodesWithWord(view, word);
  return found === null ? null : (row) => found[node(row)] === 1;
}

function fail(column: string): never {
  throw unknownColumn(column);
}

function asText(number: ((row: number) => number | null) | undefined, column: string): (row: number) => string {
  const read = number ?? fail(column);
  return (row) => String(read(row) ?? '');
}

/** Sort keys are whole numbers. */
const SHARE_STEPS = 2 ** 48;

/** Rows without a value sort below all others. */
function withoutGaps(number: ((row: number) => number | null) | undefined, column: string): (row: number) => number {
  const read = number ?? fail(column);
  if (column === 'share') return (row) => Math.round((read(row) ?? 0) * SHARE_STEPS);
  return column === 'length' ? (row) => (read(row) ?? -1) + 1 : (row) => read(row) ?? 0;
}

function rankOfTypes(view: HeapView, names: readonly string[], node: (row: number) => number): (row: number) => number {
  const order = names.map((_, i) => i).sort((a, b) => compare(names[a]!.toLowerCase(), names[b]!.toLowerCase()));
  const rank = new Uint32Array(names.length);
  for (const [at, type] of order.entries()) rank[type] = at > 0 && names[order[at - 1]!] === names[type] ? rank[order[at - 1]!]! : at + 1;
  return (row) => rank[view.graph.type[node(row)]!]!;
}

/** -1 of what is no array. */
function itemsIn(view: HeapView, node: number): number {
  const array = arrayOf(view, node);
  return array === null ? -1 : Math.min(itemsOf(array), Number.MAX_SAFE_INTEGER - 1);
}

function rankOfDtypes(view: HeapView, node: (row: number) => number): (row: number) => number {
  const known = new Set(Array.from(view.graph.arrays.node, (_, i) => stringAt(view.graph.arrays.dtype, i)));
  const rank = new Map([...known].sort().map((dtype, i) => [dtype, i + 1]));
  return (row) => rank.get(arrayOf(view, node(row))?.dtype ?? '') ?? 0;
}

function rankOfPreviews(view: HeapView, rows: Uint32Array, node: (row: number) => number): (row: number) => number {
  const { previews } = view.graph;
  const rank = new Map<string, number>();
  const textOf = new Map<number, string>();
  for (const row of rows) {
    const at = indexOf(previews.node, node(row));
    if (at < 0) continue;
    const text = stringAt(previews.strings, at);
    textOf.set(row, text);
    rank.set(text, 0);
  }
  for (const [i, text] of [...rank.keys()].sort().entries()) rank.set(text, i + 1);
  return (row) => rank.get(textOf.get(row) ?? '') ?? 0;
}

/** Chains of holders in order, step by step: each node's position in a preorder walk of the tree of shortest chains. */
function rankOfHolders(view: HeapView, node: (row: number) => number): (row: number) => number {
  const rank = view.once('holderRank', () => preorderRank(view));
  return (row) => rank[node(row)]!;
}

/**
 * Subtrees are summed against the order of the search, then each node is placed after the siblings found before it: no stack is needed,
 * however long a chain is. Siblings come in the order in which they are held.
 */
function preorderRank(view: HeapView): Uint32Array {
  const { order, parent } = view.tree;
  const nodes = view.graph.nodes;
  const subtree = new Uint32Array(nodes).fill(1);
  for (let i = order.length - 1; i > 0; i--) if (parent[order[i]!] !== NONE) subtree[parent[order[i]!]!]! += subtree[order[i]!]!;
  const rank = new Uint32Array(nodes);
  const next = new Uint32Array(nodes);
  for (const at of order) {
    const holder = parent[at]!;
    if (holder === NONE) rank[at] = 1;
    else {
      rank[at] = next[holder]!;
      next[holder] = next[holder]! + subtree[at]!;
    }
    next[at] = rank[at] + 1;
  }
  return rank;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
