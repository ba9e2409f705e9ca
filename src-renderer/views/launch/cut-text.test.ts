import { expect, test } from 'vitest';
import { cutText } from './cut-text.ts';

test.each([
  ['', { shown: '', left: 0 }],
  ['short', { shown: 'short', left: 0 }],
  ['ten or less', { shown: 'ten or les', left: 1 }],
  ['a\nb\nc', { shown: 'a\nb', left: 2 }],
  ['\n\n\nx', { shown: '\n', left: 3 }],
  ['a\nb', { shown: 'a\nb', left: 0 }],
  ['123456789🐍', { shown: '123456789', left: 2 }],
])('given %j, when cut to ten characters and two lines, then %j', (text, cut) => expect(cutText(text, 10, 2)).toEqual(cut));
