import { dirname, join } from 'node:path';

/** The repository. */
export const root = dirname(dirname(import.meta.dirname));

/** A file or folder of the repository. */
export function inRoot(...parts: string[]): string {
  return join(root, ...parts);
}
