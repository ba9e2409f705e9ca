/**
 * Whether columns from a file are a graph: every index in its table, every start in order, subtrees nested, sparse tables
 * sorted. Afterwards passes index without checks. Of five nodes, `subtree 5 2 2 1 1` is refused: node 1 ends at 3, node 2,
 * inside it, at 4.
 */
import { checkRange, checkShapes, checkSites, checkStarts, checkTypes, type Refuse } from './check-tables.ts';
import { FLAG, NONE } from './graph.ts';
import type { HeapGraph, Strings } from './graph.ts';

/** `edgeStart` was checked when the edges were decoded. */
export function checkGraph(graph: HeapGraph, refuse: Refuse): void {
  const { nodes } = graph;
  if (nodes === 0 || nodes >= 2 ** 31) refuse(`${nodes} nodes`);
  const columns = {
    type: graph.type,
    size: graph.size,
    address: graph.address,
    subtree: graph.subtree,
    shape: graph.shape,
    flags: graph.flags,
  };
  for (const [name, column] of Object.entries({ ...columns, site: graph.site, content: graph.content, check: graph.check })) {
    if (column !== null && column.length !== nodes) refuse(`length of ${name}`);
  }
  if ((graph.content === null) !== (graph.check === null)) refuse('digests');
  checkRange(graph.edgeTo, nodes, 'reference to node', refuse);
  checkRange(graph.type, graph.types.length, 'type', refuse);
  checkRange(graph.shape, graph.shapes.rest.length, 'shape', refuse);
  if (graph.site !== null) checkRange(graph.site, graph.sites.start.length - 1, 'traceback', refuse, true);
  if (graph.content !== null) checkRange(graph.content, nodes, 'group of equal content', refuse);
  checkNesting(graph, refuse);
  checkNumbers(graph, refuse);
  checkSparse(graph, refuse);
  checkTables(graph, refuse);
  checkRoots(graph, refuse);
}

function checkNesting({ nodes, subtree }: HeapGraph, refuse: Refuse): void {
  if (subtree[0] !== nodes) refuse('subtree of the super root');
  // The open subtrees, by their first nodes: no subtree extends past the one around it.
  const open = new Uint32Array(nodes);
  let depth = 0;
  for (let node = 0; node < nodes; node++) {
    while (depth > 0 && node >= open[depth - 1]! + subtree[open[depth - 1]!]!) depth--;
    const end = depth === 0 ? nodes : open[depth - 1]! + subtree[open[depth - 1]!]!;
    if (subtree[node] === 0 || node + subtree[node]! > end) refuse(`subtree of node ${node}`);
    if (subtree[node]! > 1) open[depth++] = node;
  }
}

function checkNumbers({ address, big, external, arrays, roots }: HeapGraph, refuse: Refuse): void {
  for (let i = 0; i < address.length; i++) {
    if (!(address[i]! >= 0 && address[i]! < 2 ** 53)) refuse(`address of node ${i}`);
  }
  for (const values of [big.value, external.value, arrays.bytes]) {
    if (!values.every((value) => value >= 0 && value < 2 ** 64)) refuse('a number of a sparse table');
  }
  if (!roots.every(({ ident }) => Number.isFinite(ident))) refuse('ident of a thread');
}

function checkSparse(graph: HeapGraph, refuse: Refuse): void {
  const { nodes, big, external, weak, texts, previews, arrays } = graph;
  const sorted = (node: Uint32Array, lengths: readonly number[], what: string, repeated = false): void => {
    if (lengths.some((length) => length !== node.length)) refuse(`lengths of ${what}`);
    checkRange(node, nodes, `${what} of node`, refuse);
    for (let i = 1; i < node.length; i++) {
      if (node[i]! < node[i - 1]! || (!repeated && node[i] === node[i - 1])) refuse(`order of ${what}`);
    }
  };
  const strings = (all: Strings, what: string): number => {
    checkStarts(all.start, all.bytes.length, what, refuse);
    return all.start.length - 1;
  };
  sorted(big.node, [big.value.length], 'sizes');
  sorted(external.node, [external.value.length], 'external references');
  sorted(weak.node, [weak.place.length, weak.to.length], 'weak references', true);
  checkRange(weak.to, nodes, 'weak reference to node', refuse);
  sorted(texts.node, [strings(texts.strings, 'texts')], 'texts');
  sorted(previews.node, [strings(previews.strings, 'previews')], 'previews');
  const described = [strings(arrays.dtype, 'dtypes'), strings(arrays.shape, 'shapes of arrays')];
  sorted(arrays.node, [arrays.bytes.length, arrays.owns.length, ...described], 'arrays');
}

function checkTables({ nodes, types, shapes, labels, sites }: HeapGraph, refuse: Refuse): void {
  checkTypes(types, refuse);
  if (types.some(({ node }) => node !== NONE && node >= nodes)) refuse('object of a type');
  checkShapes(shapes, labels.length, refuse);
  checkSites(sites, refuse);
}

/** Each synthetic node has its entry and no other node has one; a parent comes before its children. */
function checkRoots({ roots, flags, nodes }: HeapGraph, refuse: Refuse): void {
  let synthetic = 0;
  for (let node = 0; node < nodes; node++) if ((flags[node]! & FLAG.synthetic) !== 0) synthetic++;
  if (synthetic !== roots.length || roots[0]?.node !== 0) refuse('number of roots');
  for (const [i, { node, parent }] of roots.entries()) {
    if (node >= nodes || (flags[node]! & FLAG.synthetic) === 0) refuse('node of a root');
    if (i > 0 && node <= roots[i - 1]!.node) refuse('order of roots');
    if (parent === NONE ? i !== 0 : parent >= i) refuse('parent of a root');
  }
}
