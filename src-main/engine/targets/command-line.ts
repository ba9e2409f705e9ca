import { HeapscopeError } from '../base/errors.ts';

/** Why a command line cannot be split, as the `detail` fact of `launch.command-malformed`. */
export type CommandFault = 'unclosed-single-quote' | 'unclosed-double-quote' | 'trailing-backslash' | 'shell-operator' | 'shell-variable';

/** Characters with a special meaning in a shell. No shell is started, so they would silently become arguments. */
const OPERATORS = '|&;<>`';
const VARIABLE = /^\$[A-Za-z_{(0-9?#@*!$-]/;

/**
 * Splits a command line into words by the quoting rules of POSIX shells, without starting a shell.
 * `python "my script.py" --name it\'s` → ["python", "my script.py", "--name", "it's"].
 * Input that needs a shell (a pipe, a redirection, a variable) is refused rather than passed on as text.
 * On Windows a backslash outside quotes is a path separator, not an escape.
 * @throws launch.command-empty, launch.command-malformed { command, detail: CommandFault, at }
 */
export function splitCommandLine(command: string, platform: NodeJS.Platform = process.platform): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < command.length) {
    const char = command[at]!;
    if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      at++;
      continue;
    }
    // An escaped end of line is as if it were not there: between words it is no word.
    if (platform !== 'win32' && command.startsWith('\\\n', at)) {
      at += 2;
      continue;
    }
    const piece: Piece = readPiece(command, at, platform);
    word = (word ?? '') + piece.text;
    at = piece.next;
  }
  if (word !== null) words.push(word);
  if (words.length === 0 || words[0] === '') throw new HeapscopeError('launch.command-empty');
  return words;
}

interface Piece {
  text: string;
  next: number;
}

function readPiece(command: string, at: number, platform: NodeJS.Platform): Piece {
  const char = command[at]!;
  if (char === "'") return readSingleQuoted(command, at);
  if (char === '"') return readDoubleQuoted(command, at);
  if (char === '\\' && platform !== 'win32') return readEscaped(command, at);
  if (OPERATORS.includes(char)) throw malformed(command, 'shell-operator', at);
  if (char === '$' && VARIABLE.test(command.slice(at, at + 2))) throw malformed(command, 'shell-variable', at);
  return { text: char, next: at + 1 };
}

function readEscaped(command: string, at: number): Piece {
  if (at + 1 >= command.length) throw malformed(command, 'trailing-backslash', at);
  return { text: command[at + 1]!, next: at + 2 };
}

function readSingleQuoted(command: string, at: number): Piece {
  const end = command.indexOf("'", at + 1);
  if (end === -1) throw malformed(command, 'unclosed-single-quote', at);
  return { text: command.slice(at + 1, end), next: end + 1 };
}

function readDoubleQuoted(command: string, start: number): Piece {
  let text = '';
  let at = start + 1;
  while (at < command.length) {
    const char = command[at]!;
    if (char === '"') return { text, next: at + 1 };
    if (char === '\\' && '$`"\\\n'.includes(command[at + 1] ?? ' ')) {
      if (command[at + 1] !== '\n') text += command[at + 1];
      at += 2;
      continue;
    }
    if (char === '`') throw malformed(command, 'shell-operator', at);
    if (char === '$' && VARIABLE.test(command.slice(at, at + 2))) throw malformed(command, 'shell-variable', at);
    text += char;
    at++;
  }
  throw malformed(command, 'unclosed-double-quote', start);
}

function malformed(command: string, detail: CommandFault, at: number): HeapscopeError {
  return new HeapscopeError('launch.command-malformed', { command, detail, at });
}

/** A word as the user would have to type it; the inverse of `splitCommandLine` for one word. */
export function quoteWord(word: string): string {
  if (word !== '' && /^[\w@%+=:,./~^-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
