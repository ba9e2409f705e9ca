import { describe, expect, test } from 'vitest';
import { joinWords, splitWords } from './posix-words.ts';

describe('what cannot be read', () => {
  test.each([`it's`, `"open`, `'open`])('an open quote: %s', (line) => expect(splitWords(line)).toEqual({ ok: false, fault: 'quote' }));
  test('a backslash at the end', () => expect(splitWords('a \\')).toEqual({ ok: false, fault: 'escape' }));
});

test.each([
  ['', []],
  ['  a   b ', ['a', 'b']],
  [`-k 'slow and not net'`, ['-k', 'slow and not net']],
  [`"a \\"b\\" \\$c \\d"`, ['a "b" $c \\d']],
  [`a\\ b c`, ['a b', 'c']],
  [`''`, ['']],
  [`pre'mid'"post"`, ['premidpost']],
  ['$HOME `x` *', ['$HOME', '`x`', '*']],
  ['a\\\nb "c\\\nd" \\\n e', ['ab', 'cd', 'e']],
  ["'a\\\nb'", ['a\\\nb']],
])('splits %s', (line, words) => expect(splitWords(line)).toEqual({ ok: true, words }));

test.each([[[]], [['a b', '', `it's`, '"', '\\', '$x', 'ü', '-k', 'a\nb']]])('what is joined splits into the same words', (words) => {
  expect(splitWords(joinWords(words))).toEqual({ ok: true, words });
});
