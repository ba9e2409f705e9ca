import { readFileSync } from 'node:fs';

/** Used where the system does not report its limit: the smallest usual one. */
const USUAL_LEAST = 1024;
const MORE_THAN_ANYBODY_NEEDS = 1 << 20;

let known: number | null = null;

/** How many descriptors this process may open. Node has already raised the limit as far as it can. */
export function openFilesAtMost(): number {
  known ??= limitIn(limits());
  return known;
}

/** From the text of `/proc/self/limits`: the soft limit, the first of two. */
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
