import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LaunchSpec } from '../../../src-preload/contract/index.ts';
import { checkLaunch, chooseInterpreter } from './launch-check.ts';
import { python, spec, tempFolder, writeProgram } from './testing/programs.ts';

async function problemsOf(changes: Partial<LaunchSpec>, env: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const problems = await checkLaunch(spec({ interpreter: python(), ...changes }), { env, home: '/' });
  return problems.map((each) => `${each.field}: ${each.error.code}`);
}

describe('a specification with a fault', () => {
  test.each([
    [{ mode: 'script', target: 'no-such.py' }, 'target: launch.script-missing'],
    [{ mode: 'script', target: '' }, 'target: launch.script-missing'],
    [{ mode: 'script', target: '/tmp' }, 'target: launch.script-missing'],
    [{ mode: 'module', target: '' }, 'target: launch.command-empty'],
    [{ mode: 'module', target: 'my-module.x' }, 'target: launch.command-malformed'],
    [{ mode: 'module', target: 'a..b' }, 'target: launch.command-malformed'],
    [{ mode: 'code', target: ' \n' }, 'target: launch.command-empty'],
    [{ mode: 'code', target: 'a\0b' }, 'target: launch.command-malformed'],
    [{ mode: 'command', target: '' }, 'target: launch.command-empty'],
    [{ mode: 'command', target: 'sh -c "x' }, 'target: launch.command-malformed'],
    [{ mode: 'command', target: 'no-such-program' }, 'target: launch.command-missing'],
    [{ cwd: '/no/such/folder' }, 'cwd: launch.directory-missing'],
    [{ cwd: '/etc/hostname' }, 'cwd: launch.directory-missing'],
    [{ env: { 'A=B': '1' } }, 'env: launch.environment-malformed'],
    [{ env: { '': '1' } }, 'env: launch.environment-malformed'],
    [{ env: { A: '\0' } }, 'env: launch.environment-malformed'],
    [{ args: ['a\0b'] }, 'args: launch.command-malformed'],
    [{ intervalMs: 9 }, 'interval: call.invalid'],
    [{ intervalMs: 60001 }, 'interval: call.invalid'],
    [{ intervalMs: Number.NaN }, 'interval: call.invalid'],
    [{ interpreter: '/no/python' }, 'interpreter: interpreter.missing'],
    [{ interpreter: '/bin/ls' }, 'interpreter: interpreter.not-python'],
  ] as [Partial<LaunchSpec>, string][])('%j has %s', async (changes, problem) => {
    expect(await problemsOf(changes)).toEqual([problem]);
  });

  test('says of a script what kind of fault it is', async () => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'my app.py'), '');
    const detailOf = async (target: string): Promise<unknown> => {
      const [first] = await checkLaunch(spec({ mode: 'script', interpreter: python(), target, cwd: folder }), {
        env: process.env,
        home: '/',
      });
      return first?.error.facts.detail;
    };
    expect(await detailOf('.')).toBe('folder');
    expect(await detailOf('my app.py --fast 3')).toBe('arguments');
    expect(await detailOf('my other app.py')).toBeUndefined();
  });

  test('tells all of them', async () => {
    expect(await problemsOf({ mode: 'script', target: 'x.py', cwd: '/no', env: { '': '' }, intervalMs: 1 })).toHaveLength(4);
  });

  test('an interpreter that is too old', async () => {
    const old = writeProgram(
      tempFolder(),
      'py',
      `#!${python()}\nimport sys\nexec(sys.argv[-1].replace('sys.version_info[:3]', '(3, 8, 1)'))\n`,
    );
    expect(await problemsOf({ interpreter: old })).toEqual(['interpreter: interpreter.unsupported']);
  });
});

describe('a specification without fault', () => {
  test('a script, a folder with a main program, a module, some code, a command', async () => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'a.py'), '');
    mkdirSync(path.join(folder, 'app'));
    writeFileSync(path.join(folder, 'app', '__main__.py'), '');
    expect(await problemsOf({ mode: 'script', target: 'a.py', cwd: folder })).toEqual([]);
    expect(await problemsOf({ mode: 'script', target: 'app', cwd: folder })).toEqual([]);
    expect(await problemsOf({ mode: 'module', target: 'http.server' })).toEqual([]);
    expect(await problemsOf({ mode: 'module', target: '模块.子' })).toEqual([]);
    expect(await problemsOf({ mode: 'command', target: 'sh -c "exit 3"', interpreter: '' })).toEqual([]);
  });

  test('without an interpreter takes the first that was found; a command needs none', async () => {
    const options = { env: process.env, home: tempFolder() };
    expect(await chooseInterpreter(spec({ mode: 'code', interpreter: '' }), options)).toMatchObject({ support: 'full' });
    expect(await chooseInterpreter(spec({ mode: 'command', interpreter: '' }), options)).toBeNull();
  });
});
