import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Disposable } from '../base/disposable.ts';
import { HeapscopeError } from '../base/errors.ts';

const open = new Set<string>();

/** This process has the file open, until disposed. */
export type PathClaim = Disposable;

/**
 * A file is open once in a process. More than tidiness: on POSIX, a process that closes any handle of a file loses all its
 * locks on it, so even a look at the header of an open project would take SQLite's locks away
 * (https://sqlite.org/howtocorrupt.html, 2.2). Throws `project.in-use`.
 */
export function claimPath(path: string): PathClaim {
  const real = realPath(path);
  if (open.has(real)) throw new HeapscopeError('project.in-use', { path });
  open.add(real);
  return { dispose: () => void open.delete(real) };
}

/** Claims a path for `work`, and lets go of it where that fails. */
export function claimed<T>(path: string, work: (claim: PathClaim) => T): T {
  const claim = claimPath(path);
  try {
    return work(claim);
  } catch (thrown) {
    claim.dispose();
    throw thrown;
  }
}

/** With links resolved as far as it is there: SQLite looks beside where they end, and so do we. */
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
