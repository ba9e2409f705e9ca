import { defineStore } from 'pinia';
import type { Progress } from '../../src-preload/contract/index.ts';

export interface Task {
  id: number;
  /** Message key of its name. */
  label: string;
  values: Record<string, string | number>;
  progress: Progress | null;
  cancel: () => void;
}

/** Options of a long call, to pass to the api. */
export interface TaskContext {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

let nextId = 1;

/** Long calls: progress is shown while they run, and they can be cancelled. */
export const useTasks = defineStore('tasks', {
  state: (): { running: Task[] } => ({ running: [] }),
  actions: {
    async run<T>(label: string, values: Task['values'], work: (context: TaskContext) => Promise<T>): Promise<T> {
      const abort = new AbortController();
      const id = nextId++;
      this.running.push({ id, label, values, progress: null, cancel: () => abort.abort() });
      const onProgress = (progress: Progress): void => {
        const task = this.running.find((one) => one.id === id);
        if (task !== undefined) task.progress = progress;
      };
      try {
        return await work({ signal: abort.signal, onProgress });
      } finally {
        this.running = this.running.filter((task) => task.id !== id);
      }
    },
  },
});
