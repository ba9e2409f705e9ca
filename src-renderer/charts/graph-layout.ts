/** The content of a box: an object, or a root. */
export interface GraphNode {
  id: number;
  /** Two lines. */
  title: string;
  detail: string;
  tone: 'root' | 'object' | 'target';
}

/** `from` holds `to`. */
export interface GraphEdge {
  from: number;
  to: number;
  label: string;
}

export interface Graph {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
}

export interface PlacedNode extends GraphNode {
  x: number;
  y: number;
}

export interface PlacedEdge extends GraphEdge {
  /** SVG path; its arrow is at the end. */
  path: string;
  /** Centre of the label. */
  x: number;
  y: number;
  end: { x: number; y: number };
}

export interface GraphLayout {
  width: number;
  height: number;
  nodes: readonly PlacedNode[];
  edges: readonly PlacedEdge[];
}

export const NODE = { width: 156, height: 36 } as const;
const COLUMN = NODE.width + 92;
const ROW = NODE.height + 14;
const MARGIN = 12;
const SWEEPS = 4;

/**
 * Holders are on the left, the objects they hold on the right: the targets are in the last column, each other node as many columns before
 * it as it is references away. That also places rings, which have no order from left to right.
 *
 *     root ─ app ─ sessions ─┐
 *                            ├─ user
 *     frame ─────── cache ───┘
 */
export function layoutGraph({ nodes, edges }: Graph): GraphLayout {
  const known = new Set(nodes.map(({ id }) => id));
  const drawn = edges.filter(({ from, to }) => known.has(from) && known.has(to));
  const distance = distances(nodes, drawn);
  const deepest = Math.max(0, ...distance.values());
  const columns: GraphNode[][] = Array.from({ length: deepest + 1 }, () => []);
  for (const node of nodes) columns[deepest - (distance.get(node.id) ?? deepest)]?.push(node);
  const rows = order(columns, drawn);
  const tallest = Math.max(1, ...columns.map((column) => column.length));
  const placed = new Map<number, PlacedNode>();
  for (const [x, column] of columns.entries()) {
    const top = ((tallest - column.length) * ROW) / 2;
    for (const node of column) placed.set(node.id, { ...node, x: MARGIN + x * COLUMN, y: MARGIN + top + (rows.get(node.id) ?? 0) * ROW });
  }
  return {
    width: 2 * MARGIN + deepest * COLUMN + NODE.width,
    height: 2 * MARGIN + tallest * ROW - (ROW - NODE.height),
    nodes: [...placed.values()],
    edges: drawn.flatMap((edge) => placeEdge(edge, placed)),
  };
}

/** Number of references to the nearest target. Nodes that lead to none are placed before all others. */
function distances(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Map<number, number> {
  const holders = new Map<number, number[]>();
  for (const { from, to } of edges) holders.set(to, [...(holders.get(to) ?? []), from]);
  const targets = nodes.filter(({ tone }) => tone === 'target').map(({ id }) => id);
  const distance = new Map(targets.map((id) => [id, 0]));
  let last = 0;
  for (let front = targets; front.length > 0;) {
    const next: number[] = [];
    for (const id of front) {
      for (const holder of holders.get(id) ?? []) {
        if (distance.has(holder)) continue;
        distance.set(holder, last + 1);
        next.push(holder);
      }
    }
    if (next.length > 0) last += 1;
    front = next;
  }
  for (const { id } of nodes) if (!distance.has(id)) distance.set(id, last + 1);
  return distance;
}

/** Position of each node in its column: near the middle of its neighbours, from the right and back again. */
function order(columns: readonly GraphNode[][], edges: readonly GraphEdge[]): Map<number, number> {
  const row = new Map<number, number>();
  const neighbours = new Map<number, number[]>();
  for (const { from, to } of edges) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
    neighbours.set(to, [...(neighbours.get(to) ?? []), from]);
  }
  for (const column of columns) column.forEach(({ id }, at) => row.set(id, at - column.length / 2));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const column of sweep % 2 === 0 ? [...columns].reverse() : columns) {
      const middle = new Map(
        column.map(({ id }) => [
          id,
          mean(
            (neighbours.get(id) ?? []).map((other) => row.get(other) ?? 0),
            row.get(id) ?? 0,
          ),
        ]),
      );
      column.sort((a, b) => (middle.get(a.id) ?? 0) - (middle.get(b.id) ?? 0));
      column.forEach(({ id }, at) => row.set(id, at - column.length / 2));
    }
  }
  for (const column of columns) column.forEach(({ id }, at) => row.set(id, at));
  return row;
}

const mean = (values: readonly number[], otherwise: number): number =>
  values.length === 0 ? otherwise : values.reduce((sum, value) => sum + value, 0) / values.length;

function placeEdge(edge: GraphEdge, placed: ReadonlyMap<number, PlacedNode>): PlacedEdge[] {
  const from = placed.get(edge.from);
  const to = placed.get(edge.to);
  if (!from || !to) return [];
  const y1 = from.y + NODE.height / 2;
  const y2 = to.y + NODE.height / 2;
  if (to.x > from.x) {
    const [x1, x2] = [from.x + NODE.width, to.x - 1];
    const bend = Math.min(60, (x2 - x1) / 2);
    return [
      {
        ...edge,
        path: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
        x: (x1 + x2) / 2,
        y: (y1 + y2) / 2 - 4,
        end: { x: x2, y: y2 },
      },
    ];
  }
  // Back to the left, or within a column: around, below both.
  const low = Math.max(from.y, to.y) + NODE.height + 8;
  const [x1, x2] = [from.x + NODE.width / 2, to.x + NODE.width / 2 + (from.id === to.id ? 30 : 0)];
  const end = { x: x2, y: to.y + NODE.height };
  return [
    {
      ...edge,
      path: `M${x1} ${from.y + NODE.height}C${x1} ${low + 10} ${x2} ${low + 10} ${x2} ${end.y}`,
      x: (x1 + x2) / 2,
      y: low + 4,
      end,
    },
  ];
}
