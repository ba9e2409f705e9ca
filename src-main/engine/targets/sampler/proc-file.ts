import { closeSync, openSync, readSync } from 'node:fs';
import { systemCode } from '../../base/errors.ts';

/** All reads of a tick share one buffer: they are synchronous, and used up before the next. */
export const SCRATCH = Buffer.allocUnsafe(64 * 1024);

/** The process is gone; it is there but not ours to read. */
export const GONE = -1;
const DENIED = -2;

/** Descriptors kept open over all processes; beyond it a file is opened for each read. */
const KEEP_AT_MOST = 1024;
let kept = 0;

/**
 * A file of `/proc/PID` that is read again and again. Its descriptor is kept: that spares the path lookup, and it goes
 * on to mean the same process when the pid has come back as another.
 */
export class ProcFile {
  readonly #path: string;
  #descriptor: number | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads from the start into SCRATCH. Number of bytes, or GONE or DENIED. One page is read unless `whole`. */
  read(whole = false): number {
    try {
      if (this.#descriptor !== null) return readInto(this.#descriptor, whole);
      const descriptor = openSync(this.#path, 'r');
      if (kept < KEEP_AT_MOST) {
        this.#descriptor = descriptor;
        kept++;
        return readInto(descriptor, whole);
      }
      try {
        return readInto(descriptor, whole);
      } finally {
        closeSync(descriptor);
      }
    } catch (thrown) {
      const code = systemCode(thrown);
      return code === 'EACCES' || code === 'EPERM' ? DENIED : GONE;
    }
  }

  close(): void {
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    this.#descriptor = null;
    kept--;
  }
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
    const code = systemCode(thrown);
    return code === 'EACCES' || code === 'EPERM' ? DENIED : GONE;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
