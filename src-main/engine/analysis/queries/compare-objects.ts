import type { Args, ChangedRow, Rows } from '../../../../src-preload/contract/index.ts';
import { confidenceName, matchOf } from '../changes.ts';
import { NONE } from '../../heap/graph.ts';
import { filtered } from '../../rows/arrange.ts';
import { objectRow } from '../node-rows.ts';
import { matchColumns, type Before } from '../match-columns.ts';
import { resolveSet } from '../object-sets.ts';
import { siteOf } from './object.ts';
import { pageNodes } from './objects.ts';
import type { Scope } from './scope.ts';

/** Objects of a comparison; those that are gone are shown as they were. */
export function compareObjects(scope: Scope, args: Args<'compare.objects'>): Rows<ChangedRow> {
  const { view, nodes, key } = resolveSet(scope, args, args.set);
  const confidence = confidenceIn(scope, args);
  const before = figuresBefore(scope, args);
  const columns = matchColumns(view, { confidence, before });
  const name = `compared ${key} ${JSON.stringify(args.filter)}`;
  const rows = view.memo.get(name, () => filtered(nodes, args.filter, columns, scope.control));
  const page = pageNodes({ view, rows, key: name, request: args, columns });
  const row = (node: number): ChangedRow => ({
    ...objectRow(view, node),
    confidence: confidence(node),
    site: siteOf(view.graph, node)?.[0] ?? null,
    ...before(node),
  });
  return { total: rows.length, rows: Array.from(page, row) };
}

/** What a survivor had in the earlier heap. */
function figuresBefore(scope: Scope, args: Args<'compare.objects'>): (node: number) => Before {
  const { set } = args;
  const base = set.of === 'changed' && (set.part === 'survived' || set.part === 'grown') ? set.base : null;
  const match = base === null ? null : matchOf(scope, base, args);
  if (base === null || match === null) return () => ({ lengthBefore: null, shallowBefore: null });
  const view = scope.view(base);
  return (node) => {
    const then = match.earlier[node]!;
    if (then === NONE) return { lengthBefore: null, shallowBefore: null };
    const length = view.lengths[then]!;
    return { lengthBefore: length === NONE ? null : length, shallowBefore: view.shallow(then) };
  };
}

/** The confidence that a survivor is the same object; null for others. */
function confidenceIn(scope: Scope, args: Args<'compare.objects'>): (node: number) => ChangedRow['confidence'] {
  const { set } = args;
  const earlier =
    set.of === 'between' ? set.second : set.of === 'changed' && (set.part === 'survived' || set.part === 'grown') ? set.base : null;
  const match = earlier === null ? null : matchOf(scope, earlier, args);
  return (node) => (match === null ? null : confidenceName(match.confidence[node]!));
}
