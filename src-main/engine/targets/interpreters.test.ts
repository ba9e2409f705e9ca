import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { HeapscopeError } from '../base/errors.ts';
import { checkInterpreter, findInterpreters } from './interpreters.ts';
import { python, tempFolder, writeProgram } from './testing/programs.ts';

async function failureOf(file: string): Promise<{ code: string; facts: HeapscopeError['facts'] }> {
  try {
    await checkInterpreter(file);
  } catch (thrown) {
    if (thrown instanceof HeapscopeError) return { code: thrown.code, facts: thrown.facts };
    throw thrown;
  }
  throw new Error('was taken for an interpreter');
}

/** A virtual environment as `python -m venv --without-pip` lays it out. */
function makeVenv(folder: string, base = python()): string {
  mkdirSync(path.join(folder, 'bin'), { recursive: true });
  writeFileSync(
    path.join(folder, 'pyvenv.cfg'),
    `home = ${path.dirname(existsSync(base) ? realpathSync(base) : base)}\ninclude-system-site-packages = false\n`,
  );
  symlinkSync(base, path.join(folder, 'bin', 'python'));
  symlinkSync('python', path.join(folder, 'bin', 'python3'));
  return path.join(folder, 'bin', 'python');
}

describe('what is not an interpreter', () => {
  test('nothing there', async () => {
    expect(await failureOf('/no/such/python')).toEqual({ code: 'interpreter.missing', facts: { path: '/no/such/python' } });
    expect((await failureOf('')).code).toBe('interpreter.missing');
  });

  test('a folder', async () => {
    expect(await failureOf(tempFolder())).toMatchObject({ code: 'interpreter.not-python', facts: { detail: 'directory' } });
  });

  test('a text file', async () => {
    const file = writeProgram(tempFolder(), 'python3', 'just text', 0o644);
    expect(await failureOf(file)).toMatchObject({ code: 'interpreter.not-python', facts: { detail: 'not-executable' } });
  });

  test('a shell script, with exit status 0 or another', async () => {
    const folder = tempFolder();
    expect((await failureOf(writeProgram(folder, 'a', '#!/bin/sh\necho Python 3.12.1\n'))).code).toBe('interpreter.not-python');
    expect((await failureOf(writeProgram(folder, 'python3', '#!/bin/sh\necho broken >&2\nexit 3\n'))).facts['detail']).toBe('broken');
  });

  test('what says our own question back', async () => {
    const file = writeProgram(tempFolder(), 'python3', '#!/bin/sh\necho "$4" >&2\necho "no such option" >&2\nexit 2\n');
    expect((await failureOf(file)).facts['detail']).toBe('no such option');
  });

  test('another program', async () => {
    expect((await failureOf('/bin/ls')).code).toBe('interpreter.not-python');
  });

  test('a script whose own interpreter is missing', async () => {
    expect((await failureOf(writeProgram(tempFolder(), 'python3', '#!/no/such/sh\n'))).code).toBe('interpreter.missing');
  });
});

describe('an interpreter that crashes', () => {
  test('by a signal', async () => {
    const file = writeProgram(tempFolder(), 'python3', '#!/bin/sh\nkill -SEGV $$\n');
    expect(await failureOf(file)).toMatchObject({ code: 'interpreter.crashed', facts: { signal: 'SIGSEGV', exitCode: null } });
  });

  test('because its file is cut short, in the list as broken', async () => {
    const home = tempFolder();
    const bin = path.join(home, '.pyenv', 'versions', '3.12.0', 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, 'python'), readFileSync('/bin/true').subarray(0, 3000), { mode: 0o755 });
    const found = await findInterpreters({ cwd: home, env: { PATH: '' }, home });
    expect(found.find((each) => each.path.startsWith(home))).toMatchObject({ support: 'broken', source: 'pyenv', version: null });
  });

  test('because the Python it was made from is gone, in the list as broken', async () => {
    const home = tempFolder();
    const file = makeVenv(path.join(home, '.venv'), '/no/longer/there/python3');
    const [first] = await findInterpreters({ cwd: home, env: { PATH: '' }, home });
    expect(first).toMatchObject({ path: file, support: 'broken', version: null });
  });
});

test('one that prints at its start, and a json.py in the working directory, do not mislead', async () => {
  const folder = tempFolder();
  writeFileSync(path.join(folder, 'json.py'), 'raise SystemExit("mine")');
  const noisy = writeProgram(folder, 'noisy', `#!/bin/sh\necho '[1, 2]'\nexec ${python()} "$@"\n`);
  expect(await checkInterpreter(noisy, { cwd: folder })).toMatchObject({ path: python(), implementation: 'cpython', source: 'named' });
});

test('an old one is returned and said to be old', async () => {
  const old = writeProgram(
    tempFolder(),
    'python2',
    `#!${python()}\nimport sys\nif sys.argv[1] == '-I':\n  sys.exit('Unknown option: -I')\n` +
      `code = sys.argv[-1].replace('sys.version_info[:3]', '(2, 7, 18)')\nexec(code)\n`,
  );
  expect(await checkInterpreter(old)).toMatchObject({ version: '2.7.18', support: 'too-old' });
});

test.each([
  ['3, 8, 1', 'too-old'],
  ['3, 9, 0', 'full'],
  ['3, 15, 9', 'full'],
  ['3, 16, 0', 'too-new'],
])('version %s is %s', async (version, support) => {
  const stand = writeProgram(
    tempFolder(),
    'py',
    `#!${python()}\nimport sys\nexec(sys.argv[-1].replace('sys.version_info[:3]', '(${version})'))\n`,
  );
  expect((await checkInterpreter(stand)).support).toBe(support);
});

test('a name is looked for on PATH, a folder is taken as an environment', async () => {
  const folder = tempFolder();
  makeVenv(folder);
  expect(await checkInterpreter('python3', { env: { PATH: path.join(folder, 'bin') } })).toMatchObject({ environment: folder });
  expect(await checkInterpreter(folder)).toMatchObject({ path: path.join(folder, 'bin', 'python'), environment: folder });
});

describe('the list', () => {
  test('begins with the active environment, then the project and its parents, then PATH; each once', async () => {
    const home = tempFolder();
    const project = path.join(home, 'work', 'project');
    mkdirSync(path.join(project, 'src'), { recursive: true });
    mkdirSync(path.join(project, 'env'));
    const active = makeVenv(path.join(home, 'active'));
    const inner = makeVenv(path.join(project, '.venv'));
    const outer = makeVenv(path.join(home, 'work', 'venv'));
    const bin = path.join(home, 'bin');
    mkdirSync(bin);
    symlinkSync(python(), path.join(bin, 'python3'));
    symlinkSync('python3', path.join(bin, 'python'));
    const env = { VIRTUAL_ENV: path.join(home, 'active'), PATH: `${path.join(home, 'active', 'bin')}:${bin}:${bin}` };

    const found = await findInterpreters({ cwd: path.join(project, 'src'), env, home });

    expect(found.slice(0, 4).map(({ path: file, source }) => [file, source])).toEqual([
      [active, 'active-venv'],
      [inner, 'venv'],
      [outer, 'venv'],
      [path.join(bin, 'python3'), 'path'],
    ]);
    const rest = found.slice(4).map((each) => realpathSync(each.path));
    expect(new Set(rest).size).toBe(rest.length);
    expect(rest).not.toContain(realpathSync(python()));
  });

  test('shows a shim as what it runs', async () => {
    const home = tempFolder();
    mkdirSync(path.join(home, 'shims'));
    writeProgram(path.join(home, 'shims'), 'python3', `#!/bin/sh\nexec ${python()} "$@"\n`);
    const [first] = await findInterpreters({ cwd: home, env: { PATH: path.join(home, 'shims') }, home });
    expect(first).toMatchObject({ path: python(), source: 'path' });
  });

  test('knows environments of pyenv and conda', async () => {
    const home = tempFolder();
    const pyenv = makeVenv(path.join(home, '.pyenv', 'versions', 'tools'));
    const conda = makeVenv(path.join(home, 'elsewhere', 'science'));
    const named = makeVenv(path.join(home, 'miniforge3', 'envs', 'named'));
    mkdirSync(path.join(home, '.conda'));
    writeFileSync(path.join(home, '.conda', 'environments.txt'), `${path.join(home, 'elsewhere', 'science')}\n/gone\n`);
    const found = await findInterpreters({ cwd: home, env: { PATH: '' }, home });
    const sources = Object.fromEntries(found.map((each) => [each.path, each.source]));
    expect(sources).toMatchObject({ [pyenv]: 'pyenv', [conda]: 'conda', [named]: 'conda' });
  });

  test('can be given up', async () => {
    const home = tempFolder();
    writeProgram(home, 'python3', '#!/bin/sh\nexec /bin/sleep 30\n');
    const abort = new AbortController();
    const list = findInterpreters({ cwd: home, env: { PATH: home }, home, signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    await expect(list).rejects.toMatchObject({ name: 'AbortError' });
  });
});
