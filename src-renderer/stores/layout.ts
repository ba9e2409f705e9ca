import { defineStore } from 'pinia';
import { useApp } from './app.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The engine keeps at most 256 KiB; older keys are dropped without an error. */
const LIMIT = 250 * 1024;
const SAVE_AFTER_MS = 600;
/** Where the user's own keys are: a choice, and no layout. */
export const OWN_KEYS = 'keys';

/** True while something is not saved yet. */
let timer: ReturnType<typeof setTimeout> | undefined;

/** The window's own state (panels, lanes, columns), kept across restarts inside `settings.window`. */
export const useLayout = defineStore('layout', {
  state: (): { values: Record<string, Json> } => ({ values: {} }),
  actions: {
    /** Takes the stored state; anything that is not a JSON object counts as empty. */
    load(stored: string): void {
      this.values = parseStored(stored);
    },

    /** Saves pending changes at once: before the page closes. */
    flush(): void {
      if (timer !== undefined) void this.save();
    },

    /** The value of a key if the guard accepts it, else the fallback: a stored layout may be old or damaged. */
    read<T>(key: string, guard: (value: unknown) => value is T, fallback: T): T {
      const value: unknown = this.values[key];
      return guard(value) ? value : fallback;
    },

    /** Stores a value; saved a moment later, so that dragging a splitter is saved once. */
    write(key: string, value: Json): void {
      if (JSON.stringify(this.values[key]) === JSON.stringify(value)) return;
      this.values[key] = value;
      clearTimeout(timer);
      timer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
    },

    /** Everything as at the first start, but the user's own keys. */
    reset(): void {
      const { [OWN_KEYS]: keys = {} } = this.values;
      this.values = { [OWN_KEYS]: keys };
      void this.save();
    },

    async save(): Promise<void> {
      clearTimeout(timer);
      timer = undefined;
      const text = JSON.stringify(this.values);
      if (text.length > LIMIT) return;
      // If a layout is not saved, only a splitter has to be dragged again: not worth a message.
      await useApp()
        .change({ window: text })
        .catch(() => undefined);
    },
  },
});

function parseStored(stored: string): Record<string, Json> {
  try {
    const value: unknown = JSON.parse(stored);
    return isRecord(value) ? (value as Record<string, Json>) : {};
  } catch {
    return {};
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
export const isText = (value: unknown): value is string => typeof value === 'string';

/** A guard for a number within bounds. */
export function isBetween(low: number, high: number): (value: unknown) => value is number {
  return (value): value is number => typeof value === 'number' && value >= low && value <= high;
}
