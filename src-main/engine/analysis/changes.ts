import type { ChangePart, Confidence, SnapshotRef } from '../../../src-preload/contract/index.ts';
import { NONE } from '../heap/graph.ts';
import { CONFIDENCE, matchHeaps, type HeapMatch } from '../heap/match.ts';
import { select, type HeapView } from './heap-view.ts';
import { garbageState, waitingNodes } from './node-rows.ts';
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
    const match = matchHeaps(before, after);
    dropCrossing(before, after, match);
    return match;
  });
}

/** What was held and now waits for a collection is gone, although its memory is still there. */
function dropCrossing(before: HeapView, after: HeapView, match: HeapMatch): void {
  const drop = (then: number, now: number): void => {
    if (then === NONE || now === NONE || waits(before, then) === waits(after, now)) return;
    match.earlier[now] = NONE;
    match.later[then] = NONE;
    match.confidence[now] = CONFIDENCE.none;
  };
  for (const now of waitingNodes(after)) drop(match.earlier[now]!, now);
  for (const then of waitingNodes(before)) drop(then, match.later[then]!);
}

/** Which objects a comparison lists: those that are held, or those that wait for a collection. */
type Compared = 'held' | 'waiting';

export const waits = (view: HeapView, node: number): boolean => garbageState(view, node) === 'waits';

/** Of the later heap; `gone`: of the earlier one. */
export function changedNodes(
  scope: Scope,
  ends: { later: SnapshotRef; earlier: SnapshotRef },
  part: ChangePart,
  which: Compared,
): Uint32Array {
  const match = matchOf(scope, ends.earlier, ends.later);
  if (match === null) return NOTHING;
  const [before, after] = [scope.view(ends.earlier), scope.view(ends.later)];
  const passes = (view: HeapView, node: number): boolean => waits(view, node) === (which === 'waiting');
  if (part === 'gone') return select(before.objects, (node) => match.later[node] === NONE && passes(before, node));
  if (part === 'new') return select(after.objects, (node) => match.earlier[node] === NONE && passes(after, node));
  const isListed = (node: number, then: number): boolean => then !== NONE && (part === 'survived' || hasGrown(before, then, after, node));
  return select(after.objects, (node) => isListed(node, match.earlier[node]!) && passes(after, node));
}

/** Whether a survivor has more items, or more bytes, than before. */
export function hasGrown(before: HeapView, then: number, after: HeapView, now: number): boolean {
  if (after.shallow(now) > before.shallow(then)) return true;
  const length = after.lengths[now]!;
  return length !== NONE && before.lengths[then] !== NONE && length > before.lengths[then]!;
}

/** Objects of the last heap that existed in the second and not in the first. */
export function nodesBetween(scope: Scope, last: SnapshotRef, first: SnapshotRef, second: SnapshotRef): Uint32Array {
  const made = matchOf(scope, first, second);
  const kept = matchOf(scope, second, last);
  if (made === null || kept === null) return NOTHING;
  return select(scope.view(last).objects, (node) => {
    const then = kept.earlier[node]!;
    return then !== NONE && made.earlier[then] === NONE && !waits(scope.view(last), node);
  });
}

export function confidenceName(confidence: number): Confidence | null {
  return NAMES[confidence] ?? null;
}
