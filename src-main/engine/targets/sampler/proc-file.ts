import { closeSync, openSync, readSync } from 'node:fs';
import { systemCode } from '../../base/errors.ts';
import { openFilesAtMost } from '../../base/open-files.ts';

/** All reads of a tick share one buffer: they are synchronous, and consumed before the next. */
export const SCRATCH = Buffer.allocUnsafe(64 * 1024);

/** The process has ended; or it exists but is not readable. */
export const GONE = -1;
const DENIED = -2;
/** We could not look, for lack of descriptors or memory: this says nothing about the process. */
export const UNSEEN = -3;

/** What a descriptor is kept open for. */
type Purpose = 'identity' | 'speed';

/**
 * Limits of descriptors kept open over all processes of all sessions, as a number and as a fraction of our own limit; beyond them a file is
 * opened for each read. Descriptors kept for speed must not take those needed to identify processes.
 */
const KEPT_AT_MOST: Record<Purpose, { number: number; share: number }> = {
  identity: { number: 2048, share: 1 / 4 },
  speed: { number: 1024, share: 1 / 8 },
};
const kept: Record<Purpose, number> = { identity: 0, speed: 0 };

/**
 * A file of `/proc/PID` that is read repeatedly. Its descriptor is kept open: that saves the path lookup, and it keeps referring to the
 * same process after the pid is reused. A file opened for a single read may be another process's.
 */
export class ProcFile {
  readonly #path: string;
  readonly #purpose: Purpose;
  #descriptor: number | null = null;

  constructor(path: string, purpose: Purpose) {
    this.#path = path;
    this.#purpose = purpose;
  }

  /** Reads from the start into SCRATCH. Returns the number of bytes, or GONE, DENIED or UNSEEN. One page is read unless `whole`. */
  read(whole = false): number {
    try {
      if (this.#descriptor !== null) return readInto(this.#descriptor, whole);
      const descriptor = openSync(this.#path, 'r');
      if (mayKeep(this.#purpose)) {
        this.#descriptor = descriptor;
        kept[this.#purpose]++;
        return readInto(descriptor, whole);
      }
      try {
        return readInto(descriptor, whole);
      } finally {
        closeSync(descriptor);
      }
    } catch (thrown) {
      return whyNot(thrown);
    }
  }

  close(): void {
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    this.#descriptor = null;
    kept[this.#purpose]--;
  }
}

const MEANINGS = new Map([
  ['EACCES', DENIED],
  ['EPERM', DENIED],
  ['EMFILE', UNSEEN],
  ['ENFILE', UNSEEN],
  ['ENOMEM', UNSEEN],
]);

function whyNot(thrown: unknown): number {
  return MEANINGS.get(systemCode(thrown) ?? '') ?? GONE;
}

function mayKeep(purpose: Purpose): boolean {
  const { number, share } = KEPT_AT_MOST[purpose];
  return kept[purpose] < Math.min(number, openFilesAtMost() * share);
}

/** The kernel returns such files page by page, so a long one takes several reads. */
function readInto(descriptor: number, whole: boolean): number {
  let length = readSync(descriptor, SCRATCH, 0, SCRATCH.length, 0);
  while (whole && length > 0 && length < SCRATCH.length) {
    const more = readSync(descriptor, SCRATCH, length, SCRATCH.length - length, length);
    if (more === 0) break;
    length += more;
  }
  return length;
}

/** Reads a file once; like `ProcFile.read`. */
export function readOnce(path: string, whole = false): number {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, 'r');
    return readInto(descriptor, whole);
  } catch (thrown) {
    return whyNot(thrown);
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
