import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pythonPath } from './places.ts';

/** By these the search for interpreters finds more of them, wherever the home is. */
const LEAD_TO_MORE = ['PYENV_ROOT', 'CONDA_EXE', 'MAMBA_ROOT_PREFIX'];
/** Scripts that look for the program of their name, which takes longer than its start. */
const SHIMS = /[\\/]shims[\\/]?$/;

/**
 * What a test's commands see of this machine: a data folder and a home of their own, side by side, and the targets' Python first. Each window
 * asks all Pythons that it finds what they are: for a developer's dozen that takes longer than many a test.
 */
export function ownEnvironment(data: string): NodeJS.ProcessEnv {
  const home = join(dirname(data), 'home');
  mkdirSync(home, { recursive: true });
  const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, USERPROFILE: home, HEAPSCOPE_DATA: data };
  for (const name of LEAD_TO_MORE) delete env[name];
  const path = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = (env[path] ?? '').split(delimiter).filter((folder) => !SHIMS.test(folder));
  env[path] = [dirname(pythonPath()), ...folders].join(delimiter);
  return env;
}
