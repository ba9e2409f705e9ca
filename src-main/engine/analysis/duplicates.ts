import { select, type HeapView } from './heap-view.ts';

/** Groups of equal strings and bytes; a group's number is its content's. */
export interface Duplicates {
  /** Numbers of the groups with two objects or more. */
  groups: Uint32Array;
  /** By number: objects, bytes of all, and the first object. */
  count: Uint32Array;
  bytes: Float64Array;
  sample: Uint32Array;
  members(group: number): Uint32Array;
}

const NOTHING = new Uint32Array(0);

export function duplicatesOf(view: HeapView): Duplicates {
  return view.once('duplicates', () => count(view));
}

function count(view: HeapView): Duplicates {
  const { content } = view.graph;
  if (content === null) return { groups: NOTHING, count: NOTHING, bytes: new Float64Array(0), sample: NOTHING, members: () => NOTHING };
  let numbers = 1;
  for (const group of content) if (group >= numbers) numbers = group + 1;
  const found = { count: new Uint32Array(numbers), bytes: new Float64Array(numbers), sample: new Uint32Array(numbers) };
  for (const node of view.objects) {
    const group = content[node]!;
    if (group === 0) continue;
    if (found.count[group]!++ === 0) found.sample[group] = node;
    found.bytes[group]! += view.shallow(node);
  }
  const groups = new Uint32Array(numbers).map((_, i) => i).filter((group) => found.count[group]! > 1);
  return { ...found, groups, members: (group) => (group === 0 ? NOTHING : select(view.objects, (node) => content[node] === group)) };
}
