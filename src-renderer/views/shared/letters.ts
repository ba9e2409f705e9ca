import type { SnapshotId } from '../../../src-preload/contract/index.ts';

/** A, B, … Z, then numbers. */
export const letterAt = (index: number): string => (index < 26 ? String.fromCharCode(65 + index) : String(index + 1));

/** A, B, C and so on, if several are chosen; none beyond Z. */
export function letterOf(chosen: readonly SnapshotId[], snapshot: SnapshotId): string {
  const index = chosen.indexOf(snapshot);
  return index < 0 ? '' : chosen.length === 1 ? '▲' : index < 26 ? letterAt(index) : '';
}
