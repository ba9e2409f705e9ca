import type { SnapshotId } from '../../../src-preload/contract/index.ts';
import type { SnapshotMarker } from '../../components/timeline/shapes.ts';
import { isCancelled, snapshotName, snapshotTitle } from '../../format/heap.ts';
import { t } from '../../format/i18n.ts';
import { sessionTime } from '../../format/time.ts';
import { bytes, count } from '../../format/units.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSnapshots } from '../../stores/snapshots.ts';
import { letterOf } from '../shared/letters.ts';

/** Snapshots of the current session; of one process if one is chosen. Reactive. */
export function snapshotMarkers(): SnapshotMarker[] {
  const { snapshots: chosen, process } = useSelection();
  return useSnapshots()
    .ofSession.filter((row) => !isCancelled(row) && (process === null || row.process === process))
    .map((row) => ({
      id: row.id,
      t: row.t,
      name: snapshotName(row),
      text:
        row.objects === null
          ? `${snapshotTitle(row)}, ${t(`heap.state.${row.state}`)}`
          : t('heap.snapshots.markerObjects', {
              name: snapshotName(row),
              time: sessionTime(row.t),
              objects: count(row.objects),
              size: bytes(row.size),
            }),
      state: row.state,
      letter: letterOf(chosen, row.id),
    }));
}

export const chooseSnapshot = (id: SnapshotId, beside: boolean): void => useSnapshots().choose(id, { beside });

export const openMarked = (id: SnapshotId): void => useSelection().goHeap({ tab: 'types' }, { snapshots: [id] });
