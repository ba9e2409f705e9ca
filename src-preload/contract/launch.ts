import type { Milliseconds, UnixTime } from './units.ts';

/** A Python found on this machine or named by the user. */
export interface Interpreter {
  /** What to run, as found; links are kept, since a virtual environment is told by them. */
  path: string;
  /** "3.12.1", or null where it could not be asked. */
  version: string | null;
  implementation: string | null;
  /** Where it was found. */
  source: 'path' | 'venv' | 'active-venv' | 'pyenv' | 'conda' | 'named';
  /** Whether the agent can run in it. */
  support: 'full' | 'too-old' | 'too-new' | 'not-cpython' | 'broken';
  freeThreaded: boolean;
  /** Folder of the virtual or conda environment, where it is one. */
  environment: string | null;
}

export type LaunchMode = 'script' | 'module' | 'code' | 'command';

/** Everything that is needed to run a program again the same way. */
export interface LaunchSpec {
  mode: LaunchMode;
  /** Interpreter; in `command` mode its folder comes first on PATH. Empty: the first one found. */
  interpreter: string;
  /** Script's path, module's name, the code, or the whole command line (POSIX quoting; no shell is started). */
  target: string;
  /** Arguments after the target; unused in `command` mode. */
  args: string[];
  /** Working directory; empty: the script's folder is not used, the user's home is. */
  cwd: string;
  /** Added to the inherited environment; null takes a variable away. */
  env: Record<string, string | null>;
  /** Between two samples; 10 to 60000. */
  intervalMs: Milliseconds;
  /** Frames that tracemalloc keeps from the first line on; 0: off. */
  tracemallocFrames: number;
}

export interface RecentLaunch {
  id: number;
  spec: LaunchSpec;
  lastUsed: UnixTime;
}

/** A sample program that comes with the app. */
export interface Sample {
  id: string;
  /** Absolute path of the script. */
  path: string;
  /** File name. */
  name: string;
}

/** What is wrong with a specification before it is run; empty when nothing is. */
export interface LaunchProblem {
  field: 'interpreter' | 'target' | 'cwd' | 'env' | 'interval' | 'args';
  error: import('./errors.ts').ErrorData;
}
