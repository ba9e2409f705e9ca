/** Why a line cannot be split into words. */
export type WordFault = 'quote' | 'escape';

export type Words = { ok: true; words: string[] } | { ok: false; fault: WordFault };

const UNQUOTED_SAFE = /^[\w@%+=:,./-]+$/;

/**
 * Splits a line into words by the POSIX shell's rules of quoting, without expansion: single quotes keep everything, double
 * quotes let a backslash escape `"`, `\`, `$` and a backquote, a backslash outside quotes keeps the next character. An escaped end of
 * line is as if it were not there.
 */
export function splitWords(line: string): Words {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const c = line.charAt(at);
    if (c === "'" || c === '"') {
      const quoted = readQuoted(line, at, c);
      if (quoted === null) return { ok: false, fault: 'quote' };
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (c === '\\') {
      at += 1;
      if (at >= line.length) return { ok: false, fault: 'escape' };
      if (line.charAt(at) !== '\n') word = (word ?? '') + line.charAt(at);
    } else if (/\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + c;
  }
  if (word !== null) words.push(word);
  return { ok: true, words };
}

function readQuoted(line: string, start: number, quote: string): { text: string; end: number } | null {
  let text = '';
  for (let at = start + 1; at < line.length; at += 1) {
    const c = line.charAt(at);
    if (c === quote) return { text, end: at };
    const escapes = quote === '"' && c === '\\' && '"\\$`\n'.includes(line.charAt(at + 1) || ' ');
    if (escapes) at += 1;
    if (!escapes || line.charAt(at) !== '\n') text += line.charAt(at);
  }
  return null;
}

/** The line that `splitWords` splits into exactly these words. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => (UNQUOTED_SAFE.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
