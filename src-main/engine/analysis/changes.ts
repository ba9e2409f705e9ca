import type { ChangePart, Confidence, SnapshotRef } from '../../../src-preload/contract/index.ts';
import { NONE } from '../heap/graph.ts';
import { CONFIDENCE, matchHeaps, type HeapMatch } from '../heap/match.ts';
import { select, type HeapView } from './heap-view.ts';
import type { Scope } from './queries/scope.ts';

const NOTHING = new Uint32Array(0);
const NAMES: Record<number, Confidence> = {
  [CONFIDENCE.certain]: 'certain',
  [CONFIDENCE.likely]: 'likely',
  [CONFIDENCE.possible]: 'possible',
};

/** Which objects of `later` existed in `earlier`; null: the snapshots are of different processes. */
export function matchOf(scope: Scope, earlier: SnapshotRef, later: SnapshotRef): HeapMatch | null {
  if (!scope.sameProcess(earlier, later)) return null;
  const before = scope.view(earlier);
  const after = scope.view(later);
  return after.memo.get(`match ${before.key}`, () => {
    scope.control.progress({ step: 'matching', done: null });
    return matchHeaps(before, after);
  });
}

/** Of the later heap; `gone`: of the earlier one. */
export function changedNodes(scope: Scope, later: SnapshotRef, earlier: SnapshotRef, part: ChangePart): Uint32Array {
  const match = matchOf(scope, earlier, later);
  if (match === null) return NOTHING;
  if (part === 'gone') return withoutMatch(scope.view(earlier), match.later);
  if (part === 'new') return withoutMatch(scope.view(later), match.earlier);
  return select(scope.view(later).objects, (node) => match.earlier[node] !== NONE);
}

/** Objects of the last heap that existed in the second and not in the first. */
export function nodesBetween(scope: Scope, last: SnapshotRef, first: SnapshotRef, second: SnapshotRef): Uint32Array {
  const made = matchOf(scope, first, second);
  const kept = matchOf(scope, second, last);
  if (made === null || kept === null) return NOTHING;
  return select(scope.view(last).objects, (node) => {
    const then = kept.earlier[node]!;
    return then !== NONE && made.earlier[then] === NONE;
  });
}

export function confidenceName(confidence: number): Confidence | null {
  return NAMES[confidence] ?? null;
}

function withoutMatch(view: HeapView, other: Uint32Array): Uint32Array {
  return select(view.objects, (node) => other[node] === NONE);
}
