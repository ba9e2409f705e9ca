import type { Milliseconds, UnixTime } from './units.ts';

/** A Python found on this machine or named by the user. */
export interface Interpreter {
  /** The executable, as found; links are kept, since they identify a virtual environment. */
  path: string;
  /** "3.12.1", or null if it is unknown. */
  version: string | null;
  implementation: string | null;
  /** Where it was found. */
  source: 'path' | 'venv' | 'active-venv' | 'pyenv' | 'conda' | 'named';
  /** Whether the agent can run in it. */
  support: 'full' | 'too-old' | 'too-new' | 'not-cpython' | 'broken';
  freeThreaded: boolean;
  /** Folder of the virtual or conda environment, if it is one. */
  environment: string | null;
}

/** Of `LaunchSpec.sampling`: 1 GiB. */
export const LARGEST_SAMPLING = 2 ** 30;

export type LaunchMode = 'script' | 'module' | 'code' | 'command';

/** Everything that is needed to run a program again in the same way. */
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
  /** Added to the inherited environment; null removes a variable. */
  env: Record<string, string | null>;
  /** Between two samples; 10 to 60000. */
  intervalMs: Milliseconds;
  /** Frames that tracemalloc keeps from the first line on; 0: off. */
  tracemallocFrames: number;
  /** Mean distance in bytes between two sampled allocations; 0: off. */
  sampling: number;
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

/** The problems of a specification before it is run; empty when there are none. */
export interface LaunchProblem {
  field: 'interpreter' | 'target' | 'cwd' | 'env' | 'interval' | 'args';
  error: import('./errors.ts').ErrorData;
}
