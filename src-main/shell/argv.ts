/**
 * What the user typed, out of Electron's `process.argv`: after `--` where there is one, else after the executable (and,
 * outside a package, the app's folder), without switches that Chromium or macOS put there.
 */
export function wordsOf(argv: readonly string[], packaged: boolean): string[] {
  const end = argv.indexOf('--');
  if (end !== -1) return argv.slice(end + 1);
  const words = argv.slice(packaged ? 1 : 2);
  return words.filter((word) => !word.startsWith('--') && !word.startsWith('-psn_'));
}

/** What a second start tells the first. */
export interface SecondStart {
  words: string[];
  cwd: string;
}

/** It comes from another process of the user's: its shape is checked all the same. */
export function readSecondStart(data: unknown): SecondStart | null {
  if (typeof data !== 'object' || data === null || !('words' in data) || !('cwd' in data)) return null;
  const { words, cwd } = data;
  if (typeof cwd !== 'string' || !Array.isArray(words) || !words.every((word) => typeof word === 'string')) return null;
  return { words, cwd };
}
