import { defineStore } from 'pinia';
import { call, on } from '../api/index.ts';
import type { ProcessRow, ProjectId, SessionId, SessionRow } from '../../src-preload/contract/index.ts';
import { useSelection } from './selection.ts';
import { useTasks } from './tasks.ts';

interface SessionsState {
  /** Sessions of each project that was opened, newest first. */
  byProject: Record<ProjectId, SessionRow[]>;
  /** Processes of the current session, in order of appearance. */
  processes: ProcessRow[];
  processesOf: { project: ProjectId; session: SessionId } | null;
}

/** Sessions requested at a time: the engine records others in the same thread. */
const PAGE = 500;

const newestFirst = (a: SessionRow, b: SessionRow): number => b.startedAt - a.startedAt || b.id - a.id;

/** Sessions of the project in view, and the processes of the session in view. */
export const useSessions = defineStore('sessions', {
  state: (): SessionsState => ({ byProject: {}, processes: [], processesOf: null }),
  getters: {
    rows: (state): SessionRow[] => state.byProject[useSelection().project ?? ''] ?? [],
    current(): SessionRow | null {
      return this.rows.find((row) => row.id === useSelection().session) ?? null;
    },
  },
  actions: {
    listen(): void {
      on('session.changed', ({ project, row }) => this.put(project, row));
      on('sessions.changed', ({ project }) => void this.load(project).catch(() => undefined));
      on('session.shape', ({ project, session }) => {
        const shown = this.processesOf;
        if (shown?.project === project && shown.session === session) void this.loadProcesses(project, session).catch(() => undefined);
      });
    },

    put(project: ProjectId, row: SessionRow): void {
      const rows = this.byProject[project] ?? [];
      const known = rows.some((one) => one.id === row.id);
      this.byProject[project] = known ? rows.map((one) => (one.id === row.id ? row : one)) : [row, ...rows].sort(newestFirst);
    },

    async load(project: ProjectId): Promise<void> {
      const rows: SessionRow[] = [];
      for (let after: SessionId = 0; ;) {
        const page: SessionRow[] = await call('sessions.list', { project, after, limit: PAGE });
        rows.push(...page);
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) break;
        after = last.id;
      }
      this.byProject[project] = rows.sort(newestFirst);
    },

    /** Answers may arrive out of order when the user clicks through sessions: the last request wins. */
    async loadProcesses(project: ProjectId, session: SessionId): Promise<void> {
      const asked = { project, session };
      const same = this.processesOf?.project === project && this.processesOf.session === session;
      if (!same) this.processes = [];
      this.processesOf = asked;
      const rows = await call('sessions.processes', asked);
      if (this.processesOf.project === project && this.processesOf.session === session) this.processes = rows;
    },

    async update(project: ProjectId, session: SessionId, change: { name?: string; note?: string }): Promise<void> {
      this.put(project, await call('sessions.update', { project, session, ...change }));
    },

    async remove(project: ProjectId, sessions: SessionId[]): Promise<void> {
      await call('sessions.delete', { project, sessions });
      this.byProject[project] = (this.byProject[project] ?? []).filter((row) => !sessions.includes(row.id));
      const selection = useSelection();
      if (selection.project === project && selection.session !== null && sessions.includes(selection.session)) {
        selection.go({ session: null, view: 'sessions' });
      }
    },

    async restore(project: ProjectId, sessions: SessionId[]): Promise<void> {
      await call('sessions.restore', { project, sessions });
      await this.load(project);
    },

    async copy(project: ProjectId, sessions: SessionId[], toPath: string): Promise<{ copied: number; toPath: string }> {
      return useTasks().run('common.tasks.copy', { n: sessions.length, path: toPath }, (context) =>
        call('sessions.copy', { project, sessions, toPath }, context),
      );
    },
  },
});
