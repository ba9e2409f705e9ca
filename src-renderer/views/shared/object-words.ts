import type { ErrorData, NodeId, ObjectSet, SnapshotRef } from '../../../src-preload/contract/index.ts';
import { wordError } from '../../format/errors.ts';
import { objectText, setText } from '../../format/heap.ts';
import { count } from '../../format/units.ts';
import { useHeap } from '../../stores/heap.ts';
import { errorOf } from '../../stores/notices.ts';

/** A failure in one line. */
export const explain = (thrown: unknown): string => wordError(isErrorData(thrown) ? thrown : errorOf(thrown)).what;

function isErrorData(value: unknown): value is ErrorData {
  return typeof value === 'object' && value !== null && !(value instanceof Error) && 'code' in value && 'facts' in value;
}

/** An object's description; requested if it is not known yet. Reactive. */
export function objectName(of: SnapshotRef, node: NodeId): string {
  const heap = useHeap();
  const row = heap.rowOf(of, node);
  if (row === null) heap.prefetch(of, node);
  return row === null ? `#${count(node)}` : objectText(row);
}

/** A description of a set of objects. `called`: the group it refers to. Reactive. */
export function setName(of: SnapshotRef | null, set: ObjectSet, called: string): string {
  const node =
    set.of === 'retained' || set.of === 'referents' || set.of === 'referrers'
      ? set.node
      : set.of === 'nodes' && set.nodes.length === 1
        ? (set.nodes[0] ?? null)
        : null;
  const object = of === null || node === null ? '' : objectName(of, node);
  return set.of === 'nodes' && object !== '' ? object : setText(set, object, called);
}
