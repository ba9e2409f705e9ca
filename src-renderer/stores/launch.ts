import { defineStore } from 'pinia';
import { call } from '../api/index.ts';
import { useApp } from './app.ts';
import { meantPath } from './meant-path.ts';
import type { Interpreter, LaunchProblem, LaunchSpec, RecentLaunch, Sample } from '../../src-preload/contract/index.ts';

/** A row of the environment table; `unset` removes the variable from the program's environment. */
export interface EnvRow {
  name: string;
  value: string;
  unset: boolean;
}

interface LaunchState {
  draft: LaunchSpec;
  /** The script and the folder that the form was filled with; a folder that the user entered stays. */
  filled: { target: string; cwd: string };
  /** The origin of the draft: this machine, or an untrusted file, which the user may have agreed to since. */
  origin: 'here' | 'elsewhere' | 'agreed';
  env: EnvRow[];
  /** The arguments cannot be split into words. */
  argsFault: boolean;
  problems: LaunchProblem[];
  checking: boolean;
  interpreters: Interpreter[];
  listing: boolean;
  recents: RecentLaunch[];
  samples: Sample[];
}

export const EMPTY_SPEC: LaunchSpec = {
  mode: 'script',
  interpreter: '',
  target: '',
  args: [],
  cwd: '',
  env: {},
  intervalMs: 100,
  tracemallocFrames: 0,
  sampling: 0,
};

const CHECK_AFTER_MS = 250;
let timer: ReturnType<typeof setTimeout> | undefined;
let question: AbortController | null = null;

/** The launch form: what to run, its problems, and recent launches. */
export const useLaunch = defineStore('launch', {
  state: (): LaunchState => ({
    draft: { ...EMPTY_SPEC },
    filled: { target: '', cwd: '' },
    origin: 'here',
    env: [],
    argsFault: false,
    problems: [],
    checking: false,
    interpreters: [],
    listing: false,
    recents: [],
    samples: [],
  }),
  getters: {
    spec: (state): LaunchSpec => ({
      ...state.draft,
      ...(state.origin === 'here' ? meantPaths(state.draft) : {}),
      args: [...state.draft.args],
      env: toEnvironment(state.env),
    }),
    /** Nothing of it may be started, not even its interpreter in order to probe it. */
    needsConsent: (state): boolean => state.origin === 'elsewhere',
    /** The interpreter for samples, and the folder to search for interpreters: never taken from an untrusted file. */
    ownInterpreter(): string {
      return this.needsConsent ? '' : this.spec.interpreter;
    },
    ownFolder(): string {
      return this.needsConsent ? '' : this.spec.cwd;
    },
    isBlank: (state): boolean => state.draft.target.trim() === '',
    canRecord(): boolean {
      return !this.isBlank && !this.needsConsent && !this.argsFault && this.problems.length === 0;
    },
  },
  actions: {
    async load(cwd: string): Promise<void> {
      await Promise.all([this.loadRecents(), this.loadSamples(), this.loadInterpreters(cwd, false)]);
    },

    async loadRecents(): Promise<void> {
      this.recents = await call('launch.recents', {});
    },

    async loadSamples(): Promise<void> {
      this.samples = await call('launch.samples', {});
    },

    /** `refresh`: the user asked for it, and thereby for this folder. At start the user has not: an opened file may be in it. */
    async loadInterpreters(cwd: string, refresh: boolean): Promise<void> {
      this.listing = true;
      try {
        this.interpreters = await call('interpreters.list', { cwd, refresh, confirmed: refresh && !this.needsConsent });
      } finally {
        this.listing = false;
      }
    },

    /** Probes an interpreter named by the user, and lists it with the others. */
    async checkInterpreter(path: string): Promise<Interpreter> {
      const found = await call('interpreters.check', { path });
      if (!this.interpreters.some((one) => one.path === found.path)) this.interpreters = [...this.interpreters, found];
      return found;
    },

    fill(spec: LaunchSpec): void {
      this.put(spec, 'here');
    },

    /** A specification from a file that was not made here: shown, and not started before the user has agreed to it. */
    fillFromElsewhere(spec: LaunchSpec): void {
      this.put(spec, 'elsewhere');
    },

    setConsent(agreed: boolean): void {
      this.origin = agreed ? 'agreed' : 'elsewhere';
      this.checkSoon();
    },

    put(spec: LaunchSpec, origin: LaunchState['origin']): void {
      this.origin = origin;
      this.problems = [];
      this.argsFault = false;
      this.draft = { ...spec, args: [...spec.args], env: {} };
      this.filled = { target: spec.target, cwd: spec.cwd };
      this.env = Object.entries(spec.env).map(([name, value]) => ({ name, value: value ?? '', unset: value === null }));
      this.checkSoon();
    },

    edit(part: Partial<LaunchSpec>): void {
      Object.assign(this.draft, part);
      this.checkSoon();
    },

    /** Another script: the folder of the one before does not stay behind, unless the user entered it or it is the new one's, too. */
    chooseScript(path: string): void {
      this.edit({ mode: 'script', target: path });
      this.settleScript();
    },

    settleScript(): void {
      const { target, cwd } = this.spec;
      const stays = this.draft.mode !== 'script' || cwd === '' || cwd !== this.filled.cwd || target === this.filled.target;
      if (stays || !isAbsolute(target)) return;
      const wasBeside = folderOf(this.filled.target) === cwd;
      if (wasBeside) this.edit({ cwd: folderOf(target) });
      else if (!isBelow(target, cwd)) this.edit({ cwd: '' });
      this.filled = { target, cwd: this.draft.cwd };
    },

    setEnv(rows: EnvRow[]): void {
      this.env = rows;
      this.checkSoon();
    },

    checkSoon(): void {
      clearTimeout(timer);
      timer = setTimeout(() => void this.check(), CHECK_AFTER_MS);
    },

    /** Asks the engine for the draft's problems. A newer call cancels an older one. */
    async check(): Promise<LaunchProblem[]> {
      clearTimeout(timer);
      question?.abort();
      if (this.needsConsent) return [];
      const mine = new AbortController();
      question = mine;
      this.checking = true;
      try {
        const problems = await call('launch.check', { spec: this.spec, confirmed: true }, { signal: mine.signal });
        if (question === mine) this.problems = problems;
      } catch {
        // Cancelled by a newer one, or the engine is gone, which is reported elsewhere; recording checks again anyway.
      } finally {
        if (question === mine) this.checking = false;
      }
      return this.problems;
    },

    async forget(id: number): Promise<void> {
      await call('launch.forget', { id });
      this.recents = this.recents.filter((recent) => recent.id !== id);
    },
  },
});

const isAbsolute = (path: string): boolean => /^([\\/]|[a-z]:)/i.test(path);
const isBelow = (path: string, folder: string): boolean => path.startsWith(folder) && /^[\\/]/.test(path.slice(folder.length));
const folderOf = (path: string): string => path.replace(/[\\/][^\\/]*$/, '');

function meantPaths({ mode, interpreter, target, cwd }: LaunchSpec): Pick<LaunchSpec, 'interpreter' | 'target' | 'cwd'> {
  const { info } = useApp();
  const meant = (text: string): string => (info === null ? text : meantPath(text, info));
  return { interpreter: meant(interpreter), target: mode === 'script' ? meant(target) : target, cwd: meant(cwd) };
}

function toEnvironment(rows: readonly EnvRow[]): LaunchSpec['env'] {
  const filled = rows.filter((row) => row.name !== '' || row.value !== '');
  return Object.fromEntries(filled.map((row) => [row.name, row.unset ? null : row.value]));
}
