import type { ProjectId } from '../../src-preload/contract/index.ts';
import { parseHash, toHash } from './selection-link.ts';
import type { Selection, SelectionHistory } from './selection.ts';

/** A history as text, for a reload of the page: the index, then a line for each entry's link. */
export function writeHistory({ entries, index }: SelectionHistory, pathOf: (project: ProjectId) => string | null): string {
  const links = entries.map((entry) => toHash(entry, entry.project === null ? null : pathOf(entry.project)));
  return [index, ...links].join('\n');
}

/** Reads what `writeHistory` wrote. Entries of projects that are no longer open are left out; null: nothing is left. */
export function readHistory(text: string, projectAt: (path: string) => ProjectId | null): SelectionHistory | null {
  const [first = '', ...links] = text.split('\n');
  const read = links.map((link) => entryOf(link, projectAt));
  const entries = read.filter((entry) => entry !== null);
  const before = read.slice(0, Number(first)).filter((entry) => entry !== null).length;
  return entries.length === 0 ? null : { entries, index: Math.min(before, entries.length - 1) };
}

function entryOf(link: string, projectAt: (path: string) => ProjectId | null): Selection | null {
  const path = parseHash(link)?.path ?? null;
  const project = path === null ? null : projectAt(path);
  const read = parseHash(link, project ?? '');
  if (read === null || (project === null && (path !== null || read.session !== null))) return null;
  const { path: _, ...rest } = read;
  return { ...rest, project };
}
