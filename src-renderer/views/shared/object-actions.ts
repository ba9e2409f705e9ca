import type { NodeId, ObjectRow } from '../../../src-preload/contract/index.ts';
import type { MenuEntry } from '../../components/base/menu.ts';
import { addressText, objectText } from '../../format/heap.ts';
import { t } from '../../format/i18n.ts';
import { useBookmarks } from '../../stores/bookmarks.ts';
import { useHeap } from '../../stores/heap.ts';
import { useNotices } from '../../stores/notices.ts';
import { useSelection } from '../../stores/selection.ts';
import { copyText } from './copy.ts';

/** The actions on an object, wherever it is shown. */
export function objectMenu(row: ObjectRow): MenuEntry[] {
  const of = useHeap().ref;
  const marked = of !== null && useBookmarks().find(of.project, of.snapshot, row.node) !== null;
  const isObject = row.kind === 'object';
  return [
    { kind: 'item', id: 'why', text: t('heap.object.why'), icon: 'question', disabled: !isObject },
    { kind: 'item', id: 'dominators', text: t('heap.object.dominator'), icon: 'tree' },
    { kind: 'separator' },
    { kind: 'item', id: 'retained', text: t('heap.object.retainedSet'), icon: 'heap' },
    { kind: 'item', id: 'referrers', text: `${t('heap.object.referrers')}…`, disabled: row.referrers === 0 },
    { kind: 'item', id: 'referents', text: `${t('heap.object.referents')}…`, disabled: row.referents === 0 },
    { kind: 'separator' },
    {
      kind: 'item',
      id: 'bookmark',
      text: t(marked ? 'heap.object.bookmarked' : 'heap.object.bookmark'),
      icon: 'bookmark',
      checked: marked,
    },
    { kind: 'item', id: 'address', text: t('heap.object.copyAddress'), icon: 'copy', disabled: !isObject },
  ];
}

export function actOn(id: string, row: ObjectRow): void {
  if (id === 'why') whyAlive(row.node);
  else if (id === 'dominators') inDominators(row);
  else if (id === 'retained' || id === 'referrers' || id === 'referents') listOf(id, row.node);
  else if (id === 'bookmark') toggleBookmark(row);
  else if (id === 'address') copyText(addressText(row.address));
}

export const inspect = (row: ObjectRow): void => {
  const heap = useHeap();
  if (heap.ref !== null) heap.remember(heap.ref, row);
  useSelection().goHeap({ node: row.node }, { replace: true });
};

export function whyAlive(node: NodeId): void {
  useSelection().goHeap({ tab: 'why', node, why: { of: 'nodes', nodes: [node] }, ignored: [] });
}

export function whyAllAlive(nodes: NodeId[]): void {
  useSelection().goHeap({ tab: 'why', why: { of: 'nodes', nodes }, ignored: [] });
}

export function inDominators(row: ObjectRow): void {
  useSelection().goHeap({ tab: 'dominators', root: row.node, node: row.node });
}

export function listOf(of: 'retained' | 'referrers' | 'referents', node: NodeId): void {
  useSelection().goHeap({ tab: 'objects', set: { of, node }, called: '', node });
}

export function toggleBookmark(row: ObjectRow): void {
  const of = useHeap().ref;
  const bookmarks = useBookmarks();
  if (of === null) return;
  const known = bookmarks.find(of.project, of.snapshot, row.node);
  void useNotices().attempt(() =>
    known === null ? bookmarks.set(of, row.node, '', objectText(row)) : bookmarks.remove(of.project, known.id),
  );
}
