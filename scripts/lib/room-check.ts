import { posix } from 'node:path';
import { isBuiltin } from 'node:module';
import { importsOf } from './imports.ts';
import type { Import } from './imports.ts';
import { pythonImports } from './python-imports.ts';

export interface Room {
  name: string;
  /** Folder or file, from the repository's root, with `/`. */
  at: string;
  /** Only the files directly in the folder. */
  flat?: boolean;
  /** Rooms it may import besides itself. */
  may: string[] | 'all';
  /** Imports no packages either. */
  alone?: boolean;
}

export interface Rules {
  rooms: Room[];
  sides: { at: string; may: string[]; noNode?: boolean }[];
  packages: { name: string; rooms: string[]; tests?: boolean }[];
  /** The agent's rooms, and files in them that fewer rooms may import than the rest. */
  python: { at: string; rooms: Room[]; files: { at: string; rooms: string[] }[] };
  /** The C core's rooms; includes are looked up beside the file, then from `at`. */
  c: { at: string; rooms: Room[] };
}

export interface SourceFile {
  /** From the repository's root, with `/`. */
  path: string;
  text: string;
}

/** One broken rule, ready to print: `file:line imports 'x': why not`. */
export type Violation = string;

const isTest = (path: string): boolean => /\.test\.ts$/.test(path);
const within = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Checks every file; files outside all sides (scripts, e2e) are skipped. */
export function checkRooms(files: readonly SourceFile[], rules: Rules): Violation[] {
  const there = new Set(files.map(({ path }) => path));
  return files.flatMap((file) => {
    if (file.path.endsWith('.py')) return checkPython(file, there, rules);
    return /\.[ch]$/.test(file.path) ? checkC(file, there, rules) : checkScript(file, rules);
  });
}

/** The room of a file or folder; the longest match wins. */
export function roomOf(path: string, rules: Pick<Rules, 'rooms'>): Room | null {
  const matches = rules.rooms.filter((room) => (room.flat ? posix.dirname(path) === room.at || path === room.at : within(path, room.at)));
  return matches.sort((a, b) => b.at.length - a.at.length)[0] ?? null;
}

function checkC({ path, text }: SourceFile, there: ReadonlySet<string>, { c }: Rules): Violation[] {
  if (!within(path, c.at)) return [];
  const room = roomOf(path, c);
  if (!room) return [`${path} stands in no room: add its folder to scripts/rooms.ts`];
  return text.split('\n').flatMap((line, at) => {
    const included = /^\s*#\s*include\s+"([^"]+)"/.exec(line)?.[1];
    if (included === undefined) return [];
    const beside = posix.join(posix.dirname(path), included);
    const target = roomOf(there.has(beside) ? beside : posix.join(c.at, included), c);
    if (target === null || target === room || room.may === 'all' || room.may.includes(target.name)) return [];
    return [
      `${path}:${at + 1} includes "${included}": room '${room.name}' may include ${room.may.join(', ') || 'no other'}, not '${target.name}'`,
    ];
  });
}

function checkScript(file: SourceFile, rules: Rules): Violation[] {
  const side = rules.sides.find((each) => within(file.path, each.at));
  if (!side) return [];
  const room = roomOf(file.path, rules);
  if (!room) return [`${file.path} stands in no room: add its folder to scripts/rooms.ts`];
  const check = (each: Import): Violation[] => {
    const why = reason(file.path, room, each.specifier, rules);
    return why ? [`${file.path}:${each.line} imports ${each.specifier === null ? 'a computed name' : `'${each.specifier}'`}: ${why}`] : [];
  };
  return importsOf(file.path, file.text).flatMap(check);
}

/** Why this import is not allowed; null: it is allowed. */
function reason(path: string, room: Room, specifier: string | null, rules: Rules): string | null {
  if (specifier === null) return 'a rule cannot be checked on it; name the module';
  if (specifier.startsWith('.')) return reasonInside(path, room, posix.join(posix.dirname(path), specifier), rules);
  if (/^(\/|@\/|~|src-)/.test(specifier)) return 'write it as a relative path, so that its room can be seen';
  return reasonPackage(path, room, specifier, rules);
}

function reasonInside(path: string, room: Room, target: string, rules: Rules): string | null {
  const side = rules.sides.find((each) => within(path, each.at));
  const bare = target.replace(/\?.*$/, '');
  if (side && !side.may.some((folder) => within(bare, folder))) return `${side.at} may import only from ${side.may.join(', ')}`;
  if (/\.(css|svg|png|json)$/.test(bare)) return null;
  const other = roomOf(bare, rules);
  if (!other) return `${bare} stands in no room: add its folder to scripts/rooms.ts`;
  if (other.name === room.name || room.may === 'all' || isTest(path)) return null;
  if (room.may.includes(other.name)) return null;
  return `room '${room.name}' may import ${room.may.join(', ') || 'nothing'}, not '${other.name}'`;
}

function reasonPackage(path: string, room: Room, specifier: string, rules: Rules): string | null {
  const test = isTest(path);
  const owned = rules.packages.find((each) => specifier === each.name || specifier.startsWith(`${each.name}/`));
  if (owned && !owned.rooms.includes(room.name) && !(test && owned.tests)) return `only ${owned.rooms.join(', ')} may import ${owned.name}`;
  if (test) return null;
  if (room.alone) return `room '${room.name}' imports no package`;
  const side = rules.sides.find((each) => within(path, each.at));
  return side?.noNode && isBuiltin(specifier) ? `${side.at} runs where Node's modules are not` : null;
}

/** Rooms of the agent: every import counts, wherever it is in the file. */
function checkPython(file: SourceFile, there: ReadonlySet<string>, rules: Rules): Violation[] {
  if (!within(file.path, rules.python.at)) return [];
  const room = roomOf(file.path, rules.python);
  if (!room) return [`${file.path} stands in no room: add its folder to scripts/rooms.ts`];
  const broken = (target: string): string | null => {
    const other = roomOf(target, rules.python);
    const owned = rules.python.files.find((each) => each.at === target);
    if (owned && !owned.rooms.includes(room.name)) return `only ${owned.rooms.join(', ')} may import ${owned.at}`;
    if (!other || other.name === room.name || room.may === 'all' || room.may.includes(other.name)) return null;
    return `room '${room.name}' may import ${room.may.join(', ') || 'nothing'}, not '${other.name}'`;
  };
  return pythonImports(file.path, file.text).flatMap(({ text, line, files }) => {
    const why = files
      .filter((target) => there.has(target))
      .map(broken)
      .find((each) => each !== null);
    return why === undefined ? [] : [`${file.path}:${line} has \`${text}\`: ${why}`];
  });
}
