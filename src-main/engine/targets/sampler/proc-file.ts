import { closeSync, openSync, readSync } from 'node:fs';
import { systemCode } from '../../base/errors.ts';
import { openFilesAtMost } from '../../base/open-files.ts';

/** All reads of a tick share one buffer: they are synchronous, and used up before the next. */
export const SCRATCH = Buffer.allocUnsafe(64 * 1024);

/** The process is gone; it is there but not ours to read. */
export const GONE = -1;
const DENIED = -2;
/** We could not look, for want of descriptors or memory: nothing is said of the process. */
export const UNSEEN = -3;

/** What a descriptor is kept for. */
type Purpose = 'identity' | 'speed';

/**
 * Descriptors kept over all processes of all sessions, and the part of those that we may have at all; beyond it a file is opened
 * for each read. What is kept for speed takes nothing from what tells who a process is.
 */
const KEPT_AT_MOST: Record<Purpose, { number: number; share: number }> = {
  identity: { number: 2048, share: 1 / 4 },
  speed: { number: 1024, share: 1 / 8 },
};
const kept: Record<Purpose, number> = { identity: 0, speed: 0 };

/**
 * A file of `/proc/PID` that is read again and again. Its descriptor is kept: that spares the path lookup, and it goes
 * on to mean the same process when the pid has come back as another. What was opened for one read alone may be another's.
 */
export class ProcFile {
  readonly #path: string;
  readonly #purpose: Purpose;
  #descriptor: number | null = null;

  constructor(path: string, purpose: Purpose) {
    this.#path = path;
    this.#purpose = purpose;
  }

  /** Reads from the start into SCRATCH. Number of bytes, or GONE, DENIED or UNSEEN. One page is read unless `whole`. */
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

/** The kernel hands out such files in pieces of a page, so a long one takes several reads. */
function readInto(descriptor: number, whole: boolean): number {
  let length = readSync(descriptor, SCRATCH, 0, SCRATCH.length, 0);
  while (whole && length > 0 && length < SCRATCH.length) {
    const more = readSync(descriptor, SCRATCH, length, SCRATCH.length - length, length);
    if (more === 0) break;
    length += more;
  }
  return length;
}

/** Reads a file once; as `ProcFile.read`. */
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
