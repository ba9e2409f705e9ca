import { hostname } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isScriptName, type AppInfo, type LaunchSpec } from '../../src-preload/contract/index.ts';

export type StartRequest = AppInfo['start'];

export const NOTHING_ASKED: StartRequest = { open: [], record: null };

/** Arguments of a start and their origin: typed by a user, or passed by the desktop for a file that was clicked or dropped. */
export interface StartWords {
  words: readonly string[];
  from: 'command-line' | 'desktop';
}

export interface StartSurroundings {
  cwd: string;
  /** Whether a path is a file, or a folder with a main program. */
  isRunnable: (path: string) => boolean;
  /** Whether a file runs directly, without Python. */
  isProgram: (path: string) => boolean;
  /** Whether a path is a project, by name or by content. */
  isDocument: (path: string) => boolean;
  /** An argument, quoted as in a shell. */
  quote: (word: string) => string;
}

/**
 * What a start asks for: projects to open, or a program to record: `app.py arg`, `-m package arg`, or any other command line, such as
 * `/usr/bin/python3 app.py` or `./run.sh`. Only typed arguments start a program, and never if they name a document. What the desktop passes
 * is always treated as a document, whatever its name, and is refused if it is none.
 */
export function startRequest(
  { words, from }: StartWords,
  { cwd, isRunnable, isProgram, isDocument, quote }: StartSurroundings,
): StartRequest {
  const [first, ...args] = words;
  if (first === undefined) return NOTHING_ASKED;
  const path = pathOf(first, cwd);
  if (from === 'desktop' || isFileUrl(first) || isDocument(path)) return { open: words.map((word) => pathOf(word, cwd)), record: null };
  if (first === '-m' && args[0] !== undefined) return recorded({ mode: 'module', target: args[0], args: args.slice(1), cwd });
  if (isScriptName(first) || (isRunnable(path) && !isProgram(path))) return recorded({ mode: 'script', target: path, args, cwd });
  return recorded({ mode: 'command', target: words.map(quote).join(' '), args: [], cwd });
}

/** The first interpreter found, ten samples a second, no tracing. */
function recorded(wanted: Pick<LaunchSpec, 'mode' | 'target' | 'args' | 'cwd'>): StartRequest {
  return { open: [], record: { ...wanted, interpreter: '', env: {}, intervalMs: 100, tracemallocFrames: 0, sampling: 0 } };
}

const isFileUrl = (word: string): boolean => /^file:/i.test(word);

/** Linux desktops pass `file://` addresses (`%U` in a desktop entry); others, and shells, pass paths. */
function pathOf(word: string, cwd: string): string {
  const path = isFileUrl(word) ? fromFileUrl(word) : word;
  return isAbsolute(path) ? path : resolve(cwd, path);
}

/** An address that names no file of this machine is kept, so that the error names it. */
function fromFileUrl(word: string): string {
  try {
    const url = new URL(word);
    if (url.hostname === hostname().toLowerCase()) url.hostname = '';
    return fileURLToPath(url);
  } catch {
    return word;
  }
}
