import type { SnapshotRef } from '../../../src-preload/contract/index.ts';
import { snapshotTitle } from '../../format/heap.ts';
import { t } from '../../format/i18n.ts';
import { useHeap } from '../../stores/heap.ts';
import { whySubject, sameSet } from '../../stores/heap-place.ts';
import type { HeapPlace } from '../../stores/heap-place.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSnapshots } from '../../stores/snapshots.ts';
import { objectName, setName } from '../shared/object-words.ts';

/** A step of the path to the current page; without `go`, it is the current page. */
export interface Crumb {
  text: string;
  go?: () => void;
}

/** The path from the session's snapshots to the current page; empty on their list. Reactive. */
export function crumbsOf(): Crumb[] {
  const selection = useSelection();
  const { current } = useSnapshots();
  const { ref } = useHeap();
  const place = selection.heap;
  if (place.tab === 'snapshots' || current === null || ref === null) return [];
  const to = (patch: Partial<HeapPlace>) => (): void => selection.goHeap(patch);
  const steps = [
    { text: t('heap.tabs.snapshots'), go: to({ tab: 'snapshots' }) },
    { text: snapshotTitle(current), go: to({ tab: 'types', within: { of: 'all' }, calledWithin: '' }) },
    ...stepsIn(place, ref, to),
  ];
  const last = steps.at(-1);
  return last === undefined ? [] : [...steps.slice(0, -1), { text: last.text }];
}

function stepsIn(place: HeapPlace, of: SnapshotRef, to: (patch: Partial<HeapPlace>) => () => void): Required<Crumb>[] {
  const types = { text: place.by === 'type' ? t('heap.tabs.types') : t(`heap.group.${place.by}`), go: to({ tab: 'types' }) };
  const objects = { text: setName(of, place.set, place.called), go: to({ tab: 'objects' }) };
  const grouped = place.set.of === 'group' || place.set.of === 'inside';
  const within = place.within.of === 'all' ? [] : [{ text: setName(of, place.within, place.calledWithin), go: to({ tab: 'types' }) }];
  switch (place.tab) {
    case 'types':
      return [types, ...within];
    case 'objects':
      return [...(grouped ? [types] : []), ...(place.set.of === 'inside' ? within : []), objects];
    case 'why': {
      const asked = whySubject(place);
      const before = sameSet(asked, place.set) || place.set.of === 'all' ? [] : [...(grouped ? [types] : []), objects];
      return [...before, { text: `${t('heap.tabs.why')} ${setName(of, asked, place.called)}`, go: to({}) }];
    }
    case 'dominators': {
      const top = { text: t('heap.tabs.dominators'), go: to({ root: 0 }) };
      return place.root === 0 ? [top] : [top, { text: objectName(of, place.root), go: to({}) }];
    }
    default:
      return [{ text: t(`heap.tabs.${place.tab}`), go: to({}) }];
  }
}
