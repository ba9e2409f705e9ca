import { defineStore } from 'pinia';
import { watch } from 'vue';
import { call } from '../api/index.ts';
import type { ErrorData, ProjectId, RunSource } from '../../src-preload/contract/index.ts';
import { errorOf, useNotices } from './notices.ts';
import { useProjects } from './projects.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';
import { useSnapshots } from './snapshots.ts';

/** A file that runs and snapshots can be taken from: an open project, or one that is only read. */
export type Source = RunSource;

/** Where what is compared comes from. Sessions and snapshots of each are in their own stores, by the handle. */
export const useSources = defineStore('sources', {
  state: (): { guests: Source[]; unreadable: string[] } => ({ guests: [], unreadable: [] }),
  getters: {
    /** The project in view first, then the others, then what is only read. */
    list: (state): Source[] => {
      const current = useSelection().project;
      const open = useProjects().open.map(({ id, path, name, untitled }): Source => ({ project: id, path, name, untitled }));
      return [...open.filter((one) => one.project === current), ...open.filter((one) => one.project !== current), ...state.guests];
    },
  },
  actions: {
    /** A guest that the user opens is a guest no more: closed later, its handle is gone. */
    listen(): void {
      watch(
        () => useProjects().open.map(({ id }) => id),
        (open) => (this.guests = this.guests.filter(({ project }) => !open.includes(project))),
      );
    },

    /** The handle of a file; `path` null: the project in view. null: it is not open. Reactive. */
    projectAt(path: string | null): ProjectId | null {
      return path === null ? useSelection().project : (this.list.find((one) => one.path === path)?.project ?? null);
    },

    /** How a file is named in what is kept: null for the project in view. */
    pathOf(project: ProjectId): string | null {
      return project === useSelection().project ? null : (this.list.find((one) => one.project === project)?.path ?? null);
    },

    /** Reads what all open files have. */
    async load(): Promise<void> {
      await Promise.all(this.list.map(({ project }) => this.read(project)));
    },

    async read(project: ProjectId): Promise<void> {
      await Promise.all([useSessions().load(project), useSnapshots().load(project)]);
    },

    /** A file by its path, to be read where it is not open. `confirmed`: the user has chosen it, nothing else named it. */
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

    /** Opens what a comparison names; those that cannot be opened are remembered, and one that was never opened here is asked about. */
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

    /** What is looked at as a project must be one that the user has open. */
    async adopt(project: ProjectId): Promise<void> {
      const guest = this.guests.find((one) => one.project === project);
      if (guest !== undefined) await useProjects().openPath(guest.path);
    },
  },
});
