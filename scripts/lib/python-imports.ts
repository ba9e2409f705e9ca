import { posix } from 'node:path';

/** One import of a Python file. */
export interface PythonImport {
  /** As it is written, on one line. */
  text: string;
  line: number;
  /** Files that it may load, if they exist: a name may be a module of the package or something defined in it. */
  files: string[];
  /**
   * Executed when the module itself is loaded: not in a function (which imports when it is called, and so is part of no circle), and not
   * under `TYPE_CHECKING` (never executed).
   */
  atLoad: boolean;
}

const NAMES = String.raw`\([^)]*\)|(?:\\\r?\n|[^\n#;])+`;
const STATEMENT = new RegExp(
  String.raw`^([ \t]*)(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(${NAMES})|import[ \t]+((?:\\\r?\n|[^\n#;])+))`,
  'gm',
);
const CALL = /\b(?:import_module|__import__)\s*\(\s*["']([.\w]+)["'][^)]*\)/g;

/** Every import of a file, in source order. */
export function pythonImports(path: string, text: string): PythonImport[] {
  const statements = [...text.matchAll(STATEMENT)].map((found) => {
    const [whole, indent = '', from, names = '', modules = ''] = found;
    const files = from === undefined ? namesOf(modules).flatMap((module) => filesOf(absolute(path, module))) : filesFrom(path, from, names);
    return { ...placed(text, found.index + indent.length, whole), files, atLoad: isMadeAtLoad(text, found.index, indent.length) };
  });
  const calls = [...text.matchAll(CALL)].map((found) => ({
    ...placed(text, found.index, found[0]),
    files: filesOf(absolute(path, found[1] ?? '')),
    atLoad: false,
  }));
  return [...statements, ...calls].sort((a, b) => a.line - b.line);
}

function placed(text: string, at: number, whole: string): { text: string; line: number } {
  return { text: whole.replace(/\s+/g, ' ').trim(), line: text.slice(0, at).split('\n').length };
}

function filesFrom(path: string, from: string, names: string): string[] {
  const base = from.startsWith('.') ? relative(path, from) : absolute(path, from);
  // The package itself is loaded in either case, but importing a sibling by name does not need the content of the package's own file.
  const inside = namesOf(names).flatMap((name) => filesOf(posix.join(base, name)));
  return /^\.+$/.test(from) ? inside : [...filesOf(base), ...inside];
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

/** Not inside of a `def`, a method or a TYPE_CHECKING block. */
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
