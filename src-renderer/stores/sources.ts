import { defineStore } from 'pinia';
import { watch } from 'vue';
import { call } from '../api/index.ts';
import type { ErrorData, ProjectId, RunSource } from '../../src-preload/contract/index.ts';
import { errorOf, useNotices } from './notices.ts';
import { useProjects } from './projects.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { useSnapshots } from './snapshots.ts';

/** A file that provides runs and snapshots: an open project, or one opened read-only. */
export type Source = RunSource;

/** The files used in comparisons. Sessions and snapshots of each are in their own stores, by the handle. */
export const useSources = defineStore('sources', {
  state: (): { guests: Source[]; unreadable: string[] } => ({ guests: [], unreadable: [] }),
  getters: {
    /** The current project first, then the others, then read-only ones. */
    list: (state): Source[] => {
      const current = useSelection().project;
      const open = useProjects().open.map(({ id, path, name, untitled }): Source => ({ project: id, path, name, untitled }));
      return [...open.filter((one) => one.project === current), ...open.filter((one) => one.project !== current), ...state.guests];
    },
  },
  actions: {
    /** When the user opens a read-only file as a project, it is no longer in this list; its handle becomes invalid when it is closed. */
    listen(): void {
      watch(
        () => useProjects().open.map(({ id }) => id),
        (open) => (this.guests = this.guests.filter(({ project }) => !open.includes(project))),
      );
    },

    /** The handle of a file; `path` null: the current project. null: it is not open. Reactive. */
    projectAt(path: string | null): ProjectId | null {
      return path === null ? useSelection().project : (this.list.find((one) => one.path === path)?.project ?? null);
    },

    /** How a file is named in stored data: null for the current project. */
    pathOf(project: ProjectId): string | null {
      return project === useSelection().project ? null : (this.list.find((one) => one.project === project)?.path ?? null);
    },

    /** Reads the content of all open files. */
    async load(): Promise<void> {
      await Promise.all(this.list.map(({ project }) => this.read(project)));
    },

    async read(project: ProjectId): Promise<void> {
      await Promise.all([useSessions().load(project), useSnapshots().load(project)]);
    },

    /** A file by its path, opened read-only unless it is open. `confirmed`: the user has chosen it, rather than a link or stored data. */
    async open(path: string, confirmed: boolean): Promise<Source> {
      const known = this.list.find((one) => one.path === path);
      if (known === undefined) {
        const source = await call('runs.source', { path, confirmed });
        if (!this.list.some((one) => one.project === source.project)) this.guests = [...this.guests, source];
        await this.read(source.project);
        return source;
      }
      await this.read(known.project);
      return known;
    },

    /** Opens the files that a comparison names; failures are remembered, and the user is asked about a file that was never opened here. */
    async openAll(paths: readonly string[]): Promise<void> {
      for (const path of paths) {
        if (this.list.some((one) => one.path === path)) continue;
        try {
          await this.open(path, false);
          this.unreadable = this.unreadable.filter((one) => one !== path);
        } catch (thrown) {
          this.refused(path, errorOf(thrown));
        }
      }
    },

    refused(path: string, error: ErrorData): void {
      const isNews = !this.unreadable.includes(path);
      if (isNews) this.unreadable = [...this.unreadable, path];
      if (!isNews || error.code !== 'project.unconfirmed') return;
      const notices = useNotices();
      const agree = async (): Promise<void> => {
        await this.open(path, true);
        this.unreadable = this.unreadable.filter((one) => one !== path);
      };
      notices.push('warning', { kind: 'error', error }, { label: 'common.open', run: () => void notices.attempt(agree) });
    },

    /** A file viewed as a project must be one that the user has opened. */
    async adopt(project: ProjectId): Promise<void> {
      const guest = this.guests.find((one) => one.project === project);
      if (guest !== undefined) await useProjects().openPath(guest.path);
    },
  },
});
