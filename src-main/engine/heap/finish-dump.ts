/** The last stage of reading: columns joined, references resolved, duplicate descriptions of an object dropped, indices checked. */
import { damaged, type DumpHeader } from './block-reader.ts';
import { checkRange, checkShapes, checkSites, checkTypes } from './check-tables.ts';
import type { U32Column } from './columns.ts';
import { DUMP_FLAG, DUMP_ROOT } from './dump-numbers.ts';
import type { DumpTables } from './dump-tables.ts';
import { NONE } from './graph.ts';
import type { Shapes, Sites } from './graph.ts';
import { release, scratchU32, widened, type U32Stack } from './memory.ts';
import type { NodeColumns } from './node-columns.ts';
import type { DumpFacts, RawHeap, RawRoot } from './raw-heap.ts';
import { addressResolver, ordinalResolver, type Resolver } from './resolve.ts';

interface DumpParts {
  readonly nodes: NodeColumns;
  readonly edges: U32Column;
  readonly tables: DumpTables;
  readonly header: DumpHeader;
  readonly meta: Omit<DumpFacts, 'pid' | 'previews'>;
}

const refuse = (detail: string): never => {
  throw damaged(detail);
};

export function finishDump({ nodes, edges, tables, header, meta }: DumpParts): RawHeap {
  const address = nodes.address.join();
  for (let i = 1; i < address.length; i += 2) {
    if (address[i]! >= 2 ** 21) refuse('an address above 2^53');
  }
  const resolver = (header.flags & DUMP_FLAG.addresses) === 0 ? ordinalResolver(address.length / 2) : addressResolver(address);
  const graph = joinEdges(nodes.degree.join(), edges, resolver);
  const shapes: Shapes = {
    start: closed(tables.shapeStart, tables.shapeLabel),
    label: tables.shapeLabel.toShared(),
    rest: Uint8Array.from(tables.shapeRest.toArray()),
  };
  const sites: Sites = {
    start: closed(tables.siteStart, tables.siteFile),
    file: tables.siteFile.toShared(),
    line: tables.siteLine.toShared(),
    files: tables.files,
  };
  const keep = <T extends Uint32Array | Uint8Array>(column: T, width = 1): T => keepFirst(column, resolver, width);
  const raw: RawHeap = {
    nodes: resolver.nodes,
    edges: graph.edgeTo.length,
    ...graph,
    address: keep(address, 2),
    size: keep(nodes.size.join()),
    type: keep(nodes.type.join()),
    refs: keep(nodes.refs.join()),
    shape: keep(nodes.shape.join()),
    site: (header.flags & DUMP_FLAG.sites) === 0 ? null : keep(nodes.site.join()),
    flags: keep(nodes.flags.join()),
    ...resolveTables(tables, resolver),
    labels: tables.labels,
    shapes,
    sites,
    roots: resolveRoots(tables, resolver),
    facts: { ...meta, pid: header.pid, previews: (header.flags & DUMP_FLAG.previews) !== 0 },
  };
  resolver.dispose();
  checkRaw(raw);
  return raw;
}

type Graph = Pick<RawHeap, 'edgeStart' | 'edgeTo' | 'missing'>;

/** Degrees to starts, references to ordinals; the edges of duplicate descriptions are dropped. */
function joinEdges(degree: Uint32Array, edges: U32Column, resolver: Resolver): Graph {
  const { to: edgeTo, missing } = resolver.resolveParts(edges);
  return resolver.repeated === null ? { edgeStart: startsOf(degree), edgeTo, missing } : dropRepeated(degree, edgeTo, resolver.repeated);
}

function startsOf(degree: Uint32Array): Uint32Array {
  const nodes = degree.length;
  const edgeStart = widened(degree, nodes + 1);
  let edges = 0;
  for (let node = 0; node < nodes; node++) {
    const own = edgeStart[node]!;
    edgeStart[node] = edges;
    edges += own;
  }
  edgeStart[nodes] = edges;
  return edgeStart;
}

/** In place: the edges of a node that was described before are dropped. */
function dropRepeated(degree: Uint32Array, edgeTo: Uint32Array, repeated: Uint8Array): Graph {
  const edgeStart = scratchU32(degree.length + 1);
  let [nodes, kept, from] = [0, 0, 0];
  for (let node = 0; node < degree.length; node++) {
    const end = from + degree[node]!;
    if (repeated[node] === 1) {
      from = end;
      continue;
    }
    while (from < end) edgeTo[kept++] = edgeTo[from++]!;
    edgeStart[++nodes] = kept;
  }
  release(degree);
  let missing = 0;
  for (let i = 0; i < kept; i++) if (edgeTo[i] === NONE) missing++;
  return { edgeStart: edgeStart.subarray(0, nodes + 1), edgeTo: edgeTo.subarray(0, kept), missing };
}

/** A node column without duplicate descriptions, in place. */
function keepFirst<T extends Uint32Array | Uint8Array>(column: T, resolver: Resolver, width: number): T {
  if (resolver.repeated === null) return column;
  let kept = 0;
  for (let node = 0; node * width < column.length; node++) {
    if (resolver.repeated[node] === 1) continue;
    for (let i = 0; i < width; i++) column[kept++] = column[node * width + i]!;
  }
  return column.subarray(0, kept) as T;
}

function resolved(refs: U32Stack, resolver: Resolver): Uint32Array {
  return resolver.resolve(refs.toArray()).to;
}

function resolveTables(
  tables: DumpTables,
  resolver: Resolver,
): Pick<RawHeap, 'big' | 'texts' | 'previews' | 'digests' | 'arrays' | 'types'> {
  const typeNodes = resolved(tables.typeRefs, resolver);
  return {
    big: { node: resolved(tables.bigRefs, resolver), value: tables.bigSizes.toArray() },
    texts: { node: resolved(tables.textRefs, resolver), strings: tables.texts.finish() },
    previews: { node: resolved(tables.previewRefs, resolver), strings: tables.previews.finish() },
    digests: { node: resolver.resolveParts(tables.digestRefs).to, hash: tables.digests.join() },
    arrays: {
      node: resolved(tables.arrayRefs, resolver),
      bytes: tables.arrayBytes.toArray(),
      owns: Uint8Array.from(tables.arrayOwns.toArray()),
      dtype: tables.arrayTypes.finish(),
      shape: tables.arrayShapes.finish(),
    },
    types: tables.types.map((type, i) => ({ ...type, node: typeNodes[i]! })),
  };
}

function resolveRoots(tables: DumpTables, resolver: Resolver): RawRoot[] {
  const refs = resolved(tables.rootRefs, resolver);
  return tables.roots.map(({ first, count, ...root }) => ({ ...root, refs: refs.subarray(first, first + count) }));
}

/** Starts of lists, with the end of the last one. */
function closed(start: U32Stack, items: U32Stack): Uint32Array {
  start.push(items.length);
  return start.toShared();
}

function checkRaw(raw: RawHeap): void {
  checkTypes(raw.types, refuse);
  checkShapes(raw.shapes, raw.labels.length, refuse);
  checkSites(raw.sites, refuse);
  checkRange(raw.type, raw.types.length, 'type', refuse);
  checkRange(raw.shape, raw.shapes.rest.length, 'shape', refuse);
  if (raw.site !== null) checkRange(raw.site, raw.sites.start.length - 1, 'traceback', refuse, true);
  checkDegrees(raw);
  for (const root of raw.roots) {
    checkRange(root.labels, raw.labels.length, 'label of a root', refuse);
    const parent = raw.roots[root.parent]?.kind;
    // Heapscope's own thread and frames are of one kind, and are linked like a program's.
    const isOwn = parent === DUMP_ROOT.agent && root.kind === DUMP_ROOT.agent;
    if (root.parent !== NONE && parent !== DUMP_ROOT.thread && !isOwn) refuse('parent of a root');
  }
}

/** A shape has no more labels than its node has edges. */
function checkDegrees({ nodes, edgeStart, shape, shapes }: RawHeap): void {
  for (let node = 0; node < nodes; node++) {
    const id = shape[node]!;
    if (shapes.start[id + 1]! - shapes.start[id]! > edgeStart[node + 1]! - edgeStart[node]!) refuse(`shape of object ${node}`);
  }
}
