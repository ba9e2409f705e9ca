import type { Args, CompareRow, CompareRows, Confidence, GroupRow, SnapshotRef } from '../../../../src-preload/contract/index.ts';
import { HeapscopeError } from '../../base/errors.ts';
import { NONE } from '../../heap/graph.ts';
import type { HeapMatch } from '../../heap/match.ts';
import { pageOf, type RowColumns } from '../../rows/arrange.ts';
import { compareKey, labelKey } from '../compare-keys.ts';
import { confidenceName, matchOf } from '../changes.ts';
import { groupsOf } from '../groupings.ts';
import type { HeapView } from '../heap-view.ts';
import type { Scope } from './scope.ts';

type CompareArgs = Args<'compare.groups'>;

/** A whole comparison before paging: computed once, read often. */
interface Comparison {
  rows: CompareRow[];
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
  const shown = args.growing ? rows.filter((row) => row.growsEachTime) : belowRow(rows, args);
  const { passed, ...page } = pageOf(shown, args, columnsOf(args.snapshots.length));
  return { ...page, ...comparison, sums: sumsOf(passed, args.snapshots.length) };
}

/** The requested part of a tree; a filter searches all of it. */
function belowRow(rows: CompareRow[], { below, filter }: CompareArgs): CompareRow[] {
  return below === 'all' || (below === null && filter !== null) ? rows : rows.filter(({ parent }) => parent === below);
}

function compare(scope: Scope, { snapshots, by }: CompareArgs, first: SnapshotRef, last: SnapshotRef): Comparison {
  const figures = snapshots.map((ref) => new Map(scope.rows(ref, by).map((row) => [labelKey(row), row])));
  const match = matchOf(scope, first, last);
  const changes = match === null ? null : changesOf(scope.view(first), scope.view(last), match, by);
  const labels = new Map(figures.flatMap((of) => [...of].map(([label, row]): [string, GroupRow] => [label, row])));
  const compared = new Map<string, CompareRow>();
  for (const [label, row] of labels) {
    const found = figures.map((of) => of.get(label));
    const counts = found.map((each) => each?.count ?? 0);
    const change = changes?.get(label) ?? { fresh: 0, freshBytes: 0, gone: 0, survived: 0 };
    compared.set(label, {
      key: compareKey(found),
      label: row.label,
      kind: by,
      parent: null,
      children: 0,
      counts,
      shallow: found.map((each) => each?.shallow ?? 0),
      retained: found.map((each) => each?.retained ?? 0),
      atLeast: found.map((each) => each?.atLeast ?? 'none'),
      ...(changes === null ? { fresh: null, freshBytes: null, gone: null, survived: null } : change),
      growsEachTime: counts.length > 1 && counts.every((count, i) => i === 0 || count > counts[i - 1]!),
    });
  }
  if (by === 'hierarchy') hangBelowBases(scope, snapshots, compared);
  const rows = [...compared.values()];
  rows.sort((a, b) => difference(b.shallow) - difference(a.shallow) || (b.shallow.at(-1) ?? 0) - (a.shallow.at(-1) ?? 0));
  return { rows, matched: match !== null, confidence: match === null ? [] : confidenceOf(match, scope.view(last)) };
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
}

/** By label, in a hierarchy by the labels of all bases too. */
function changesOf(before: HeapView, after: HeapView, match: HeapMatch, by: CompareArgs['by']): Map<string, Change> {
  const changes = new Map<string, Change>();
  const add = (view: HeapView, other: Uint32Array, unmatched: 'fresh' | 'gone', matched: 'survived' | null): void => {
    const { keys, keyOf, parent, label } = groupsOf(view, by);
    const lone = { count: new Float64Array(keys), bytes: new Float64Array(keys) };
    const both = new Float64Array(keys);
    for (const node of view.objects) {
      const isLone = other[node] === NONE;
      for (let key = keyOf(node); key !== NONE; key = parent === null ? NONE : parent[key]!) {
        if (!isLone) both[key]!++;
        else {
          lone.count[key]!++;
          lone.bytes[key]! += view.shallow(node);
        }
      }
    }
    for (let key = 0; key < keys; key++) {
      if (lone.count[key] === 0 && both[key] === 0) continue;
      const name = labelKey({ label: label(key) });
      const change = changes.get(name) ?? { fresh: 0, freshBytes: 0, gone: 0, survived: 0 };
      change[unmatched] += lone.count[key]!;
      if (unmatched === 'fresh') change.freshBytes += lone.bytes[key]!;
      if (matched !== null) change[matched] += both[key]!;
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
    fresh: null,
    gone: null,
    survived: null,
  };
  for (const row of rows) {
    row.counts.forEach((count, i) => (sums.counts[i]! += count));
    row.shallow.forEach((bytes, i) => (sums.shallow[i]! += bytes));
    for (const part of ['fresh', 'gone', 'survived'] as const) if (row[part] !== null) sums[part] = (sums[part] ?? 0) + row[part];
  }
  return sums;
}

/** Last less first. */
function difference(values: readonly number[]): number {
  return (values.at(-1) ?? 0) - (values[0] ?? 0);
}

/** `counts.0`, `shallow.1`, … are single snapshots; `count`, `shallow`, `retained` the last; `countDiff` and the like last less first. */
function columnsOf(snapshots: number): RowColumns<CompareRow> {
  const numbers: RowColumns<CompareRow>['numbers'] = {
    fresh: (row) => row.fresh,
    new: (row) => row.fresh,
    gone: (row) => row.gone,
    survived: (row) => row.survived,
    freshBytes: (row) => row.freshBytes,
    growsEachTime: (row) => Number(row.growsEachTime),
  };
  for (const [single, all] of [
    ['count', 'counts'],
    ['shallow', 'shallow'],
    ['retained', 'retained'],
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
