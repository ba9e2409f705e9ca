/** Arrays and maps within each other: a filter may nest 40 conditions (`contract/filter.ts`), each two or three levels deep. */
export const MOST_LEVELS = 128;

/**
 * Whether a value is nested at most this deep, checked level by level, since schemas and handlers walk it by recursion. Electron's bridge
 * passes values as they are, so that a value may contain itself.
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
