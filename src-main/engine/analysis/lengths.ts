import type { ObjectRow } from '../../../src-preload/contract/index.ts';
import { BIG } from '../heap/graph.ts';
import { indexOf, stringAt } from '../heap/strings.ts';
import { lengthOf } from './edge-names.ts';
import type { HeapView } from './heap-view.ts';

/**
 * What `len()` of an object is: items of a container; the first dimension of an array; characters and bytes, which the size tells, or a
 * record of the dump where it does not. null: it has none, or the dump does not say.
 */
export function lengthIn(view: HeapView, node: number): number | null {
  const { graph } = view;
  const at = indexOf(graph.arrays.node, node);
  if (at >= 0) return view.once('lengths of arrays', () => firstDimensions(view))[at] ?? null;
  const empty = view.once('sizes of empty texts', () => emptySizes(view))[graph.type[node]!]!;
  if (empty > 0 && graph.size[node] !== BIG) return Math.max(0, graph.size[node]! - empty);
  return lengthOf(graph, node);
}

/** An array's dtype and shape; null of what is none, though it has a length like one. */
export function arrayOf({ graph: { arrays } }: HeapView, node: number): ObjectRow['array'] {
  const at = indexOf(arrays.node, node);
  const dtype = at < 0 ? '' : stringAt(arrays.dtype, at);
  return dtype === '' ? null : { dtype, shape: stringAt(arrays.shape, at) };
}

/** By type: the size of one without content where the size tells the length, else 0. */
function emptySizes({ graph: { types, facts } }: HeapView): Float64Array {
  return Float64Array.from(types, ({ module, name }) => {
    if (module !== 'builtins' && module !== '') return 0;
    if (name === 'str') return facts.emptyStr;
    return name === 'bytes' ? facts.emptyBytes : 0;
  });
}

/** 12 of `(12, 3)`; null of `()`. */
function firstDimensions({ graph: { arrays } }: HeapView): (number | null)[] {
  return Array.from(arrays.node, (_, i) => {
    const first = Number.parseInt(stringAt(arrays.shape, i).slice(1), 10);
    return Number.isSafeInteger(first) ? first : null;
  });
}

/** Items of all dimensions: 36 of `(12, 3)`. */
export function itemsOf({ shape }: { shape: string }): number {
  return shape
    .split(/\D+/)
    .filter((part) => part !== '')
    .reduce((product, part) => product * Number(part), 1);
}
