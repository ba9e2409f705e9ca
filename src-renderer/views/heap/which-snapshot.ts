import { snapshotTitle } from '../../format/heap.ts';
import { useSessions } from '../../stores/sessions.ts';
import { useSnapshots } from '../../stores/snapshots.ts';

/** What a saved picture says of where it is from: the session and the snapshot. */
export function whichSnapshot(): string {
  const session = useSessions().current;
  const { current } = useSnapshots();
  return [session?.name || session?.program || '', current === null ? '' : snapshotTitle(current)].filter(Boolean).join(' · ');
}
