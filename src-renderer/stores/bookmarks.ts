import { defineStore } from 'pinia';
import { call } from '../api/index.ts';
import type { Bookmark, NodeId, ProjectId, SnapshotId, SnapshotRef } from '../../src-preload/contract/index.ts';

/** Objects that the user wants to find again, with a note each. */
export const useBookmarks = defineStore('bookmarks', {
  state: (): { byProject: Record<ProjectId, Bookmark[]> } => ({ byProject: {} }),
  actions: {
    async load(project: ProjectId): Promise<void> {
      this.byProject[project] = await call('bookmarks.list', { project });
    },

    of({ project, snapshot }: SnapshotRef): Bookmark[] {
      return (this.byProject[project] ?? []).filter((one) => one.snapshot === snapshot);
    },

    find(project: ProjectId, snapshot: SnapshotId, node: NodeId): Bookmark | null {
      return this.of({ project, snapshot }).find((one) => one.node === node) ?? null;
    },

    /** Adds it, or changes its note. */
    async set(of: SnapshotRef, node: NodeId, note: string, label: string): Promise<void> {
      const saved = await call('bookmarks.set', { ...of, node, note, label });
      const others = (this.byProject[of.project] ?? []).filter((one) => one.id !== saved.id);
      this.byProject[of.project] = [...others, saved].sort((a, b) => a.id - b.id);
    },

    async remove(project: ProjectId, id: number): Promise<void> {
      await call('bookmarks.delete', { project, id });
      this.byProject[project] = (this.byProject[project] ?? []).filter((one) => one.id !== id);
    },
  },
});
