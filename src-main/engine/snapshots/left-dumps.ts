import {
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '../../../src-preload/contract/index.ts';

/** Stored beside a dump: the row and project it is for, by the row's key. */
const NOTE = '.owner';
/** DUMP.md: the footer is the last block, a header of 16 bytes and a body of 32. */
const FOOTER = 48;
const LOOK_EVERY: Milliseconds = 500;
/** A forked copy that nothing watches any more may still be writing; without a new byte for this long, it is not. */
const STILL_WRITING: Milliseconds = 60_000;
/** A copy writes its first bytes at once; an empty file that is older never had one. */
const STILL_EMPTY: Milliseconds = 10_000;
/** How long it is kept for a project that is not opened again, or no longer exists. */
const KEPT_FOR: Milliseconds = 7 * 24 * 3600_000;

export const noteOf = (dump: string): string => dump + NOTE;

export function writeNote(dump: string, key: string): void {
  writeFileSync(noteOf(dump), key, { mode: 0o600 });
}

/** Whether a folder left behind by a Heapscope contains dumps that may still be needed. */
export function isWanted(folder: string): boolean {
  return Date.now() - statSync(folder).mtimeMs < KEPT_FOR && notesIn(folder).length > 0;
}

/** Dumps below a folder by the keys of their rows. */
export function dumpsByKey(folder: string): Map<string, string> {
  return new Map(notesIn(folder).map((note) => [readFileSync(note, 'latin1'), note.slice(0, -NOTE.length)]));
}

function notesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true }).map(String);
  return names.filter((name) => /^[\w-]+[/\\]\d+-\d+\.heapdump\.owner$/.test(name)).map((name) => join(folder, name));
}

/** Settles when the dump is complete (true), or nothing writes it any more, or it was removed. Throws what the signal aborts with. */
export async function untilWhole(dump: string, signal?: AbortSignal): Promise<boolean> {
  let existed = false;
  for (;;) {
    const exists = existsSync(dump);
    const state = existed && !exists ? 'cut' : stateOf(dump);
    existed ||= exists;
    if (state !== 'growing') return state === 'whole';
    await sleep(LOOK_EVERY, undefined, { ref: false, signal });
  }
}

function stateOf(dump: string): 'whole' | 'growing' | 'cut' {
  // Not created yet: counted from its request.
  const made = lstatSync(dump, { throwIfNoEntry: false });
  const touched = made ?? lstatSync(noteOf(dump), { throwIfNoEntry: false });
  if (touched === undefined || !touched.isFile()) return 'cut';
  if (made !== undefined && hasFooter(dump)) return 'whole';
  return Date.now() - touched.mtimeMs < (made?.size === 0 ? STILL_EMPTY : STILL_WRITING) ? 'growing' : 'cut';
}

function hasFooter(dump: string): boolean {
  const file = openSync(dump, 'r');
  try {
    const { size } = fstatSync(file);
    const tag = Buffer.alloc(4);
    return size > FOOTER && readSync(file, tag, 0, 4, size - FOOTER) === 4 && tag.toString('latin1') === 'END!';
  } finally {
    closeSync(file);
  }
}
