import { posix } from 'node:path';
import type { Rules, SourceFile, Violation } from './room-check.ts';

/**
 * Checks what READMEs claim about the repository: every room that is a folder is named in the README of its parent folder, and the root
 * README requires the same Node as `package.json`. `files` are all of the repository, READMEs and `package.json` with their text.
 */
export function checkReadmes(files: readonly SourceFile[], rules: Pick<Rules, 'rooms'>): Violation[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)));
  const rooms = rules.rooms.map(({ at }) => at).filter((at) => folders.has(at));
  return [...rooms.flatMap((at) => checkNamed(at, texts)), ...checkNode(texts)];
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

function checkNamed(at: string, texts: ReadonlyMap<string, string>): Violation[] {
  const readme = posix.join(posix.dirname(at), 'README.md');
  const name = posix.basename(at);
  const named = new RegExp(`\`${name}/?\``).test(texts.get(readme) ?? '');
  return named ? [] : [`${readme} does not name \`${name}\`: say what the room is for`];
}

function checkNode(texts: ReadonlyMap<string, string>): Violation[] {
  const wanted = /"node": ">=([\d.]+)"/.exec(texts.get('package.json') ?? '')?.[1];
  const told = /\bNode ([\d.]*\d)/.exec(texts.get('README.md') ?? '')?.[1];
  return wanted !== undefined && wanted === told
    ? []
    : [`README.md asks for Node ${told ?? '(none)'}, package.json for ${wanted ?? '(none)'}`];
}
