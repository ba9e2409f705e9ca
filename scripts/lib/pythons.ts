/** The Pythons on this machine: those of pyenv, of PATH, and those downloaded into `.cache/pythons`. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { inRoot } from './paths.ts';

export const SUPPORTED = ['3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'];
export const FETCHED = inRoot('.cache', 'pythons');

export interface Python {
  path: string;
  /** Major and minor, as "3.12". */
  version: string;
  /** As "3.12.1", and what else distinguishes builds. */
  build: string;
  /** Whether the interpreter has its own test suite. */
  shipsTests: boolean;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const entries = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Paths that may be interpreters. A shim of pyenv depends on the current folder, so it does not count. */
export function pythonPaths(env: NodeJS.ProcessEnv = process.env, fetched = FETCHED): string[] {
  const pyenv = join(env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const folders = [join(fetched, 'bin'), ...(env['PATH'] ?? '').split(delimiter).filter((folder) => folder && !folder.includes('shims'))];
  const named = folders.flatMap((folder) =>
    entries(folder)
      .filter((name) => /^python3(\.\d+)?t?$/.test(name))
      .map((name) => join(folder, name)),
  );
  return [...entries(pyenv).map((version) => join(pyenv, version, 'bin', 'python')), ...named].filter(isExecutable);
}

/** Asks a program which Python it is; undefined if it is not one. */
function identify(path: string): Python | undefined {
  const program =
    'import os, sys; print("%d.%d %s%s %d" % (sys.version_info[:2] + (sys.version.split()[0], getattr(sys, "abiflags", ""), ' +
    'os.path.exists(os.path.join(os.path.dirname(os.__file__), "test", "test_gc.py")))))';
  const { status, stdout } = spawnSync(path, ['-c', program], { encoding: 'utf8', timeout: 20_000 });
  const [version, build, ships] = status === 0 ? stdout.trim().split(' ') : [];
  return version && build ? { path, version, build, shipsTests: ships === '1' } : undefined;
}

/** Those of these paths that are a Python. */
export function pythonsAt(paths: readonly string[]): Python[] {
  return paths.map(identify).filter((python) => python !== undefined);
}

/** The first of each build, in the order given. */
export function oneOfEachBuild(found: readonly Python[]): Python[] {
  return [...Map.groupBy(found, ({ build }) => build).values()].flatMap(([first]) => first ?? []);
}
