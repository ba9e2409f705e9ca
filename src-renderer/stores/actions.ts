import { defineStore } from 'pinia';
import { markRaw } from 'vue';
import { on } from '../api/index.ts';
import type { ShellCommand } from '../../src-preload/contract/index.ts';
import { useApp } from './app.ts';
import { useNotices } from './notices.ts';
import { useOwnKeys } from './own-keys.ts';
import { belongsToBrowser, keysOf, matches } from './shortcut.ts';
import type { Keystroke } from './shortcut.ts';

export type ActionGroup = 'record' | 'project' | 'session' | 'view' | 'window';

/** What is done by the engine, and not possible while there is none. */
const BY_ENGINE: ReadonlySet<ActionGroup> = new Set(['record', 'project', 'session']);

/** Something the user can do, from anywhere: a button, the menu, the palette, a key, the shell's own menu. */
export interface Action {
  id: string;
  /** Message key of its name. */
  label: string;
  group: ActionGroup;
  /** The first one that works in this shell is shown. */
  shortcuts: string[];
  /** Read in templates: reactive where it reads stores. */
  enabled: () => boolean;
  run: () => void | Promise<void>;
}

/** Every action of the window, by its id. Views register their own actions while they are shown. */
export const useActions = defineStore('actions', {
  state: (): { list: Action[] } => ({ list: [] }),
  actions: {
    /** The shell's menus know actions by their id; other commands of the shell go to `others`. */
    listen(others: (command: Exclude<ShellCommand, { command: 'action' }>) => void): void {
      on('shell.command', (message) => {
        if (message.command === 'action') this.run(message.action);
        else others(message);
      });
    },

    /** A later action with the same id replaces the earlier one until it is unregistered. */
    register(actions: readonly Action[]): () => void {
      const added = actions.map((action) => markRaw(action));
      this.list = [...added, ...this.list];
      return () => {
        this.list = this.list.filter((action) => !added.includes(action));
      };
    },

    /** Keys that work in this shell: in a browser, its own keys are left to it. */
    shortcutsOf(action: Action): string[] {
      const shortcuts = useOwnKeys().of(action.id) ?? action.shortcuts;
      return useApp().native === null ? shortcuts.filter((shortcut) => !belongsToBrowser(shortcut)) : shortcuts;
    },

    /** The keys to show for an action, as printed on a keyboard; empty: it has none. */
    keysOf(id: string): string[] {
      const action = this.find(id);
      const [shown] = action === undefined ? [] : this.shortcutsOf(action);
      return shown === undefined ? [] : keysOf(shown, useApp().isMac);
    },

    /** What a key stands for now. */
    ofKey(event: Keystroke): Action | undefined {
      const mac = useApp().isMac;
      return this.list.find((one) => this.can(one) && this.shortcutsOf(one).some((shortcut) => matches(shortcut, event, mac)));
    },

    find(id: string): Action | undefined {
      return this.list.find((action) => action.id === id);
    },

    isEnabled(id: string): boolean {
      const action = this.find(id);
      return action !== undefined && this.can(action);
    },

    can(action: Action): boolean {
      return action.enabled() && (useApp().isConnected || !BY_ENGINE.has(action.group));
    },

    /** False: there is no such action, or it is not enabled now. A failure becomes a notice. */
    run(id: string): boolean {
      const action = this.find(id);
      if (action === undefined || !this.can(action)) return false;
      void useNotices().attempt(async () => action.run());
      return true;
    },

    /** Runs the action of the key; true if there is one. */
    press(event: Keystroke): boolean {
      const action = this.ofKey(event);
      return action === undefined ? false : this.run(action.id);
    },
  },
});
