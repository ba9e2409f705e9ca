import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { SourceLine, SourceText, UnixTime } from '../../../src-preload/contract/index.ts';

/** Larger files are not read. */
const LARGEST = 4 * 1024 * 1024;
/** Lines of one traceback. */
const MOST = 100;
const EXTENSIONS = new Set(['.py', '.pyw']);
const LONGEST = 300;
/** Opening a named pipe does not wait for its writer. */
const READ_ONLY_NOW = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const SCOPE = /^(\s*)(?:async\s+def|def|class)\s+(\w+)/;

const none = (missing: SourceText['missing']): SourceText => ({ text: '', scope: '', missing });

/**
 * The texts of lines, and the functions that they are in, from the program's files as they were when it started: one that was written to
 * since then may have other lines there. `cwd`: of the program.
 */
export async function readLines(lines: readonly SourceLine[], o: { cwd: string; startedAt: UnixTime }): Promise<SourceText[]> {
  const files = new Map<string, Promise<string[] | SourceText>>();
  return Promise.all(
    lines.slice(0, MOST).map(async ({ file, line }) => {
      const path = resolve(o.cwd, file);
      const reading = files.get(path) ?? readSource(path, o.startedAt);
      files.set(path, reading);
      const found = await reading;
      return Array.isArray(found) ? lineIn(found, line) : found;
    }),
  );
}

/** Only a regular file of Python code: opening anything else can have effects, or never return. */
async function readSource(path: string, startedAt: UnixTime): Promise<string[] | SourceText> {
  if (!EXTENSIONS.has(extname(path).toLowerCase())) return none('absent');
  const file = await open(path, READ_ONLY_NOW).catch(() => null);
  if (file === null) return none('absent');
  try {
    const facts = await file.stat();
    if (!facts.isFile() || facts.size > LARGEST) return none('absent');
    if (facts.mtimeMs > startedAt) return none('changed');
    return (await file.readFile('utf8')).split(/\r\n|\r|\n/);
  } catch {
    return none('absent');
  } finally {
    await file.close();
  }
}

function lineIn(lines: readonly string[], line: number): SourceText {
  const text = lines[line - 1];
  if (text === undefined) return none('changed');
  return { text: text.trim().slice(0, LONGEST), scope: scopeOf(lines, line - 1), missing: null };
}

/** The names of the functions and classes around a line, by their indentation: `Session.load`. */
function scopeOf(lines: readonly string[], at: number): string {
  const names: string[] = [];
  let indent = indentOf(lines[at]!);
  for (let i = at - 1; i >= 0 && indent > 0; i--) {
    const [, space, name] = SCOPE.exec(lines[i]!) ?? [];
    if (space === undefined || name === undefined || indentOf(space) >= indent) continue;
    names.unshift(name);
    indent = indentOf(space);
  }
  return names.join('.');
}

/** In columns, a tab up to the next eighth, as Python counts. */
function indentOf(line: string): number {
  let column = 0;
  for (const letter of line) {
    if (letter === '\t') column += 8 - (column % 8);
    else if (letter === ' ') column++;
    else break;
  }
  return column;
}
