import { defineStore } from 'pinia';
import { call, CallError, on } from '../api/index.ts';
import type { EventRow, LaunchSpec, ProjectId, RecordingState, SessionId } from '../../src-preload/contract/index.ts';
import type { SessionRef } from '../../src-preload/contract/index.ts';
import { useLayout } from './layout.ts';
import { useProjects } from './projects.ts';
import { useSelection } from './selection.ts';
import { useSessions } from './sessions.ts';

export type StopHow = 'interrupt' | 'terminate' | 'kill';

const keyOf = (ref: SessionRef): string => `${ref.project} ${ref.session}`;

/** Initial terminal size of the first program; later ones use the panel's last size. */
const FIRST_SIZE: [number, number] = [100, 24];

function isTerminalSize(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((side) => Number.isInteger(side) && side >= 2 && side <= 1000);
}

/** Running recordings: their state, the last one started from this window, and the commands for them. */
export const useRecording = defineStore('recording', {
  state: (): {
    states: Record<string, RecordingState>;
    /** Started from this window; null once it was stopped from here, or its end has been told. */
    started: SessionRef | null;
  } => ({ states: {}, started: null }),
  getters: {
    running: (state): RecordingState[] => Object.values(state.states),
    /** Of the current session; null if it is not being recorded. */
    current: (state): RecordingState | null => {
      const { project, session } = useSelection();
      return project === null || session === null ? null : (state.states[keyOf({ project, session })] ?? null);
    },
    /** Number of frames that tracemalloc keeps in the current session; 0: off. */
    tracemallocFrames(): number {
      return Math.max(0, ...(this.current?.agents ?? []).map((agent) => agent.tracemallocFrames));
    },
    hasAgent(): boolean {
      return this.current?.agents.some((agent) => agent.state === 'connected') ?? false;
    },
  },
  actions: {
    listen(): void {
      on('recording.state', (state) => this.put(state));
    },

    put(state: RecordingState): void {
      if (state.phase === 'ended') delete this.states[keyOf(state)];
      else this.states[keyOf(state)] = state;
    },

    async load(): Promise<void> {
      const states = await call('recording.states', {});
      this.states = {};
      for (const state of states) this.put(state);
    },

    /** Starts what the user entered or agreed to, and shows its timeline. Without a writable project it records into a new one. */
    start(spec: LaunchSpec, into: ProjectId | null): Promise<SessionRef> {
      return this.begin(spec, true, into);
    },

    /** Like `start`, for a stored specification; null: this machine has never started it, and has not now. */
    async startKept(spec: LaunchSpec, into: ProjectId | null): Promise<SessionRef | null> {
      try {
        return await this.begin(spec, false, into);
      } catch (thrown) {
        if (thrown instanceof CallError && thrown.code === 'launch.unconfirmed') return null;
        throw thrown;
      }
    },

    async begin(spec: LaunchSpec, confirmed: boolean, into: ProjectId | null): Promise<SessionRef> {
      const [columns, rows] = useLayout().read('console.size', isTerminalSize, FIRST_SIZE);
      const started = await call('recording.start', { spec, confirmed, project: into, columns, rows });
      useProjects().put(started.project);
      const ref = { project: started.project.id, session: started.session };
      await Promise.all([useSessions().load(ref.project), this.load()]);
      useSelection().go({ ...ref, view: 'timeline', range: null });
      this.started = ref;
      return ref;
    },

    async stop(ref: SessionRef, how: StopHow): Promise<void> {
      if (this.started !== null && keyOf(this.started) === keyOf(ref)) this.started = null;
      await call('recording.stop', { ...ref, how });
    },

    async collect(ref: SessionRef): Promise<{ processes: number; collected: number; uncollectable: number }> {
      return call('recording.collect', { ...ref });
    },

    async tracemalloc(ref: SessionRef, frames: number): Promise<{ processes: number }> {
      return call('recording.tracemalloc', { ...ref, frames });
    },

    async pause(ref: SessionRef, paused: boolean): Promise<void> {
      await call('recording.pause', { ...ref, paused });
    },

    async mark(ref: SessionRef, name: string): Promise<EventRow> {
      return call('recording.mark', { ...ref, name });
    },

    isRunning(project: ProjectId, session: SessionId): boolean {
      return this.states[keyOf({ project, session })] !== undefined;
    },
  },
});
