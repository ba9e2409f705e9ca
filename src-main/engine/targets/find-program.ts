import { accessSync, constants, type Stats, statSync } from 'node:fs';
import path from 'node:path';

/** Name of the PATH variable in this environment: on Windows its case is not fixed ("Path"). */
export function pathKey(env: NodeJS.ProcessEnv): string {
  return Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
}

/** Folders of PATH in order; an empty entry means the working directory, as in `execvp`. */
export function pathFolders(env: NodeJS.ProcessEnv, cwd: string): string[] {
  const value = env[pathKey(env)] ?? '';
  if (value === '') return [];
  return value.split(path.delimiter).map((entry) => path.resolve(cwd, entry));
}

/**
 * Absolute path of a program as `execvp` would find it after changing to `cwd`: as given if it contains a separator, else the first
 * executable of that name on PATH. null: there is none.
 */
export function findProgram(name: string, env: NodeJS.ProcessEnv, cwd: string): string | null {
  const hasSeparator = name.includes('/') || (process.platform === 'win32' && name.includes('\\'));
  const candidates = hasSeparator ? [path.resolve(cwd, name)] : pathFolders(env, cwd).map((folder) => path.join(folder, name));
  for (const candidate of candidates) {
    for (const ending of endings(candidate, env)) {
      if (isExecutable(candidate + ending)) return candidate + ending;
    }
  }
  return null;
}

/** Whether this user may write to it; false where it is not there. */
export function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A regular file that this user may execute. */
export function isExecutable(file: string): boolean {
  try {
    if (!statSync(file).isFile()) return false;
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function isDirectory(folder: string): boolean {
  return statOf(folder)?.isDirectory() ?? false;
}

/** For any text: a path that the system refuses to look up (a NUL, a name too long, an inaccessible folder) counts as missing. */
export function statOf(file: string): Stats | null {
  try {
    return statSync(file);
  } catch {
    return null;
  }
}

function endings(candidate: string, env: NodeJS.ProcessEnv): string[] {
  if (process.platform !== 'win32') return [''];
  const known = (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').toLowerCase().split(';');
  return known.includes(path.extname(candidate).toLowerCase()) ? [''] : known;
}
