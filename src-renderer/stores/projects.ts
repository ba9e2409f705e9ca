import { defineStore } from 'pinia';
import { call, CallError, on } from '../api/index.ts';
import { isScriptName } from '../../src-preload/contract/index.ts';
import type { ProjectId, ProjectInfo, RecentProject } from '../../src-preload/contract/index.ts';
import { useSelection } from './selection.ts';
import { useTasks } from './tasks.ts';

/** Open projects and the recent ones. */
export const useProjects = defineStore('projects', {
  state: (): { open: ProjectInfo[]; recents: RecentProject[] } => ({ open: [], recents: [] }),
  getters: {
    current: (state): ProjectInfo | null => state.open.find((project) => project.id === useSelection().project) ?? null,
  },
  actions: {
    listen(): void {
      on('project.changed', (project) => this.put(project));
    },

    put(project: ProjectInfo): void {
      const known = this.open.some((one) => one.id === project.id);
      this.open = known ? this.open.map((one) => (one.id === project.id ? project : one)) : [...this.open, project];
    },

    async load(): Promise<void> {
      [this.open, this.recents] = await Promise.all([call('projects.list', {}), call('projects.recents', {})]);
    },

    async loadRecents(): Promise<void> {
      this.recents = await call('projects.recents', {});
    },

    /** A new empty project without a file name of its own. */
    async create(): Promise<ProjectInfo> {
      const project = await call('projects.new', {});
      this.put(project);
      return project;
    },

    async openPath(path: string): Promise<ProjectInfo> {
      const project = await call('projects.open', { path });
      this.put(project);
      void this.loadRecents();
      return project;
    },

    /** null: it is a script by its name, and not a project by its content. */
    async openUnlessScript(path: string): Promise<ProjectInfo | null> {
      try {
        return await this.openPath(path);
      } catch (thrown) {
        if (thrown instanceof CallError && thrown.code === 'project.not-a-project' && isScriptName(path)) return null;
        throw thrown;
      }
    },

    async saveAs(project: ProjectId, path: string, overwrite: boolean): Promise<ProjectInfo> {
      const saved = await useTasks().run('common.tasks.saveAs', { path }, (context) =>
        call('projects.saveAs', { project, path, overwrite }, context),
      );
      if (saved.id !== project) this.open = this.open.filter((one) => one.id !== project);
      this.put(saved);
      void this.loadRecents();
      return saved;
    },

    /** Asks before it discards snapshots that are still being imported; returns whether the project was closed. */
    async close(project: ProjectId, mayDiscard: (snapshots: number) => Promise<boolean>): Promise<boolean> {
      try {
        await call('projects.close', { project });
      } catch (thrown) {
        if (!(thrown instanceof CallError) || thrown.code !== 'project.importing') throw thrown;
        if (!(await mayDiscard(Number(thrown.facts['count'])))) return false;
        await call('projects.close', { project, discard: true });
      }
      this.open = this.open.filter((one) => one.id !== project);
      useSelection().forgetProject(project);
      void this.loadRecents();
      return true;
    },

    async forget(path: string): Promise<void> {
      await call('projects.forget', { path });
      this.recents = this.recents.filter((recent) => recent.path !== path);
    },
  },
});
