/**
 * A tree of calls as boxes, each as wide as what was allocated below it, children below their parent in the order of their names: what is
 * live changes every second, and an order by size would move everything.
 *
 *     node     0 all   1 main   2 parse   3 load       order   0 1 3 2
 *     parent   -1      0        1         1            rows    0 1 2 4
 *     bytes    8       8        6         2            width   1 1 0.75 0.25
 *     left     0       0        0.25      0
 *
 * `order` lists the nodes row by row, from left to right: the children of a node are beside each other in it.
 */
export interface FlameNodes {
  /** -1 for node 0; parents before their children. */
  parent: Float64Array;
  bytes: Float64Array;
  function: readonly string[];
  file: readonly string[];
  line: Float64Array;
}

export interface FlameLayout {
  order: Int32Array;
  /** Where each row starts in `order`; one more than there are rows. */
  rows: Int32Array;
  /** Place of each node in `order`. */
  place: Int32Array;
  depth: Int32Array;
  /** Places of the children in `order`, from and to. */
  childFrom: Int32Array;
  childTo: Int32Array;
  /** 0 to 1, of the whole width. */
  left: Float64Array;
  width: Float64Array;
}

/** The part of the width that is shown, 0 to 1. */
export interface FlameView {
  from: number;
  to: number;
}

export const FLAME_ROW = 19;
const NOWHERE = -1;

const at = (values: Int32Array | Float64Array, index: number): number => values[index] ?? 0;

export function layFlame(nodes: FlameNodes): FlameLayout {
  const n = nodes.parent.length;
  const layout: FlameLayout = {
    order: new Int32Array(n),
    rows: new Int32Array(0),
    place: new Int32Array(n),
    depth: new Int32Array(n),
    childFrom: new Int32Array(n),
    childTo: new Int32Array(n),
    left: new Float64Array(n),
    width: new Float64Array(n),
  };
  if (n === 0) return layout;
  const children = childLists(nodes);
  const values = positiveValues(nodes);
  layout.width[0] = at(values, 0) > 0 ? 1 : 0;
  const rows = [0];
  let end = 1;
  for (let place = 0; place < n && place < end; place += 1) {
    const node = at(layout.order, place);
    layout.place[node] = place;
    if (at(layout.depth, node) === rows.length) rows.push(place);
    layout.childFrom[node] = end;
    end = placeChildren(layout, { node, end, children: children.of(node), values });
    layout.childTo[node] = end;
  }
  layout.rows = Int32Array.from([...rows, end]);
  return layout;
}

interface Placing {
  node: number;
  end: number;
  children: readonly number[];
  values: Float64Array;
}

function placeChildren(layout: FlameLayout, { node, end, children, values }: Placing): number {
  let place = end;
  let left = at(layout.left, node);
  const scale = at(values, node) > 0 ? at(layout.width, node) / at(values, node) : 0;
  for (const child of children) {
    layout.order[place] = child;
    layout.depth[child] = at(layout.depth, node) + 1;
    layout.left[child] = left;
    layout.width[child] = at(values, child) * scale;
    left += at(layout.width, child);
    place += 1;
  }
  return place;
}

/** What is drawn: growth may be negative, and a box cannot; what grew below it is as wide as it grew. */
function positiveValues({ parent, bytes }: FlameNodes): Float64Array {
  const n = parent.length;
  const own = Float64Array.from(bytes);
  for (let node = 1; node < n; node += 1) own[at(parent, node)] = at(own, at(parent, node)) - at(bytes, node);
  const values = own.map((value) => Math.max(0, value));
  for (let node = n - 1; node > 0; node -= 1) values[at(parent, node)] = at(values, at(parent, node)) + at(values, node);
  return values;
}

/** Children by name, file and line. */
function childLists(nodes: FlameNodes): { of: (node: number) => number[] } {
  const { parent } = nodes;
  const n = parent.length;
  const first = new Int32Array(n).fill(NOWHERE);
  const next = new Int32Array(n).fill(NOWHERE);
  for (let node = n - 1; node > 0; node -= 1) {
    next[node] = at(first, at(parent, node));
    first[at(parent, node)] = node;
  }
  const byName = (a: number, b: number): number =>
    compare(nodes.function[a], nodes.function[b]) || compare(nodes.file[a], nodes.file[b]) || at(nodes.line, a) - at(nodes.line, b);
  const of = (node: number): number[] => {
    const list: number[] = [];
    for (let child = at(first, node); child !== NOWHERE; child = at(next, child)) list.push(child);
    return list.sort(byName);
  };
  return { of };
}

const compare = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);

/** The nodes of a row within a view, from left to right. */
export function* rowOf(layout: FlameLayout, depth: number, view: FlameView): Generator<number> {
  const end = at(layout.rows, depth + 1);
  for (let place = firstRightOf(layout, depth, view.from); place < end; place += 1) {
    const node = at(layout.order, place);
    if (at(layout.left, node) >= view.to) return;
    yield node;
  }
}

/** The box at a place; null: there is none. */
export function nodeAt(layout: FlameLayout, depth: number, x: number): number | null {
  if (depth < 0 || depth >= layout.rows.length - 1) return null;
  const place = firstRightOf(layout, depth, x);
  if (place >= at(layout.rows, depth + 1)) return null;
  const node = at(layout.order, place);
  return at(layout.left, node) <= x ? node : null;
}

function firstRightOf(layout: FlameLayout, depth: number, x: number): number {
  let low = at(layout.rows, depth);
  let high = at(layout.rows, depth + 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    const node = at(layout.order, middle);
    if (at(layout.left, node) + at(layout.width, node) > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const viewOf = (layout: FlameLayout, node: number): FlameView => {
  const from = at(layout.left, node);
  const width = at(layout.width, node);
  return width > 0 ? { from, to: from + width } : { from: 0, to: 1 };
};

const nameAt = (nodes: FlameNodes, node: number): string => `${nodes.function[node]}\n${nodes.file[node]}\n${nodes.line[node]}`;

/** From node 0 to a node: numbers are of one answer, this finds the same box in the next. */
export function pathOf(nodes: FlameNodes, node: number): string[] {
  const path: string[] = [];
  for (let one = node; one > 0; one = at(nodes.parent, one)) path.push(nameAt(nodes, one));
  return path.reverse();
}

/** The last box of a path that is there, and whether it is the one that was meant. */
export function findPath(nodes: FlameNodes, layout: FlameLayout, path: readonly string[]): { node: number; whole: boolean } {
  let node = 0;
  for (const name of path) {
    const children = layout.order.subarray(at(layout.childFrom, node), at(layout.childTo, node));
    const child = children.find((one) => nameAt(nodes, one) === name);
    if (child === undefined) return { node, whole: false };
    node = child;
  }
  return { node, whole: true };
}

export type FlameMove = 'up' | 'down' | 'left' | 'right';

/** Where an arrow leads: the caller's box, the widest below, the neighbours in the row. */
export function moveFrom(layout: FlameLayout, parent: Float64Array, node: number, move: FlameMove, view: FlameView): number {
  if (move === 'up') return Math.max(0, at(parent, node));
  if (move === 'down') {
    const children = layout.order.subarray(at(layout.childFrom, node), at(layout.childTo, node));
    return children.reduce((best, child) => (at(layout.width, child) > at(layout.width, best) ? child : best), children[0] ?? node);
  }
  const step = move === 'left' ? -1 : 1;
  const depth = at(layout.depth, node);
  for (let place = at(layout.place, node) + step; place >= at(layout.rows, depth) && place < at(layout.rows, depth + 1); place += step) {
    const other = at(layout.order, place);
    const isIn = at(layout.left, other) + at(layout.width, other) > view.from && at(layout.left, other) < view.to;
    if (isIn && at(layout.width, other) > 0) return other;
  }
  return node;
}
