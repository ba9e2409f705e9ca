import { expect, test } from 'vitest';
import { plainLines } from './plain-lines.ts';

test.each([
  ['', []],
  ['\r\n \r\n', []],
  ['one\r\ntwo', ['one', 'two']],
  ['  indented  \n', ['  indented']],
  ['\x1b[31;1mred\x1b[0m and \x1b]8;;https://x.example\x1b\\a link\x1b]8;;\x07\n', ['red and a link']],
  ['10 %\r20 %\r\nbell\x07', ['20 %', 'bell']],
  ['\x1b(B\x1b=kept\x1b', ['kept']],
])('the plain lines of %j', (output, lines) => expect(plainLines(output)).toEqual(lines));
