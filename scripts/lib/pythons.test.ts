import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneOfEachBuild, pythonPaths, pythonsAt, type Python } from './pythons.ts';

let folder = '';
const at = (...parts: string[]): string => join(folder, ...parts);

/** A program that answers like a Python of this build. */
function python(path: string, answer: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${answer}'\n`);
  chmodSync(path, 0o755);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-pythons-'));
  python(at('pyenv', 'versions', '3.13.0', 'bin', 'python'), '3.13 3.13.0 1');
  python(at('fetched', 'bin', 'python3.15'), '3.15 3.15.0b1 0');
  python(at('usr', 'bin', 'python3'), '3.11 3.11.2 0');
  python(at('usr', 'bin', 'python3.11'), '3.11 3.11.2 0');
  python(at('usr', 'bin', 'python3-config'), '');
  python(at('pyenv', 'shims', 'python3'), '3.13 3.13.0 1');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('the Pythons of a machine', () => {
  const paths = (): string[] =>
    pythonPaths({ PYENV_ROOT: at('pyenv'), PATH: [at('pyenv', 'shims'), at('nowhere'), at('usr', 'bin')].join(delimiter) }, at('fetched'));

  test('given pyenv, fetched ones and one of the system, then each is found by its path, no shim and no other program', () => {
    expect(paths().toSorted()).toEqual(
      [
        at('fetched', 'bin', 'python3.15'),
        at('pyenv', 'versions', '3.13.0', 'bin', 'python'),
        at('usr', 'bin', 'python3'),
        at('usr', 'bin', 'python3.11'),
      ].toSorted(),
    );
  });

  test('given two names of one build, then it counts once', () => {
    const facts = ({ version, build, shipsTests }: Python): unknown[] => [version, build, shipsTests];
    expect(oneOfEachBuild(pythonsAt(paths())).map(facts)).toEqual([
      ['3.13', '3.13.0', true],
      ['3.15', '3.15.0b1', false],
      ['3.11', '3.11.2', false],
    ]);
  });

  test('given what is no Python, then it is left out', () => {
    expect(pythonsAt([at('usr', 'bin', 'python3-config'), at('nowhere')])).toEqual([]);
  });
});
