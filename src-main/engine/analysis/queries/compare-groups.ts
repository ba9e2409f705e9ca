import type { Args, AtLeast, CompareRow, CompareRows, Confidence, GroupRow, SnapshotRef } from '../../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../../base/errors.ts';
import { NONE } from '../../heap/graph.ts';
import type { HeapMatch } from '../../heap/match.ts';
import { pageOf, type RowColumns } from '../../rows/arrange.ts';
import { compareKey, labelKey, WAITING_KEY } from '../compare-keys.ts';
import { confidenceName, hasGrown, matchOf, waits } from '../changes.ts';
import { groupsOf } from '../groupings.ts';
import type { HeapView } from '../heap-view.ts';
import { waitingNodes } from '../node-rows.ts';
import type { Scope } from './scope.ts';

type CompareArgs = Args<'compare.groups'>;

/** A whole comparison before paging: computed once, read often. */
interface Comparison {
  rows: CompareRow[];
  waits: CompareRow | null;
  matched: boolean;
  confidence: CompareRows['confidence'];
}

export function compareGroups(scope: Scope, args: CompareArgs): CompareRows {
  const first = args.snapshots[0];
  const last = args.snapshots.at(-1);
  if (first === undefined || last === undefined)
    throw new HeapscopeError('call.invalid', { method: 'compare.groups', detail: 'no snapshots' });
  const name = `compare ${args.by} ${JSON.stringify(args.snapshots)}`;
  const make = () => compare(scope, args, first, last);
  const { rows, ...comparison } = scope.sameProcess(first, last) ? scope.view(last).memo.get(name, make) : make();
  const shown = args.growing ? rows.filter((row) => row.growsEachTime) : belowRow(args.changed ? changedOnly(rows) : rows, args);
  const { passed, ...page } = pageOf(shown, args, columnsOf(args.snapshots.length));
  return { ...page, ...comparison, sums: sumsOf(passed, args.snapshots.length) };
}

/** The requested part of a tree; a filter searches all of it. */
function belowRow(rows: CompareRow[], { below, filter }: CompareArgs): CompareRow[] {
  return below === 'all' || (below === null && filter !== null) ? rows : rows.filter(({ parent }) => parent === below);
}

/** Rows of which anything changed, and in a tree the bases that lead to them. */
function changedOnly(rows: readonly CompareRow[]): CompareRow[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const kept = new Set<CompareRow>();
  const children = new Map<number, number>();
  for (const row of rows) {
    if (!hasChanged(row)) continue;
    for (let at: CompareRow | undefined = row; at !== undefined && !kept.has(at); at = byKey.get(at.parent ?? -1)) {
      kept.add(at);
      if (at.parent !== null) children.set(at.parent, (children.get(at.parent) ?? 0) + 1);
    }
  }
  return rows.filter((row) => kept.has(row)).map((row) => ({ ...row, children: children.get(row.key) ?? 0 }));
}

function hasChanged({ counts, shallow, retained, lengths, fresh, gone }: CompareRow): boolean {
  const differs = [counts, shallow, retained, lengths].some((values) => values.some((value) => value !== values[0]));
  return differs || (fresh ?? 0) > 0 || (gone ?? 0) > 0;
}

function compare(scope: Scope, { snapshots, by }: CompareArgs, first: SnapshotRef, last: SnapshotRef): Comparison {
  const waiting = snapshots.map((ref) => new Map(scope.waiting(ref, by).map((row) => [row.key, row])));
  const figures = snapshots.map((ref, i) => {
    return new Map(scope.rows(ref, by).map((row) => [labelKey(row), without(row, waiting[i]!.get(row.key))]));
  });
  const match = matchOf(scope, first, last);
  const changes = match === null ? null : changesOf(scope.view(first), scope.view(last), match, by);
  const labels = new Map(figures.flatMap((of) => [...of].map(([label, row]): [string, GroupRow] => [label, row])));
  const compared = new Map<string, CompareRow>();
  for (const [label, row] of labels) {
    const found = figures.map((of) => of.get(label));
    const counts = found.map((each) => each?.count ?? 0);
    if (counts.every((count) => count === 0)) continue;
    compared.set(label, rowOf({ key: compareKey(found), label: row.label, by }, found, changes && (changes.get(label) ?? NO_CHANGE)));
  }
  if (by === 'hierarchy') hangBelowBases(scope, snapshots, compared);
  const rows = [...compared.values()];
  rows.sort((a, b) => difference(b.shallow) - difference(a.shallow) || (b.shallow.at(-1) ?? 0) - (a.shallow.at(-1) ?? 0));
  return {
    rows,
    waits: waitingRow(by, snapshots, match, scope),
    matched: match !== null,
    confidence: match === null ? [] : confidenceOf(match, scope.view(last)),
  };
}

/** What is left of a group without the part of it that waits for a collection: neither part retains anything of the other. */
function without(row: GroupRow, waiting: GroupRow | undefined): GroupRow {
  if (waiting === undefined) return row;
  return {
    ...row,
    count: row.count - waiting.count,
    shallow: row.shallow - waiting.shallow,
    retained: row.retained - waiting.retained,
    length: row.length === null ? null : row.length - (waiting.length ?? 0),
    atLeast: row.count === waiting.count ? 'none' : row.atLeast,
  };
}

type Figures = Pick<GroupRow, 'count' | 'shallow' | 'retained' | 'atLeast' | 'length'>;

function rowOf(
  { key, label, by }: { key: number; label: GroupRow['label']; by: CompareArgs['by'] },
  found: readonly (Figures | undefined)[],
  change: Change | null,
): CompareRow {
  const counts = found.map((each) => each?.count ?? 0);
  const shallow = found.map((each) => each?.shallow ?? 0);
  const lengths = found.map((each) => (each === undefined ? 0 : each.length));
  const grew = (values: readonly (number | null)[]): boolean =>
    values.length > 1 && values.every((value, i) => i === 0 || (value !== null && value > (values[i - 1] ?? Infinity)));
  return {
    key,
    label,
    kind: by,
    parent: null,
    children: 0,
    counts,
    shallow,
    retained: found.map((each) => each?.retained ?? 0),
    lengths,
    atLeast: found.map((each) => each?.atLeast ?? 'none'),
    ...(change ?? UNMATCHED),
    replaced: change === null ? null : Math.min(change.fresh, change.gone),
    growsEachTime: [counts, shallow, lengths].some(grew),
  };
}

/** A row of its own for what waits for a collection, whatever the grouping. */
function waitingRow(by: CompareArgs['by'], snapshots: readonly SnapshotRef[], match: HeapMatch | null, scope: Scope): CompareRow | null {
  // A hierarchy counts an object once for each of its bases.
  const found = snapshots.map((ref) => sumOf(scope.waiting(ref, by === 'hierarchy' ? 'type' : by)));
  if (found.every(({ count }) => count === 0)) return null;
  const change = match && changeOfWaiting(scope.view(snapshots[0]!), scope.view(snapshots.at(-1)!), match);
  return rowOf({ key: WAITING_KEY, label: { module: '', name: '' }, by }, found, change);
}

function sumOf(rows: readonly GroupRow[]): Figures {
  const sum = { count: 0, shallow: 0, retained: 0, atLeast: 'none' as AtLeast, length: 0 };
  for (const row of rows) {
    sum.count += row.count;
    sum.shallow += row.shallow;
    sum.retained += row.retained;
    sum.length += row.length ?? 0;
    if (row.atLeast === 'shallow') sum.atLeast = 'shallow';
  }
  return sum;
}

function changeOfWaiting(before: HeapView, after: HeapView, match: HeapMatch): Change {
  const change = { ...NO_CHANGE };
  for (const node of waitingNodes(after)) {
    const then = match.earlier[node]!;
    if (then !== NONE) {
      change.survived++;
      if (hasGrown(before, then, after, node)) change.grown++;
      continue;
    }
    change.fresh++;
    change.freshBytes += after.shallow(node);
  }
  for (const node of waitingNodes(before)) if (match.later[node] === NONE) change.gone++;
  return change;
}

/** Each class is placed below its base in the last snapshot that has it. */
function hangBelowBases(scope: Scope, snapshots: readonly SnapshotRef[], compared: ReadonlyMap<string, CompareRow>): void {
  const bases = new Map<CompareRow, CompareRow>();
  for (const ref of snapshots.toReversed()) {
    const [rows, parents] = [scope.rows(ref, 'hierarchy'), scope.parents(ref)];
    const labelOf = new Map(rows.map((row) => [row.key, labelKey(row)]));
    for (const { key } of rows) {
      const row = compared.get(labelOf.get(key)!)!;
      const base = compared.get(labelOf.get(parents[key] ?? NONE) ?? '');
      if (base === undefined || bases.has(row) || isBelow(base, row, bases)) continue;
      bases.set(row, base);
      row.parent = base.key;
      base.children++;
    }
  }
}

/** Whether a row is below another, or the same row: classes may have been recreated with other bases. */
function isBelow(row: CompareRow, above: CompareRow, bases: ReadonlyMap<CompareRow, CompareRow>): boolean {
  for (let at: CompareRow | undefined = row; at !== undefined; at = bases.get(at)) if (at === above) return true;
  return false;
}

interface Change {
  fresh: number;
  freshBytes: number;
  gone: number;
  survived: number;
  grown: number;
}

const NO_CHANGE: Change = { fresh: 0, freshBytes: 0, gone: 0, survived: 0, grown: 0 };
const UNMATCHED = { fresh: null, freshBytes: null, gone: null, survived: null, grown: null } as const;

/** By label, in a hierarchy by the labels of all bases too. */
function changesOf(before: HeapView, after: HeapView, match: HeapMatch, by: CompareArgs['by']): Map<string, Change> {
  const changes = new Map<string, Change>();
  const add = (view: HeapView, other: Uint32Array, unmatched: 'fresh' | 'gone', matched: 'survived' | null): void => {
    const { keys, keyOf, parent, label } = groupsOf(view, by);
    const lone = { count: new Float64Array(keys), bytes: new Float64Array(keys) };
    const both = new Float64Array(keys);
    const grown = new Float64Array(keys);
    for (const node of view.objects) {
      if (waits(view, node)) continue;
      const isLone = other[node] === NONE;
      const hasMore = !isLone && matched !== null && hasGrown(before, other[node]!, after, node);
      for (let key = keyOf(node); key !== NONE; key = parent === null ? NONE : parent[key]!) {
        if (!isLone) {
          both[key]!++;
          if (hasMore) grown[key]!++;
        } else {
          lone.count[key]!++;
          lone.bytes[key]! += view.shallow(node);
        }
      }
    }
    for (let key = 0; key < keys; key++) {
      if (lone.count[key] === 0 && both[key] === 0) continue;
      const name = labelKey({ label: label(key) });
      const change = changes.get(name) ?? { ...NO_CHANGE };
      change[unmatched] += lone.count[key]!;
      if (unmatched === 'fresh') change.freshBytes += lone.bytes[key]!;
      if (matched !== null) {
        change[matched] += both[key]!;
        change.grown += grown[key]!;
      }
      changes.set(name, change);
    }
  };
  add(after, match.earlier, 'fresh', 'survived');
  add(before, match.later, 'gone', null);
  return changes;
}

function confidenceOf({ confidence }: HeapMatch, view: HeapView): CompareRows['confidence'] {
  const counts = new Map<Confidence, number>([
    ['certain', 0],
    ['likely', 0],
    ['possible', 0],
  ]);
  for (const node of view.objects) {
    const name = confidenceName(confidence[node]!);
    if (name !== null) counts.set(name, counts.get(name)! + 1);
  }
  return [...counts].map(([name, objects]) => ({ confidence: name, objects }));
}

function sumsOf(rows: readonly CompareRow[], snapshots: number): CompareRows['sums'] {
  const sums: CompareRows['sums'] = {
    counts: Array<number>(snapshots).fill(0),
    shallow: Array<number>(snapshots).fill(0),
    atLeast: Array<AtLeast>(snapshots).fill('none'),
    fresh: null,
    gone: null,
    survived: null,
    grown: null,
    replaced: null,
  };
  for (const row of rows) {
    row.counts.forEach((count, i) => (sums.counts[i]! += count));
    row.shallow.forEach((bytes, i) => (sums.shallow[i]! += bytes));
    row.atLeast.forEach((bound, i) => bound === 'shallow' && (sums.atLeast[i] = 'shallow'));
    for (const part of ['fresh', 'gone', 'survived', 'grown', 'replaced'] as const)
      if (row[part] !== null) sums[part] = (sums[part] ?? 0) + row[part];
  }
  return sums;
}

/** Last less first. */
function difference(values: readonly (number | null)[]): number {
  return (values.at(-1) ?? 0) - (values[0] ?? 0);
}

/** `counts.0`, `shallow.1`, … are single snapshots; `count`, `shallow`, `retained` the last; `countDiff` and the like last less first. */
function columnsOf(snapshots: number): RowColumns<CompareRow> {
  const numbers: RowColumns<CompareRow>['numbers'] = {
    fresh: (row) => row.fresh,
    new: (row) => row.fresh,
    gone: (row) => row.gone,
    survived: (row) => row.survived,
    grown: (row) => row.grown,
    replaced: (row) => row.replaced,
    freshBytes: (row) => row.freshBytes,
    growsEachTime: (row) => Number(row.growsEachTime),
  };
  for (const [single, all] of [
    ['count', 'counts'],
    ['shallow', 'shallow'],
    ['retained', 'retained'],
    ['length', 'lengths'],
  ] as const) {
    numbers[single] = (row) => row[all].at(-1) ?? 0;
    numbers[`${single}Before`] = (row) => row[all][0] ?? 0;
    numbers[`${single}After`] = (row) => row[all].at(-1) ?? 0;
    numbers[`${single}Diff`] = (row) => difference(row[all]);
    for (let i = 0; i < snapshots; i++) numbers[`${all}.${i}`] = (row) => row[all][i] ?? 0;
  }
  return {
    texts: {
      label: ({ label }) => [label.module, label.name].filter((part) => part !== '').join('.'),
      name: ({ label }) => label.name,
      module: ({ label }) => label.module,
    },
    numbers,
  };
}
