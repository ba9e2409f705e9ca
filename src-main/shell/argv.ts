import type { StartWords } from '../own-files/start-request.ts';

/**
 * The request in Electron's `process.argv`. Arguments after `--` were typed, as the command line passes them on. Without it they come from
 * the desktop, after the executable (and, outside a package, the app's folder), mixed with switches that Chromium or macOS add.
 */
export function wordsOf(argv: readonly string[], packaged: boolean): StartWords {
  const end = argv.indexOf('--');
  if (end !== -1) return { words: argv.slice(end + 1), from: 'command-line' };
  const words = argv.slice(packaged ? 1 : 2);
  return { words: words.filter((word) => !word.startsWith('--') && !word.startsWith('-psn_')), from: 'desktop' };
}

/** What a second start sends to the first. */
export interface SecondStart extends StartWords {
  cwd: string;
}

/** It comes from another process of the same user; its shape is checked nevertheless. */
export function readSecondStart(data: unknown): SecondStart | null {
  if (typeof data !== 'object' || data === null || !('words' in data) || !('cwd' in data) || !('from' in data)) return null;
  const { words, cwd, from } = data;
  if (from !== 'command-line' && from !== 'desktop') return null;
  if (typeof cwd !== 'string' || !Array.isArray(words) || !words.every((word) => typeof word === 'string')) return null;
  return { words, from, cwd };
}

/**
 * Whether this process was forked to run a module as Node would: a library's `child_process.fork` starts our own executable, and the
 * package's fuses (`runAsNode: false`) turn that into a start of the app. Such a start is ignored: node-pty's fork on Windows was taken for
 * a program to record.
 */
export function isForked(argv: readonly string[], env: NodeJS.ProcessEnv): boolean {
  return env.NODE_CHANNEL_FD !== undefined || argv.slice(1).some((word) => /(^|[\\/])conpty_console_list_agent(\.js)?$/.test(word));
}
