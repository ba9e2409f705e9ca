import type { ChangedRow } from '../../../src-preload/contract/index.ts';
import type { ColumnReader } from '../rows/arrange.ts';
import type { HeapView } from './heap-view.ts';
import { compare, objectColumns } from './object-columns.ts';
import { siteOf } from './queries/object.ts';

export type Before = Pick<ChangedRow, 'lengthBefore' | 'shallowBefore'>;

interface Matched {
  confidence: (node: number) => ChangedRow['confidence'];
  before: (node: number) => Before;
}

/** Columns of `ChangedRow`: those of an object, where it was allocated, and the confidence of its match. */
export function matchColumns(view: HeapView, { confidence, before }: Matched): ColumnReader {
  const columns = objectColumns(view);
  const texts: Record<string, (node: number) => string> = {
    site: (node) => siteText(view, node),
    confidence: (node) => confidence(node) ?? '',
  };
  const lengthOf = columns.number('length');
  const numbers: Record<string, (node: number) => number | null> = {
    lengthDiff: (node) => less(lengthOf(node), before(node).lengthBefore),
    shallowDiff: (node) => less(view.shallow(node), before(node).shallowBefore),
  };
  const ranks: Record<string, (rows: Uint32Array) => (node: number) => number> = {
    site: () => rankOfSites(view),
    confidence: () => (node) => RANKS[confidence(node) ?? 'none'],
    lengthDiff: () => (node) => rankOf(numbers.lengthDiff!(node)),
    shallowDiff: () => (node) => rankOf(numbers.shallowDiff!(node)),
  };
  const numberOf = (column: string) => (Object.hasOwn(numbers, column) ? numbers[column]! : columns.number(column));
  const textOf = (column: string): ((node: number) => string) => {
    if (!Object.hasOwn(numbers, column)) return columns.text(column);
    return (node) => String(numbers[column]!(node) ?? '');
  };
  return {
    ...columns,
    number: numberOf,
    text: (column) => (Object.hasOwn(texts, column) ? texts[column]! : textOf(column)),
    sortKey: (column, rows) => (Object.hasOwn(ranks, column) ? ranks[column]!(rows) : columns.sortKey(column, rows)),
  };
}

const less = (now: number | null, then: number | null): number | null => (now === null || then === null ? null : now - then);

/** Sort keys are not below zero: what has no difference is below all that have one. */
const rankOf = (difference: number | null): number => (difference === null ? 0 : difference + 2 ** 48);

const RANKS = { none: 0, possible: 1, likely: 2, certain: 3 } as const;

function siteText({ graph }: HeapView, node: number): string {
  const line = siteOf(graph, node)?.[0];
  return line === undefined ? '' : `${line.file}:${line.line}`;
}

/** Files by name, lines by number; 0: not traced. Computed per site, of which there are few, not per object. */
function rankOfSites(view: HeapView): (node: number) => number {
  const { site, sites } = view.graph;
  if (site === null) return () => 0;
  const rank = view.once('siteRank', () => {
    const first = Array.from({ length: sites.start.length - 1 }, (_, at) => {
      const from = sites.start[at]!;
      return from < sites.start[at + 1]!
        ? { at, file: sites.files[sites.file[from]!] ?? '', line: sites.line[from]! }
        : { at, file: '', line: 0 };
    });
    first.sort((a, b) => compare(a.file, b.file) || a.line - b.line);
    const ranks = new Uint32Array(first.length);
    for (const [place, { at }] of first.entries()) ranks[at] = place + 1;
    return ranks;
  });
  return (node) => rank[site[node]!] ?? 0;
}
