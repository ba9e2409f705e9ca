import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './paths.ts';

/** What a build reads. Folders count too: a deleted file changes its folder's time. */
const SOURCES = ['src-main', 'src-preload', 'src-renderer', 'electron.vite.config.ts', 'package-lock.json'];
/** Holds the time at which the last complete build began. */
const STAMP = inRoot('out', 'built-at');

/** Whether anything that a build reads is newer than the last complete build, or there is none. */
export function buildIsStale(): boolean {
  const builtAt = lastBuild();
  return builtAt === null || SOURCES.some((source) => newest(inRoot(source)) > builtAt);
}

/** Whether a complete build is there, fresh or not. */
export function buildExists(): boolean {
  return lastBuild() !== null;
}

/** `startedAt`, not the end: what was edited while the build ran is newer than it. */
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
