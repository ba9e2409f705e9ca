import { expect, test } from 'vitest';
import { startRequest } from './start-request.ts';

const surroundings = {
  cwd: '/home/me',
  isFile: (path: string) => path === '/home/me/run',
  quote: (word: string) => (word.includes(' ') ? `'${word}'` : word),
};

test.each([
  [[], null, null],
  [['old.heapscope'], '/home/me/old.heapscope', null],
  [['/x/a.py', '--fast'], null, { mode: 'script', target: '/x/a.py', args: ['--fast'] }],
  [['run', 'arg'], null, { mode: 'script', target: '/home/me/run', args: ['arg'] }],
  [['-m', 'http.server', '8000'], null, { mode: 'module', target: 'http.server', args: ['8000'] }],
  [['pytest', '-k', 'a b'], null, { mode: 'command', target: "pytest -k 'a b'", args: [] }],
])('given the words %j, when read, then they ask for that', (words, open, record) => {
  const request = startRequest(words, surroundings);
  expect(request.open).toBe(open);
  if (record === null) expect(request.record).toBeNull();
  else expect(request.record).toMatchObject({ ...record, cwd: '/home/me' });
});
