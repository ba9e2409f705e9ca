import { expect, it } from 'vitest';
import { TerminalNewlines } from './terminal-newlines.ts';

/** The output for the pieces of one stream. */
function shown(...pieces: string[]): string {
  const newlines = new TerminalNewlines();
  return pieces.map((piece) => Buffer.from(newlines.convert(Buffer.from(piece, 'latin1'))).toString('latin1')).join('');
}

it.each([
  ['a return and feed that the program wrote itself', ['a\r\nb'], 'a\r\nb'],
  ['one that was cut between two pieces', ['a\r', '\nb'], 'a\r\nb'],
  ['one whose return was the last byte of many', ['abc\r', '', '\nb'], 'abc\r\nb'],
  ['bytes that are no text', ['\xff\x00\xfe'], '\xff\x00\xfe'],
  ['nothing', ['', ''], ''],
])('%s stays as it is', (_name, pieces, expected) => {
  expect(shown(...pieces)).toBe(expected);
});

it('a bare line feed gets its return, at the start of a piece and after another too', () => {
  expect(shown('a\nb', '\n\nc\n')).toBe('a\r\nb\r\n\r\nc\r\n');
  expect(shown('a\rbc', '\n')).toBe('a\rbc\r\n');
  expect(shown('a\r\nb\nc')).toBe('a\r\nb\r\nc');
});
