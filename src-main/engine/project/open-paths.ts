import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Disposable } from '../base/disposable.ts';
import { HeapscopeError } from '../base/errors.ts';

const open = new Set<string>();

/** This process has the file open, until disposed. */
export type PathClaim = Disposable;

/**
 * A file is open only once in a process. This is necessary: on POSIX, a process that closes any handle of a file loses all its locks on it,
 * so that even reading the header of an open project would drop SQLite's locks (https://sqlite.org/howtocorrupt.html, 2.2). Throws
 * `project.in-use`.
 */
export function claimPath(path: string): PathClaim {
  const real = realPath(path);
  if (open.has(real)) throw new HeapscopeError('project.in-use', { path });
  open.add(real);
  return { dispose: () => void open.delete(real) };
}

/** Claims a path for `work`, and releases it if that fails. */
export function claimed<T>(path: string, work: (claim: PathClaim) => T): T {
  const claim = claimPath(path);
  try {
    return work(claim);
  } catch (thrown) {
    claim.dispose();
    throw thrown;
  }
}

/** With links resolved as far as it exists: SQLite creates its files beside the link's target, and so do we. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path));
    } catch {
      return path;
    }
  }
}
