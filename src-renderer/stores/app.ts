import { defineStore } from 'pinia';
import { call, connect, connectionState, engineEnd, on, onConnection, onResync, shell } from '../api/index.ts';
import type { ConnectionState } from '../api/index.ts';
import type { AppInfo, EngineEnd, Settings, ShellAbilities, ShellState } from '../../src-preload/contract/index.ts';

interface AppState {
  connection: ConnectionState;
  /** What the engine said when it ended; null while it has not. */
  end: EngineEnd | null;
  /** The window was connected once: after a loss, what it shows is still valid but may be out of date. */
  wasOpen: boolean;
  info: AppInfo | null;
  settings: Settings;
  systemDark: boolean;
  systemLanguage: string;
}

const DEFAULTS: Settings = { theme: 'system', language: 'system', window: '{}', consoleLimit: 16 * 1024 * 1024 };

/** The connection, the engine's facts, and the settings shared by all windows. */
export const useApp = defineStore('app', {
  state: (): AppState => ({
    connection: 'connecting',
    end: null,
    wasOpen: false,
    info: null,
    settings: DEFAULTS,
    systemDark: false,
    systemLanguage: 'en',
  }),
  getters: {
    theme: (state): 'light' | 'dark' => (state.settings.theme === 'system' ? (state.systemDark ? 'dark' : 'light') : state.settings.theme),
    language: (state): 'en' | 'zh-CN' => {
      if (state.settings.language !== 'system') return state.settings.language;
      return state.systemLanguage.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
    },
    /** What needs the engine can be done. */
    isConnected: (state): boolean => state.connection === 'connected',
    isMac: (state): boolean => state.info?.platform === 'darwin',
    /** Native abilities; null in a browser. */
    native: (): ShellAbilities | null => shell(),
  },
  actions: {
    /** Follows the system's theme and language, also when they change. */
    followSystem(): void {
      const dark = window.matchMedia('(prefers-color-scheme: dark)');
      this.systemDark = dark.matches;
      dark.addEventListener('change', (event) => (this.systemDark = event.matches));
      this.systemLanguage = navigator.language;
      window.addEventListener('languagechange', () => (this.systemLanguage = navigator.language));
    },

    /** Connects and reads what everything else depends on. Throws the api's errors. */
    async start(): Promise<void> {
      onConnection((state) => {
        this.connection = state;
        this.end = engineEnd();
      });
      on('settings.changed', (settings) => (this.settings = settings));
      await connect();
      this.connection = connectionState();
      const [info, settings] = await Promise.all([call('app.info', {}), call('settings.get', {})]);
      this.info = info;
      this.settings = settings;
      this.wasOpen = true;
    },

    /** Events may have been missed while the connection was lost: everything shown has to be read again. */
    onMissedEvents(reload: () => void): void {
      onResync(reload);
    },

    async change(part: Partial<Settings>): Promise<void> {
      this.settings = { ...this.settings, ...part };
      await call('settings.set', part);
    },

    /** What the command line asked for, once: a second call returns nothing. */
    takeStart(): AppInfo['start'] {
      const start = this.info?.start ?? { open: [], record: null };
      if (this.info !== null) this.info = { ...this.info, start: { open: [], record: null } };
      return start;
    },

    report(state: ShellState): void {
      shell()?.report(state);
    },
  },
});
