import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
/** The built engine without Electron: command line and browser shell. */
export const HEADLESS = join(ROOT, 'out', 'main', 'headless.js');

/** One of the programs in `targets/`. */
export function target(name: string): string {
  return join(ROOT, 'e2e', 'targets', `${name}.py`);
}

/**
 * The Python that the targets run in: `HEAPSCOPE_E2E_PYTHON`, else `python3` on PATH; asked for its own executable,
 * since a pyenv shim is a shell script.
 */
export function findPython(): string {
  const named = process.env['HEAPSCOPE_E2E_PYTHON'] ?? (process.platform === 'win32' ? 'python' : 'python3');
  return execFileSync(named, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
}

let python: string | null = null;
/** The same, asked once. */
export function pythonPath(): string {
  return (python ??= findPython());
}

/** A Python too old for the agent (2.7, 3.6 to 3.8), from pyenv or PATH; null where the machine has none. */
export function oldPython(): { path: string; version: string } | null {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const fromPyenv = existsSync(versions) ? readdirSync(versions).map((name) => join(versions, name, 'bin', 'python')) : [];
  const fromPath = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => ['2.7', '3.6', '3.7', '3.8'].map((version) => join(folder, `python${version}`)));
  for (const path of [...fromPyenv, ...fromPath].filter((each) => existsSync(each))) {
    const asked = spawnSync(path, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'], { encoding: 'utf8' });
    const version = asked.stdout?.trim() ?? '';
    if (asked.status === 0 && /^(2\.|3\.[0-8]\.)/.test(version)) return { path, version };
  }
  return null;
}
