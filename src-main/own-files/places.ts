import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Folders of this copy of Heapscope. */
export interface Places {
  /** This copy's root: a checkout, an installed package, or the archive of a packaged app. */
  copy: string;
  /** The built window: `index.html` and its assets. */
  page: string;
  /** The built preload script. */
  preload: string;
  /** `python-agent`, a real folder: Python cannot import from inside an archive. */
  agent: string;
  samples: string;
  icons: string;
  version: string;
}

/** `resources`: the package's folder of unpacked files; null outside a package. */
export function findPlaces(resources: string | null): Places {
  // Both src-main/own-files and the bundled out/main are inside the copy, at different depths.
  const copy = findCopy(import.meta.dirname);
  const outside = resources ?? copy;
  return {
    copy,
    page: join(copy, 'out', 'renderer'),
    preload: join(copy, 'out', 'preload', 'index.cjs'),
    agent: join(outside, 'python-agent'),
    samples: resources === null ? join(copy, 'resources', 'samples') : join(resources, 'samples'),
    icons: join(copy, 'resources', 'icons'),
    version: readVersion(copy),
  };
}

/**
 * Where untitled projects, settings and recents are kept: `HEAPSCOPE_DATA`, else the platform's standard folder. The desktop app and the
 * browser shell use the same folder, so that both know the same projects.
 */
export function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string = homedir()): string {
  if (env.HEAPSCOPE_DATA !== undefined && env.HEAPSCOPE_DATA !== '') return env.HEAPSCOPE_DATA;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Heapscope');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Heapscope');
  return join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'heapscope');
}

function findCopy(from: string): string {
  if (isCopy(from)) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('package.json of heapscope not found');
  return findCopy(parent);
}

function isCopy(folder: string): boolean {
  return readPackage(folder)?.name === 'heapscope';
}

function readVersion(copy: string): string {
  return readPackage(copy)?.version ?? 'unknown';
}

function readPackage(folder: string): { name?: string; version?: string } | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string };
  } catch {
    return null;
  }
}
