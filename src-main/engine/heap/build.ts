/**
 * From a dump's data to a heap with dominators. The passes, in order:
 *
 *     splitEdges → reach → planRoots → rootedEdges → depthFirst → otherReferrers → immediateDominators
 *     → dominatorOrder → edges, columns and tables in the final order
 *
 * Edges are not copied before the last step. Each pass frees the memory it consumed, so that the peak stays below 80 bytes per object.
 */
import { dominatorOrder } from './dominator-order.ts';
import { immediateDominators } from './dominators.ts';
import { depthFirst } from './depth-first.ts';
import { equalDigests, findEqual, type EqualDigests } from './digests.ts';
import { gatherAddresses, gatherArrays, gatherFlags, gatherNumbers, gatherStrings, gatherU32, gatherWeak, type Placing } from './gather.ts';
import { BIG, FLAG, NONE, TYPE_FLAG } from './graph.ts';
import type { HeapFacts, HeapGraph, HeapRoot, HeapType, SparseNumbers } from './graph.ts';
import { release, scratchU32, sharedF64, sharedU32 } from './memory.ts';
import type { RawHeap } from './raw-heap.ts';
import { BELONGS, reach, type Reach } from './reach.ts';
import { otherReferrers } from './reverse.ts';
import { planRoots, type RootPlan } from './root-plan.ts';
import { withRootShapes } from './root-shapes.ts';
import { rootedEdges, type Edges } from './rooted-edges.ts';
import { splitEdges, type SplitEdges } from './split-edges.ts';

export type BuildStage = 'holders' | 'search' | 'dominators' | 'columns';

/** Called before each stage; an error it throws ends the build. */
export type OnStage = (stage: BuildStage) => void;

/** Frees the columns over nodes and edges at once: the next import need not wait for the collector. */
export function releaseHeap({ edgeStart, edgeTo, type, size, address, subtree, shape, flags, site, content, check }: HeapGraph): void {
  release(edgeStart, edgeTo, type, size, address, subtree, shape, flags, site, content, check);
}

/** `raw` is consumed. */
export function buildHeap(raw: RawHeap, onStage: OnStage = () => undefined): HeapGraph {
  onStage('holders');
  const equal = equalDigests(raw);
  const split = splitEdges(raw);
  release(raw.refs);
  const reached = reach(raw, split.external);
  const plan = planRoots(raw, reached);
  const facts = countFacts(raw, reached, plan);
  const { placing, edges, subtree } = order(raw, split, reached, plan, onStage);
  onStage('columns');
  return { ...edges, subtree, ...columns(raw, placing, split, reached, plan, equal), facts };
}

interface Ordered {
  readonly placing: Placing;
  readonly edges: Pick<HeapGraph, 'nodes' | 'edges' | 'edgeStart' | 'edgeTo'>;
  readonly subtree: Uint32Array;
}

/** Searches, finds the dominators and renumbers everything. */
function order(raw: RawHeap, split: SplitEdges, reached: Reach, plan: RootPlan, onStage: OnStage): Ordered {
  onStage('search');
  const rooted = rootedEdges(raw, split.edges, reached, plan);
  const search = depthFirst(rooted, raw.nodes);
  const { visited, parent } = search;
  onStage('dominators');
  const others = otherReferrers(rooted, search);
  release(search.references);
  const idom = immediateDominators(visited, parent, others);
  const { origin, target, subtree } = dominatorOrder(search.order, visited, rooted.start.length - 1, idom);
  release(idom, search.order);
  const edges = finalEdges(rooted, origin, target);
  release(rooted.start, rooted.to);
  return { placing: { nodes: visited, origin, target }, edges, subtree };
}

function finalEdges({ start, to }: Edges, origin: Uint32Array, target: Uint32Array): Ordered['edges'] {
  const nodes = origin.length;
  const edgeStart = scratchU32(nodes + 1);
  let edges = 0;
  for (let node = 0; node < nodes; node++) {
    edgeStart[node] = edges;
    edges += start[origin[node]! + 1]! - start[origin[node]!]!;
  }
  edgeStart[nodes] = edges;
  const edgeTo = scratchU32(edges);
  let at = 0;
  for (let node = 0; node < nodes; node++) {
    const from = origin[node]!;
    for (let i = start[from]!, end = start[from + 1]!; i < end; i++) edgeTo[at++] = target[to[i]!]!;
  }
  return { nodes, edges, edgeStart, edgeTo };
}

type Columns = Omit<HeapGraph, 'nodes' | 'edges' | 'edgeStart' | 'edgeTo' | 'subtree' | 'facts'>;

function columns(raw: RawHeap, placing: Placing, split: SplitEdges, { belongs }: Reach, plan: RootPlan, equal: EqualDigests): Columns {
  const nodeOf = (planned: number): number => (planned === NONE ? NONE : placing.target[raw.nodes + planned]!);
  const address = gatherAddresses(raw.address, placing);
  const flags = gatherFlags(raw.flags, placing);
  const type = gatherU32(raw.type, placing, raw.types.length);
  const size = gatherU32(raw.size, placing, 0);
  const site = raw.site === null ? null : gatherU32(raw.site, placing, NONE);
  const external = gatherNumbers(split.external, placing);
  const contents = findEqual(raw.digests, equal, placing);
  const { shape, shapes } = withRootShapes(raw.shapes, gatherU32(raw.shape, placing, 0), plan, nodeOf);
  markUnreachable(flags, placing, belongs);
  for (const node of external.node) flags[node]! |= FLAG.heldByC;
  const big = bigSizes(gatherNumbers(raw.big, placing), size);
  const result: Columns = {
    type,
    size,
    big,
    address,
    shape,
    flags,
    site,
    ...contents,
    external,
    weak: gatherWeak(split.weak, placing, nodeOf(plan.missing), nodeOf(plan.agent)),
    texts: gatherStrings(raw.texts, placing),
    previews: gatherStrings(raw.previews, placing),
    arrays: gatherArrays(raw.arrays, placing),
    types: [...raw.types.map((entry) => placeType(entry, placing)), SYNTHETIC_TYPE],
    labels: raw.labels.map(({ kind, name }) => ({ kind: kind & 63, name })),
    shapes,
    sites: raw.sites,
    roots: placeRoots(plan, nodeOf),
  };
  release(placing.origin, placing.target, belongs);
  return result;
}

function markUnreachable(flags: Uint16Array, { nodes, origin }: Placing, belongs: Uint8Array): void {
  for (let node = 0; node < nodes; node++) {
    const mark = origin[node]! < belongs.length ? belongs[origin[node]!] : BELONGS.reached;
    if (mark === BELONGS.unreachable) flags[node]! |= FLAG.unreachable;
    else if (mark === BELONGS.uncollectable) flags[node]! |= FLAG.unreachable | FLAG.uncollectable;
  }
}

const SYNTHETIC_TYPE: HeapType = { module: '', name: '', base: NONE, flags: TYPE_FLAG.synthetic >>> 0, node: NONE };

function placeType(type: HeapType, { target }: Placing): HeapType {
  return { ...type, node: type.node === NONE ? NONE : target[type.node]! };
}

/** Sorted by node; a parent's index is found through its node. */
function placeRoots(plan: RootPlan, nodeOf: (planned: number) => number): HeapRoot[] {
  const sorted = plan.roots.map(({ root }) => root).sort((a, b) => nodeOf(a.node) - nodeOf(b.node));
  const index = new Map(sorted.map((root, i) => [root.node, i]));
  return sorted.map((root) => ({ ...root, node: nodeOf(root.node), parent: index.get(root.parent) ?? NONE }));
}

/** Only for nodes whose size column says so; otherwise the column has the size itself. */
function bigSizes(listed: SparseNumbers, size: Uint32Array): SparseNumbers {
  const keep = [...listed.node.keys()].filter((i) => size[listed.node[i]!] === BIG);
  const node = sharedU32(keep.length);
  keep.forEach((i, at) => (node[at] = listed.node[i]!));
  const value = sharedF64(keep.length);
  keep.forEach((i, at) => (value[at] = listed.value[i]!));
  return { node, value };
}

function countFacts(raw: RawHeap, { belongs, agentObjects }: Reach, plan: RootPlan): HeapFacts {
  const bigs = new Map<number, number>();
  raw.big.node.forEach((node, i) => bigs.has(node) || bigs.set(node, raw.big.value[i]!));
  let bytes = 0;
  let agentBytes = 0;
  let unreachable = 0;
  for (let node = 0; node < raw.nodes; node++) {
    const size = raw.size[node] === BIG ? (bigs.get(node) ?? BIG) : raw.size[node]!;
    if (belongs[node] === BELONGS.agent) agentBytes += size;
    else bytes += size;
    if (belongs[node] === BELONGS.unreachable || belongs[node] === BELONGS.uncollectable) unreachable++;
  }
  const fromRoots = plan.roots.reduce((sum, { refs }) => sum + refs.filter((ref) => ref === NONE).length, 0);
  return {
    ...raw.facts,
    objects: raw.nodes - agentObjects,
    bytes,
    unreachable,
    agentObjects,
    agentBytes,
    missing: raw.missing + fromRoots,
  };
}
