import { posix } from 'node:path';
import type { SourceFile } from './room-check.ts';

/**
 * Files that a Python module may load as it is loaded itself: imports at the edge of a line, and those in `if` and `try` of the
 * module. An import in a function is made when it is called, so that it cannot be part of a circle; one under
 * `TYPE_CHECKING` is never made.
 */
export function pythonImportsAtLoad({ path, text }: SourceFile): string[] {
  const statement =
    /^([ \t]*)(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|(?:\\\r?\n|[^\n#;])+)|import[ \t]+((?:\\\r?\n|[^\n#;])+))/gm;
  return [...text.matchAll(statement)]
    .filter((found) => isMadeAtLoad(text, found.index, (found[1] ?? '').length))
    .flatMap(([, , from, names = '', modules = '']) => {
      if (from === undefined) return namesOf(modules).flatMap((module) => filesOf(absolute(path, module)));
      const base = from.startsWith('.') ? relative(path, from) : absolute(path, from);
      // A name may be a module of the package as well as something in it; the package itself is loaded either way, yet
      // a sibling that is imported by its name does not need what the package's own file holds.
      const inside = namesOf(names).flatMap((name) => filesOf(posix.join(base, name)));
      return /^\.+$/.test(from) ? inside : [...filesOf(base), ...inside];
    });
}

/** Names of an import list without brackets and `as`. */
const namesOf = (list: string): string[] =>
  list
    .replaceAll(/#[^\n]*/g, '')
    .replaceAll(/[()\\]/g, ' ')
    .split(',')
    .map((one) => one.trim().split(/\s+/)[0] ?? '')
    .filter((one) => one !== '');

const filesOf = (base: string): string[] => [`${base}.py`, `${base}/__init__.py`];

/** `.a.b` as a path: one dot is the file's own folder, each further one the folder above. */
function relative(path: string, from: string): string {
  const dots = /^\.+/.exec(from)?.[0].length ?? 0;
  return posix.join(posix.dirname(path), ...Array.from({ length: dots - 1 }, () => '..'), ...from.slice(dots).split('.'));
}

/** `heapscope_agent.x` from anywhere in the folder that holds the packages. */
function absolute(path: string, module: string): string {
  const root = path.split('/')[0] ?? '';
  return posix.join(root, ...module.split('.'));
}

/** No `def`, `class` method or TYPE_CHECKING block stands around it. */
function isMadeAtLoad(text: string, at: number, indent: number): boolean {
  let depth = indent;
  for (const line of text.slice(0, at).split('\n').reverse()) {
    if (depth === 0) return true;
    if (line.trim() === '') continue;
    const own = line.length - line.trimStart().length;
    if (own >= depth) continue;
    depth = own;
    if (/^\s*(async\s+def|def|lambda)\b|TYPE_CHECKING/.test(line)) return false;
  }
  return true;
}
