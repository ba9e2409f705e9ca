import { describe, expect, test } from 'vitest';
import { HeapscopeError } from '../base/errors.ts';
import { quoteWord, splitCommandLine } from './command-line.ts';

function fault(command: string): unknown {
  try {
    splitCommandLine(command, 'linux');
  } catch (thrown) {
    if (thrown instanceof HeapscopeError) return thrown.code === 'launch.command-empty' ? thrown.code : thrown.facts['detail'];
  }
  return null;
}

describe('a command line that cannot be split', () => {
  test.each([
    ['', 'launch.command-empty'],
    ['   \t\n', 'launch.command-empty'],
    ["''", 'launch.command-empty'],
    ["pytest -k 'a", 'unclosed-single-quote'],
    ['pytest -k "a', 'unclosed-double-quote'],
    ['pytest "a\\"', 'unclosed-double-quote'],
    ['pytest a\\', 'trailing-backslash'],
    ['pytest | tee log', 'shell-operator'],
    ['a && b', 'shell-operator'],
    ['a; b', 'shell-operator'],
    ['python x.py > out', 'shell-operator'],
    ['echo `date`', 'shell-operator'],
    ['echo "`date`"', 'shell-operator'],
    ['echo $HOME', 'shell-variable'],
    ['echo "${HOME}/x"', 'shell-variable'],
    ['echo $(date)', 'shell-variable'],
  ])('%j is refused: %s', (command, expected) => {
    expect(fault(command)).toBe(expected);
  });

  test('says where', () => {
    expect(() => splitCommandLine("ab 'c", 'linux')).toThrow(
      expect.objectContaining({ facts: { command: "ab 'c", detail: 'unclosed-single-quote', at: 3 } }),
    );
  });
});

describe('a command line', () => {
  test.each([
    ['gunicorn app:app', ['gunicorn', 'app:app']],
    ['  pytest\t-x \n -q ', ['pytest', '-x', '-q']],
    [`pytest -k 'a and not b'`, ['pytest', '-k', 'a and not b']],
    [`python "my script.py" it\\'s`, ['python', 'my script.py', "it's"]],
    [`a "b\\"c\\\\d\\n"`, ['a', 'b"c\\d\\n']],
    [`a ""  ''`, ['a', '', '']],
    [`a pre"mid dle"post'x y'`, ['a', 'premid dlepostx y']],
    ['python x.py \\\n  --fast \\\n', ['python', 'x.py', '--fast']],
    ['a b\\\nc "d\\\ne"', ['a', 'bc', 'de']],
    ['a b\\ c', ['a', 'b c']],
    [`a '$HOME | x' "5 $" cost$`, ['a', '$HOME | x', '5 $', 'cost$']],
    ['a "http://x?a=1&b=2"', ['a', 'http://x?a=1&b=2']],
    ['a # b', ['a', '#', 'b']],
    ['a test_x[1-(2)]', ['a', 'test_x[1-(2)]']],
    ['跑 "中 文"', ['跑', '中 文']],
  ])('%j', (command, expected) => {
    expect(splitCommandLine(command, 'linux')).toEqual(expected);
  });

  test('keeps backslashes outside quotes on Windows', () => {
    expect(splitCommandLine('C:\\py\\python.exe x.py', 'win32')).toEqual(['C:\\py\\python.exe', 'x.py']);
    expect(splitCommandLine('cd C:\\\ndir', 'win32')).toEqual(['cd', 'C:\\', 'dir']);
  });

  test('is shown with quotes only where it needs them', () => {
    expect(['', 'plain', '--k=v,1:2/x.y', 'a b', "it's"].map(quoteWord)).toEqual(["''", 'plain', '--k=v,1:2/x.y', "'a b'", `'it'\\''s'`]);
  });

  test.each(['', 'plain', 'a b', "it's", '$HOME', 'a"b', '\\', 'x|y', '中文', '--k=v,1:2'])('a quoted word %j comes back whole', (word) => {
    expect(splitCommandLine(`x ${quoteWord(word)}`, 'linux')).toEqual(['x', word]);
  });
});
