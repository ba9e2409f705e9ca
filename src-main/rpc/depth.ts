/** Arrays and maps within each other: a filter may have 40 conditions in each other (`contract/filter.ts`), each of two or three levels. */
export const MOST_LEVELS = 128;

/**
 * Whether a value lies at most so deep, found level by level: schemas and what answers a call walk it by recursion. Through Electron's
 * bridge values come as they are, so that one may hold itself.
 */
export function isWithinDepth(value: unknown, limit: number): boolean {
  let level = nestsOf([value]);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === limit) return false;
    level = nestsOf(level.flatMap((nest) => Object.values(nest) as unknown[]));
  }
  return true;
}

function nestsOf(values: readonly unknown[]): object[] {
  return [...new Set(values)].filter((value) => typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) as object[];
}
