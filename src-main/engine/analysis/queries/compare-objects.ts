import type { Args, ChangedRow, Rows } from '../../../../src-preload/contract/index.ts';
import { confidenceName, matchOf } from '../changes.ts';
import { filtered } from '../../rows/arrange.ts';
import { objectRow } from '../node-rows.ts';
import { matchColumns } from '../match-columns.ts';
import { resolveSet } from '../object-sets.ts';
import { siteOf } from './object.ts';
import { pageNodes } from './objects.ts';
import type { Scope } from './scope.ts';

/** Objects of a comparison; those that are gone are shown as they were. */
export function compareObjects(scope: Scope, args: Args<'compare.objects'>): Rows<ChangedRow> {
  const { view, nodes, key } = resolveSet(scope, args, args.set);
  const confidence = confidenceIn(scope, args);
  const columns = matchColumns(view, confidence);
  const name = `compared ${key} ${JSON.stringify(args.filter)}`;
  const rows = view.memo.get(name, () => filtered(nodes, args.filter, columns, scope.control));
  const page = pageNodes({ view, rows, key: name, request: args, columns });
  const row = (node: number): ChangedRow => ({
    ...objectRow(view, node),
    confidence: confidence(node),
    site: siteOf(view.graph, node)?.[0] ?? null,
  });
  return { total: rows.length, rows: Array.from(page, row) };
}

/** The confidence that a survivor is the same object; null for others. */
function confidenceIn(scope: Scope, args: Args<'compare.objects'>): (node: number) => ChangedRow['confidence'] {
  const { set } = args;
  const earlier = set.of === 'between' ? set.second : set.of === 'changed' && set.part === 'survived' ? set.base : null;
  const match = earlier === null ? null : matchOf(scope, earlier, args);
  return (node) => (match === null ? null : confidenceName(match.confidence[node]!));
}
