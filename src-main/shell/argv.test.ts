import { expect, test } from 'vitest';
import { isForked, readSecondStart, wordsOf } from './argv.ts';

test.each([
  [['/usr/bin/heapscope'], true, []],
  [['/usr/bin/heapscope', '--no-sandbox', '/p/a.heapscope'], true, ['/p/a.heapscope']],
  [
    ['/usr/bin/heapscope', 'file:///p/a%20b.heapscope', 'file:///p/c.heapscope'],
    true,
    ['file:///p/a%20b.heapscope', 'file:///p/c.heapscope'],
  ],
  [['C:\\Heapscope.exe', 'C:\\Users\\me\\a.heapscope'], true, ['C:\\Users\\me\\a.heapscope']],
  [['Heapscope', '-psn_0_1', 'a.py'], true, ['a.py']],
  [['electron', '/app', '--inspect=0', 'a.py'], false, ['a.py']],
])('given %j (packaged: %s), when read, then the desktop hands over %j', (argv, packaged, words) => {
  expect(wordsOf(argv, packaged)).toEqual({ words, from: 'desktop' });
});

test.each([
  [['electron', '/app', '--', 'a.py', '--fast', '--', 'x'], false, ['a.py', '--fast', '--', 'x']],
  [['electron', '/app', '--', '-m', 'http.server'], false, ['-m', 'http.server']],
  [['/usr/bin/heapscope', '--', 'a.py'], true, ['a.py']],
])('given %j (packaged: %s), when read, then the user typed %j', (argv, packaged, words) => {
  expect(wordsOf(argv, packaged)).toEqual({ words, from: 'command-line' });
});

test.each([
  null,
  undefined,
  'x',
  {},
  { words: 'a', from: 'desktop', cwd: '/' },
  { words: [1], from: 'desktop', cwd: '/' },
  { words: [], from: 'desktop', cwd: 1 },
  { words: ['a.py'], cwd: '/' },
  { words: ['a.py'], from: 'nowhere', cwd: '/' },
])('given %j from a second start, when read, then it is nothing', (data) => {
  expect(readSecondStart(data)).toBeNull();
});

test('given words and a folder from a second start, when read, then they are those', () => {
  const second = { words: ['a.py'], from: 'command-line', cwd: '/w' };
  expect(readSecondStart({ ...second, more: 1 })).toEqual(second);
});

test.each([
  [['H.exe', 'C:\\r\\node_modules\\node-pty\\lib\\conpty_console_list_agent', '4711'], {}, true],
  [['H.exe', '/r/node-pty/lib/conpty_console_list_agent.js', '4711'], {}, true],
  [['H.exe', 'anything.js'], { NODE_CHANNEL_FD: '3' }, true],
  [['H.exe', 'C:\\a.heapscope'], {}, false],
  [['H.exe'], { ELECTRON_RUN_AS_NODE: '1' }, false],
])('given %j with %j, when asked whether it was forked, then %s', (argv, env, forked) => {
  expect(isForked(argv, env)).toBe(forked);
});
