import { expect, test } from 'vitest';
import { visible } from './visible.ts';

test.each([
  ['app.py --port 80', 'app.py --port 80'],
  ['caf\u00e9 \u6587\u4ef6.py', 'caf\u00e9 \u6587\u4ef6.py'],
  ['a\u202eyp.b', 'a‹U+202E›yp.b'],
  ['a\u2066b\u2069', 'a‹U+2066›b‹U+2069›'],
  ['zero\u200bwidth', 'zero‹U+200B›width'],
  ['bell\u0007\u001b[2J', 'bell‹U+0007›‹U+001B›[2J'],
  ['two\nlines\tand', 'two\nlines‹U+0009›and'],
  ['tag\u{e0041}', 'tag‹U+E0041›'],
])('%j is read as %j', (text, read) => {
  expect(visible(text)).toBe(read);
});
