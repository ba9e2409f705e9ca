import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './paths.ts';

/** The inputs of a build. Folders count too: deleting a file changes its folder's time. */
const SOURCES = ['src-main', 'src-preload', 'src-renderer', 'electron.vite.config.ts', 'package-lock.json'];
/** Contains the time at which the last complete build began. */
const STAMP = inRoot('out', 'built-at');

/** Whether any input of a build is newer than the last complete build, or there is no build. */
export function buildIsStale(): boolean {
  const builtAt = lastBuild();
  return builtAt === null || SOURCES.some((source) => newest(inRoot(source)) > builtAt);
}

/** Whether there is a complete build, fresh or not. */
export function buildExists(): boolean {
  return lastBuild() !== null;
}

/** `startedAt`, not the end: files edited during the build are newer than it. */
export function markBuilt(startedAt: number): void {
  writeFileSync(STAMP, String(startedAt));
}

function lastBuild(): number | null {
  try {
    const time = Number(readFileSync(STAMP, 'utf8'));
    return Number.isFinite(time) && time > 0 ? time : null;
  } catch {
    return null;
  }
}

/** Newest modification time in a tree, in milliseconds; 0 where there is nothing. */
export function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return path.endsWith('.test.ts') ? 0 : stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}
