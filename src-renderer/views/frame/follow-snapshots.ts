import { watch } from 'vue';
import type { ProjectId, SnapshotRow } from '../../../src-preload/contract/index.ts';
import { snapshotName } from '../../format/heap.ts';
import { milliseconds } from '../../format/time.ts';
import { count } from '../../format/units.ts';
import { useNotices } from '../../stores/notices.ts';
import { useSnapshots } from '../../stores/snapshots.ts';
import { compareOf, lookInto, otherWay } from '../shared/snapshot-actions.ts';

/** Shows a notice when a snapshot requested by the user is ready, and when any has failed. Call in a component's setup. */
export function followSnapshots(): void {
  const snapshots = useSnapshots();
  watch(
    () => snapshots.inProgress.map(({ project, row }) => ({ project, id: row.id })),
    (now, before) => {
      for (const { project, id } of before) {
        if (now.some((one) => one.project === project && one.id === id)) continue;
        const row = snapshots.byProject[project]?.find((one) => one.id === id);
        if (row !== undefined) report(project, row);
      }
    },
  );
}

function report(project: ProjectId, row: SnapshotRow): void {
  const notices = useNotices();
  if (row.error !== null && row.error.code !== 'snapshot.cancelled') {
    const other = otherWay(project, row);
    const actions = other === null ? [] : [{ label: other.label, run: () => void notices.attempt(other.run) }];
    notices.push('error', { kind: 'error', error: row.error }, ...actions);
  }
  // Snapshots by rules and by the program would be reported too often.
  if (row.state !== 'ready' || row.trigger !== 'user') return;
  const values = { name: snapshotName(row), objects: count(row.objects), pause: milliseconds(row.pause) };
  const before = useSnapshots().before(project, row);
  const compare = before === null ? [] : [{ label: 'heap.snapshots.compareWithPrevious', run: () => compareOf(project, before, row) }];
  const look = { label: 'heap.take.look', run: () => lookInto(project, row) };
  notices.report(row.pause === null ? 'heap.take.readyNoPause' : 'heap.take.ready', values, ...compare, look);
}
