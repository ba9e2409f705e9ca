import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeLaunch, planLaunch } from './launch-plan.ts';
import { interpreterAt, spec, tempFolder, writeProgram } from './testing/programs.ts';

const interpreter = interpreterAt('/py/bin/python3');
const none = { interpreter, agent: null, env: { HOME: '/home/ada', PATH: '/usr/bin' } };

describe('a plan that cannot be made', () => {
  test('without an interpreter', () => {
    expect(() => planLaunch(spec({ mode: 'script', target: 'a.py' }), { ...none, interpreter: null })).toThrow('interpreter.none');
  });
  test('for a command that is not on PATH', () => {
    expect(() => planLaunch(spec({ mode: 'command', target: 'no-such-program --x' }), none)).toThrow(
      'launch.command-missing {"command":"no-such-program"}',
    );
  });
  test('for a command that may not be run', () => {
    const folder = tempFolder();
    writeProgram(folder, 'tool', 'text', 0o644);
    expect(() => planLaunch(spec({ mode: 'command', target: './tool', cwd: folder }), none)).toThrow('launch.command-missing');
  });
});

describe('a plan', () => {
  test.each([
    [{ mode: 'script', target: 'a b.py', args: ['--n', '3'] }, ['a b.py', '--n', '3']],
    [{ mode: 'script', target: '-x.py' }, ['./-x.py']],
    [{ mode: 'module', target: 'http.server', args: ['80'] }, ['-m', 'http.server', '80']],
    [{ mode: 'code', target: 'print(1)\nprint(2)', args: ['z'] }, ['-c', 'print(1)\nprint(2)', 'z']],
  ] as const)('of %j', (changes, args) => {
    const plan = planLaunch(spec({ ...changes, args: 'args' in changes ? [...changes.args] : [] }), none);
    expect(plan).toMatchObject({ file: '/py/bin/python3', args });
  });

  test('starts in the home where no folder was given', () => {
    expect(planLaunch(spec({ cwd: '' }), none).cwd).toBe('/home/ada');
  });

  test('brings the agent in front of what PYTHONPATH holds, and adds no empty entry', () => {
    const agent = { bootstrap: '/agent/boot', link: 'v=1 port=9' };
    expect(planLaunch(spec({ env: { PYTHONPATH: '/mine' } }), { ...none, agent }).env).toMatchObject({
      PYTHONPATH: '/agent/boot:/mine',
      HEAPSCOPE_LINK: 'v=1 port=9',
    });
    expect(planLaunch(spec({}), { ...none, agent, env: { PYTHONPATH: '' } }).env['PYTHONPATH']).toBe('/agent/boot');
  });

  test('passes on that the C core is to be left alone, which the program may be told otherwise', () => {
    const agent = { bootstrap: '/agent/boot', link: 'v=1 port=9' };
    const env = { HEAPSCOPE_NO_CORE: '1', HEAPSCOPE_LOG: '1' };
    expect(planLaunch(spec({}), { ...none, agent, env }).env).toMatchObject({ HEAPSCOPE_NO_CORE: '1' });
    expect(planLaunch(spec({ env: { HEAPSCOPE_NO_CORE: '0' } }), { ...none, agent, env }).env['HEAPSCOPE_NO_CORE']).toBe('0');
    expect(Object.keys(planLaunch(spec({}), { ...none, agent, env: {} }).env)).not.toContain('HEAPSCOPE_NO_CORE');
  });

  test('takes variables away, and lets the user choose TERM', () => {
    const env = { A: '1', B: '2', PATH: '/usr/bin', TERM: 'vt100' };
    expect(planLaunch(spec({ env: { A: null, C: '3' } }), { ...none, env }).env).toEqual({
      B: '2',
      C: '3',
      PATH: '/usr/bin',
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
    });
    expect(planLaunch(spec({ env: { TERM: 'dumb' } }), { ...none, env }).env['TERM']).toBe('dumb');
    expect(planLaunch(spec({}), { ...none, env, terminal: 'pipes' }).env['TERM']).toBe('vt100');
    expect(planLaunch(spec({}), { ...none, env, terminal: 'users-pty' }).env).toEqual(env);
    expect(planLaunch(spec({}), { ...none, env }).env['PYTHONUNBUFFERED']).toBeUndefined();
  });

  test('finds a command in the folder of the interpreter first, as if its environment were active', () => {
    const folder = tempFolder();
    const tool = writeProgram(folder, 'pytest', '#!/bin/sh\n');
    const venv = interpreterAt(path.join(folder, 'python'), '/venvs/a');
    const plan = planLaunch(spec({ mode: 'command', target: 'pytest -k "a b"' }), { ...none, interpreter: venv });
    expect(plan).toMatchObject({ file: tool, args: ['-k', 'a b'], env: { PATH: `${folder}:/usr/bin`, VIRTUAL_ENV: '/venvs/a' } });
  });

  test('finds a command by a relative path and on a PATH of the specification', () => {
    const folder = tempFolder();
    const tool = writeProgram(folder, 'tool', '#!/bin/sh\n');
    expect(planLaunch(spec({ mode: 'command', target: './tool', cwd: folder }), { ...none, interpreter: null }).file).toBe(tool);
    expect(planLaunch(spec({ mode: 'command', target: 'tool', env: { PATH: folder } }), { ...none, interpreter: null }).file).toBe(tool);
  });
});

describe('the one line that says what runs', () => {
  test.each([
    [{ mode: 'script', target: '/p/app/leak.py', cwd: '/p', args: ['--n', '3 4'] }, "app/leak.py --n '3 4'"],
    [{ mode: 'script', target: '/q/leak.py', cwd: '/p' }, '/q/leak.py'],
    [{ mode: 'module', target: 'http.server', args: ['80'] }, '-m http.server 80'],
    [{ mode: 'code', target: '\nimport x\nx.run()\n' }, '-c import x x.run()'],
    [{ mode: 'command', target: '  pytest   -k "a b" ' }, 'pytest -k "a b"'],
  ] as const)('of %j is %j', (changes, line) => {
    expect(describeLaunch(spec({ ...changes, args: 'args' in changes ? [...changes.args] : [] }))).toBe(line);
  });
  test('is cut', () => {
    expect(describeLaunch(spec({ mode: 'code', target: 'x'.repeat(999) }))).toHaveLength(200);
  });
});
