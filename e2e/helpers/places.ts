import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
/** What `npx heapscope` runs. */
export const BINARY = join(ROOT, 'bin', 'heapscope.mjs');
/** The built engine without Electron: command line and browser shell. */
export const HEADLESS = join(ROOT, 'out', 'main', 'headless.js');

/** One of the programs in `targets/`. */
export function target(name: string): string {
  return join(ROOT, 'e2e', 'targets', `${name}.py`);
}

let python: string | null = null;

/**
 * The Python that runs the targets: `HEAPSCOPE_E2E_PYTHON`, else `python3` on PATH; asked for its own executable, since a pyenv shim is a
 * shell script.
 */
export function pythonPath(): string {
  const named = process.env['HEAPSCOPE_E2E_PYTHON'] ?? (process.platform === 'win32' ? 'python' : 'python3');
  return (python ??= execFileSync(named, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim());
}

/** A program that answers a probe like Python 3.6: a machine need not have one. */
export function oldPython(folder: string): string {
  const path = join(folder, 'python3.6');
  const lines = [
    'import sys',
    'parts = type("v", (tuple,), {"major": 3, "minor": 6})',
    'sys.version_info = parts((3, 6, 15, "final", 0))',
    'exec(sys.argv[sys.argv.index("-c") + 1])',
  ];
  writeFileSync(path, `#!${pythonPath()}\n${lines.join('\n')}\n`, { mode: 0o755 });
  return path;
}
