import { defineStore } from 'pinia';
import { CallError, on } from '../api/index.ts';
import type { ErrorData, Facts } from '../../src-preload/contract/index.ts';

export type Severity = 'info' | 'warning' | 'error';

/** The content of a notice: an error as data, or a message key with its values; `quote`: lines that are not ours, as they are. */
export type NoticeBody =
  { kind: 'error'; error: ErrorData } | { kind: 'message'; key: string; values: Record<string, string | number>; quote?: string };

interface NoticeAction {
  label: string;
  run: () => void;
}

export interface Notice {
  id: number;
  severity: Severity;
  body: NoticeBody;
  at: number;
  /** How often it came while it was shown. */
  times: number;
  /** Still shown as a toast; afterwards only in the list. */
  toast: boolean;
  actions: readonly NoticeAction[];
}

const KEPT = 100;
/** An error too goes away: it takes space from the view. The list keeps all, and the bell says that there is something unread. */
const TOAST_MS: Record<Severity, number> = { info: 6000, warning: 12_000, error: 20_000 };
/** Long enough to read the line and reach for Undo. */
const ACTION_MS = 12_000;

let nextId = 1;

const isSame = (a: NoticeBody, b: NoticeBody): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Notices for the user: toasts first, a list afterwards. */
export const useNotices = defineStore('notices', {
  state: (): { list: Notice[]; unread: number } => ({ list: [], unread: 0 }),
  getters: {
    toasts: (state): Notice[] => state.list.filter((notice) => notice.toast),
  },
  actions: {
    listen(): void {
      on('notice', ({ severity, error }) => this.push(severity, { kind: 'error', error }));
    },

    push(severity: Severity, body: NoticeBody, ...actions: NoticeAction[]): number {
      const id = nextId++;
      // An offer is of its own case: two that read alike undo two things.
      const isPlain = actions.length === 0;
      const plain = isPlain ? this.toasts.filter((notice) => notice.actions.length === 0 && notice.severity === severity) : [];
      const same = plain.find((notice) => isSame(notice.body, body));
      const others = this.list.filter((notice) => notice !== same);
      this.list = [{ id, severity, body, at: Date.now(), times: (same?.times ?? 0) + 1, toast: true, actions }, ...others].slice(0, KEPT);
      this.unread += 1;
      setTimeout(() => this.fold(id), isPlain ? TOAST_MS[severity] : Math.max(ACTION_MS, TOAST_MS[severity]));
      return id;
    },

    report(key: string, values: Record<string, string | number> = {}, ...actions: NoticeAction[]): number {
      return this.push('info', { kind: 'message', key, values }, ...actions);
    },

    /** Accepts anything thrown. A cancelled call was the user's decision: no notice. */
    fail(thrown: unknown): void {
      const error = errorOf(thrown);
      if (error.code !== 'call.cancelled') this.push('error', { kind: 'error', error });
    },

    /** Runs work; a failure becomes a notice; undefined when it failed. */
    async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
      try {
        return await work();
      } catch (thrown) {
        this.fail(thrown);
        return undefined;
      }
    },

    /** Removes the toast; the list keeps it, without its actions. */
    fold(id: number): void {
      this.list = this.list.map((notice) => (notice.id === id ? { ...notice, toast: false, actions: [] } : notice));
    },

    act(id: number, index = 0): void {
      const action = this.list.find((notice) => notice.id === id)?.actions[index];
      this.fold(id);
      action?.run();
    },

    markRead(): void {
      this.unread = 0;
    },

    clear(): void {
      this.list = [];
      this.unread = 0;
    },
  },
});

/** The error data of anything thrown; anything but a call's error is a defect of ours. */
export function errorOf(thrown: unknown): ErrorData {
  if (thrown instanceof CallError) return { code: thrown.code, facts: thrown.facts };
  const facts: Facts = { detail: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown) };
  return { code: 'internal', facts };
}
