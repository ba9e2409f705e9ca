import { expect, test } from 'vitest';
import { readSecondStart, wordsOf } from './argv.ts';

test.each([
  [['/usr/bin/heapscope'], true, []],
  [['/usr/bin/heapscope', '--no-sandbox', '/p/a.heapscope'], true, ['/p/a.heapscope']],
  [['Heapscope', '-psn_0_1', 'a.py'], true, ['a.py']],
  [['electron', '/app', '--', 'a.py', '--fast', '--', 'x'], false, ['a.py', '--fast', '--', 'x']],
  [['electron', '/app', '--inspect=0', 'a.py'], false, ['a.py']],
  [['electron', '/app', '--', '-m', 'http.server'], false, ['-m', 'http.server']],
])('given %j (packaged: %s), when read, then the user typed %j', (argv, packaged, words) => {
  expect(wordsOf(argv, packaged)).toEqual(words);
});

test.each([null, undefined, 'x', {}, { words: 'a', cwd: '/' }, { words: [1], cwd: '/' }, { words: [], cwd: 1 }])(
  'given %j from a second start, when read, then it is nothing',
  (data) => {
    expect(readSecondStart(data)).toBeNull();
  },
);

test('given words and a folder from a second start, when read, then they are those', () => {
  expect(readSecondStart({ words: ['a.py'], cwd: '/w', more: 1 })).toEqual({ words: ['a.py'], cwd: '/w' });
});
