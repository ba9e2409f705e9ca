import { defineStore } from 'pinia';
import { isRecord, OWN_KEYS, useLayout } from './layout.ts';

/** A stored layout may hold anything; no shortcut is longer. */
const LONGEST = 40;

type OwnKeys = Record<string, string>;

function isOwnKeys(value: unknown): value is OwnKeys {
  return isRecord(value) && Object.values(value).every((keys) => typeof keys === 'string' && keys.length <= LONGEST);
}

/** Shortcuts that the user has chosen instead of the usual ones, by the action's id; '' stands for none. Kept with the window's layout. */
export const useOwnKeys = defineStore('own-keys', {
  getters: {
    all: (): OwnKeys => useLayout().read(OWN_KEYS, isOwnKeys, {}),
  },
  actions: {
    /** What the user has chosen for an action; null: nothing, and the usual shortcuts hold. */
    of(action: string): string[] | null {
      if (!Object.hasOwn(this.all, action)) return null;
      const keys = this.all[action] ?? '';
      return keys === '' ? [] : [keys];
    },

    /** null: the usual shortcuts again. */
    set(action: string, keys: string | null): void {
      const { [action]: _, ...others } = this.all;
      useLayout().write(OWN_KEYS, keys === null ? others : { ...others, [action]: keys });
    },

    reset(): void {
      useLayout().write(OWN_KEYS, {});
    },
  },
});
