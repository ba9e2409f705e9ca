import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Bytes, Milliseconds } from '../../../src-preload/contract/index.ts';
import { readColumnFile, writeColumnFile, type WholeHeap } from '../heap/column-file.ts';
import type { StoredColumn } from './face.ts';

/** Nodes. Smaller heaps are decoded in about a tenth of a second. */
const WORTH_A_FILE = 500_000;

const MOST_BYTES = 4 * 1024 ** 3;
/** Of what the disk has free. */
const MOST_OF_DISK = 0.1;
const UNUSED: Milliseconds = 7 * 24 * 3600 * 1000;
/** After this long nobody writes it any more. */
const ABANDONED: Milliseconds = 3600 * 1000;
const ENDING = '.heap';

interface Kept {
  path: string;
  bytes: Bytes;
  /** When it was last used. */
  at: number;
}

/**
 * Decoded heaps in a folder of the user's: opening one again takes a fraction of the time. A file is named by a digest of the stored pieces, so
 * it is of just that content, whatever a project file claims to be. The folder is bounded, and what was not used for a week is removed. Nothing
 * depends on it: what cannot be written or read is decoded again. In the worker; several Heapscopes may share the folder.
 */
export class HeapFiles {
  readonly #folder: string;
  readonly #most: Bytes;
  readonly #worth: number;

  constructor(folder: string, { most = MOST_BYTES, worth = WORTH_A_FILE }: { most?: Bytes | undefined; worth?: number | undefined } = {}) {
    this.#folder = folder;
    this.#most = most;
    this.#worth = worth;
    this.#tidy();
  }

  /** Whether a heap of so many nodes is kept. */
  keeps(nodes: number): boolean {
    return nodes >= this.#worth;
  }

  /** null: there is none, or it is damaged; that one is removed. */
  load(name: string): WholeHeap | null {
    const path = this.#path(name);
    let file;
    try {
      file = openSync(path, 'r');
    } catch {
      return null;
    }
    try {
      const heap = readColumnFile(fstatSync(file).size, (into) => readAll(file, into));
      markUsed(path);
      return heap;
    } catch (thrown) {
      if (thrown instanceof RangeError) throw thrown; // No memory: decoding would find none either.
      remove(path);
      return null;
    } finally {
      closeSync(file);
    }
  }

  /** Whether it is there now. */
  save(name: string, heap: WholeHeap): boolean {
    const path = this.#path(name);
    const part = `${path}.${randomBytes(4).toString('hex')}`;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const parts = writeColumnFile(heap);
      if (!this.#makeRoom(parts.reduce((sum, { length }) => sum + length, 0))) return false;
      writeParts(part, parts);
      renameSync(part, path);
      return true;
    } catch {
      remove(part);
      return false;
    }
  }

  /** What was not used for long goes, also where nothing new is kept. */
  #tidy(): void {
    try {
      for (const kept of this.#list()) if (isAbandoned(kept)) remove(kept.path);
    } catch {
      // There is no folder yet.
    }
  }

  #path(name: string): string {
    return join(this.#folder, `${name}${ENDING}`);
  }

  /** Removes what was used least recently until this much fits. */
  #makeRoom(bytes: Bytes): boolean {
    const kept = this.#list();
    let used = kept.reduce((sum, each) => sum + each.bytes, 0);
    const { bavail, bsize } = statfsSync(this.#folder);
    const most = Math.min(this.#most, used + (bavail * bsize - used) * MOST_OF_DISK);
    if (bytes > most) return false;
    for (const each of kept.toSorted((a, b) => a.at - b.at)) {
      if (!isAbandoned(each) && used + bytes <= most) continue;
      remove(each.path);
      used -= each.bytes;
    }
    return true;
  }

  #list(): Kept[] {
    return readdirSync(this.#folder).flatMap((name) => {
      const path = join(this.#folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats?.isFile() ? [{ path, bytes: stats.size, at: stats.mtimeMs }] : [];
    });
  }
}

/** Another Heapscope may have removed it, or the folder. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It cannot be removed: it will be tried again when room is made.
  }
}

/** What was never finished is recognized by its ending. */
function isAbandoned({ path, at }: Kept): boolean {
  return Date.now() - at > (path.endsWith(ENDING) ? UNUSED : ABANDONED);
}

function markUsed(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // The folder became read-only: it only counts as unused.
  }
}

function readAll(file: number, into: Uint8Array): void {
  for (let at = 0; at < into.length;) {
    const count = readSync(file, into, at, into.length - at, null);
    if (count === 0) throw new Error('the file ends early');
    at += count;
  }
}

function writeParts(path: string, parts: readonly Uint8Array[]): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    for (const part of parts) for (let at = 0; at < part.length;) at += writeSync(file, part, at, part.length - at);
  } finally {
    closeSync(file);
  }
}

/** Names stored content, in whatever order its pieces come. */
export class ContentDigest {
  readonly #pieces: string[] = [];

  add({ name, chunk, data }: StoredColumn): void {
    this.#pieces.push(`${name} ${chunk} ${createHash('sha256').update(data).digest('hex')}`);
  }

  get name(): string {
    return createHash('sha256').update(this.#pieces.toSorted().join('\n')).digest('hex');
  }
}
