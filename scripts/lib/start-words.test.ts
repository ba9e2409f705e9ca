import { expect, test } from 'vitest';
import { splitStartWords } from './start-words.ts';

test.each([
  [[], [], []],
  [['--browser'], ['--browser'], []],
  [
    ['--port', '8123', 'a.py', '--port', '9'],
    ['--port', '8123'],
    ['a.py', '--port', '9'],
  ],
  [['--port=8123', '--', '-m', 'x'], ['--port=8123'], ['-m', 'x']],
  [['-m', 'x', '--browser'], [], ['-m', 'x', '--browser']],
])('given %j, when split, then %j are ours and %j is the target', (words, options, target) => {
  expect(splitStartWords(words)).toEqual({ options, target });
});
