import type { Empty } from '../calls.ts';
import type { Bookmark, NodeId, SnapshotRef } from '../heap.ts';
import type { ProjectId } from '../units.ts';

/** Objects that the user wants to find again. */
export interface BookmarkMethods {
  'bookmarks.list': { args: { project: ProjectId }; result: Bookmark[] };
  'bookmarks.set': { args: SnapshotRef & { node: NodeId; note: string; label: string }; result: Bookmark };
  'bookmarks.delete': { args: { project: ProjectId; id: number }; result: Empty };
}
