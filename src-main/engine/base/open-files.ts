import { readFileSync } from 'node:fs';

/** Where the system does not say: what it gives at least. */
const USUAL_LEAST = 1024;
const MORE_THAN_ANYBODY_NEEDS = 1 << 20;

let known: number | null = null;

/** How many descriptors this process may have open. Node has raised it as far as it may by itself. */
export function openFilesAtMost(): number {
  known ??= limitIn(limits());
  return known;
}

/** Of the text of `/proc/self/limits`: the limit that holds, the first of two. */
export function limitIn(text: string): number {
  const limit = /^Max open files +(\S+)/m.exec(text)?.[1];
  if (limit === undefined) return USUAL_LEAST;
  return limit === 'unlimited' ? MORE_THAN_ANYBODY_NEEDS : Number(limit);
}

function limits(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return '';
  }
}
