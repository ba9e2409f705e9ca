import type { ObjectRow } from '../../../src-preload/contract/index.ts';
import { FLAG } from '../heap/graph.ts';
import { sourceOf } from '../heap/referrers.ts';
import { stringOf } from '../heap/strings.ts';
import { edgeName } from './edge-names.ts';
import type { HeapView } from './heap-view.ts';
import { objectRow } from './node-rows.ts';

/** Referrers of a namespace that are looked at: what owns it is among the first. */
const MOST_LOOKED_AT = 64;

/** The module, class or instance whose `__dict__` a dictionary is, a module with its name; null: it is nobody's. */
export function ownerOf(view: HeapView, dict: number): ObjectRow | null {
  const { graph, referrers } = view;
  if ((graph.flags[dict]! & FLAG.instanceDict) === 0) return null;
  const end = Math.min(referrers.start[dict + 1]!, referrers.start[dict]! + MOST_LOOKED_AT);
  for (let i = referrers.start[dict]!; i < end; i++) {
    const edge = referrers.edge[i]!;
    const owner = sourceOf(graph, edge);
    if (edgeName(graph, owner, edge).text !== '__dict__') continue;
    const row = objectRow(view, owner);
    return { ...row, preview: row.preview || nameIn(view, dict) };
  }
  return null;
}

/** The value of `__name__` in a namespace. */
function nameIn({ graph }: HeapView, dict: number): string {
  for (let e = graph.edgeStart[dict]!; e + 1 < graph.edgeStart[dict + 1]!; e += 2) {
    if (stringOf(graph.texts, graph.edgeTo[e]!) === '__name__') return stringOf(graph.texts, graph.edgeTo[e + 1]!) ?? '';
  }
  return '';
}
