/** A folder and a name in it, split at a separator of the engine's machine. */
export function joinPath(folder: string, name: string, separator: string): string {
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

/** Splits at the last separator; `folder` keeps it. */
export function splitPath(path: string, separator: string): { folder: string; name: string } {
  const at = path.lastIndexOf(separator) + 1;
  return { folder: path.slice(0, at), name: path.slice(at) };
}

/**
 * Completes a typed path for Tab: the common beginning of all matching entries; a single folder gets its separator. null: nothing to add,
 * so Tab moves to the next field.
 */
export function completePath(
  typed: string,
  entries: readonly { name: string; path: string; kind: 'folder' | 'file' }[],
  separator: string,
): string | null {
  const fitting = entries.filter((entry) => entry.path.toLowerCase().startsWith(typed.toLowerCase()));
  const first = fitting[0];
  if (first === undefined || typed === '') return null;
  if (fitting.length === 1) {
    const whole = first.kind === 'folder' ? first.path + separator : first.path;
    return whole === typed ? null : whole;
  }
  let shared = first.path;
  for (const { path } of fitting) while (!path.startsWith(shared)) shared = shared.slice(0, -1);
  return shared.length > typed.length ? shared : null;
}

/** Whether a typed text names a place of its own, wherever it is typed: from the root, from the home folder, or on Windows from a drive. */
export const isWholePath = (text: string): boolean => /^([\\/~]|[a-z]:)/i.test(text);

/** A project's name, with its ending. */
export const withProjectEnding = (path: string): string => (/\.heapscope$/i.test(path) ? path : `${path}.heapscope`);
