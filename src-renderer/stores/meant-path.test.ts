import { expect, test } from 'vitest';
import { meantPath } from './meant-path.ts';

const posix = { home: '/home/a', separator: '/' } as const;
const windows = { home: 'C:\\Users\\a', separator: '\\' } as const;

test.each([
  ['', ''],
  ['/x/app.py', '/x/app.py'],
  ['  /x/app.py\n', '/x/app.py'],
  ['~', '/home/a'],
  ['~/app.py', '/home/a/app.py'],
  ['~other/app.py', '~other/app.py'],
  ['a~/app.py', 'a~/app.py'],
  ['"/x/my app.py"', '/x/my app.py'],
  ["'~/my app.py'", '/home/a/my app.py'],
  ['"/x/app.py', '"/x/app.py'],
  ['/x/my\\ app\\(1\\).py', '/x/my app(1).py'],
  ['/x/a\\b.py', '/x/a\\b.py'],
  ['file:///x/my%20app.py', '/x/my app.py'],
  ['file:///x/%zz', 'file:///x/%zz'],
])('%j means %j', (typed, path) => expect(meantPath(typed, posix)).toBe(path));

test.each([
  ['"C:\\my app\\a.py"', 'C:\\my app\\a.py'],
  ['~\\a.py', 'C:\\Users\\a\\a.py'],
  ['C:\\my\\ app.py', 'C:\\my\\ app.py'],
  ['file:///C:/a.py', 'C:/a.py'],
])('on Windows %j means %j', (typed, path) => expect(meantPath(typed, windows)).toBe(path));
