import { extname, isAbsolute, resolve } from 'node:path';
import type { AppInfo, LaunchSpec } from '../../src-preload/contract/index.ts';

export type StartRequest = AppInfo['start'];

export const NOTHING_ASKED: StartRequest = { open: null, record: null };

export interface StartSurroundings {
  cwd: string;
  /** Whether a path is a file. */
  isFile: (path: string) => boolean;
  /** A word as it would be typed in a command line. */
  quote: (word: string) => string;
}

/**
 * What the words after `heapscope open` (or those of a second start, or of a double-clicked file) ask for: a project to
 * open, or a program to record: `app.py arg`, `-m package arg`, or any other command line.
 */
export function startRequest(words: readonly string[], { cwd, isFile, quote }: StartSurroundings): StartRequest {
  const [first, ...args] = words;
  if (first === undefined) return NOTHING_ASKED;
  const path = isAbsolute(first) ? first : resolve(cwd, first);
  if (extname(first) === '.heapscope') return { open: path, record: null };
  if (first === '-m' && args[0] !== undefined) return recorded({ mode: 'module', target: args[0], args: args.slice(1), cwd });
  if (['.py', '.pyw'].includes(extname(first)) || isFile(path)) return recorded({ mode: 'script', target: path, args, cwd });
  return recorded({ mode: 'command', target: words.map(quote).join(' '), args: [], cwd });
}

/** The first interpreter found, ten samples a second, no tracing. */
function recorded(wanted: Pick<LaunchSpec, 'mode' | 'target' | 'args' | 'cwd'>): StartRequest {
  return { open: null, record: { ...wanted, interpreter: '', env: {}, intervalMs: 100, tracemallocFrames: 0 } };
}
