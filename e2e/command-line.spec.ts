import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchSpec } from '../src-preload/contract/index.ts';
import { heapscope, ownData, Running } from './helpers/command-line.ts';
import { connectEngine } from './helpers/engine.ts';
import { BINARY, HEADLESS, pythonPath, target } from './helpers/places.ts';
import { readProject } from './helpers/programs.ts';
import { expect, test } from './helpers/test.ts';

// Without a window. The same in every shell, so it runs once.
test.skip(process.env['HEAPSCOPE_E2E_SHELL'] === 'electron', 'the command line is the same with or without Electron');

const program = (name: string, ...args: string[]): string[] => ['--', pythonPath(), target(name), ...args];

test.describe('the command line refuses', () => {
  test('a command that does not exist, and leaves no file', async ({ folder }) => {
    const file = join(folder, 'out.heapscope');
    const ran = await heapscope(['record', '-o', file, '--', 'no-such-program-anywhere'], folder);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('no-such-program-anywhere was not found');
    expect(existsSync(file)).toBe(false);
  });

  test('an argument that would reach the program altered', async ({ folder }) => {
    test.skip(process.platform === 'win32', 'arguments are text there');
    const file = join(folder, 'a.heapscope');
    const line = `"$@" -o "${file}" -- echo "$(printf 'x\\377')"`;
    const done = spawnSync('sh', ['-c', line, 'sh', process.execPath, HEADLESS, 'record'], { env: ownData(folder), encoding: 'utf8' });
    expect([done.status, done.stdout]).toEqual([2, '']);
    expect(done.stderr).toContain('an argument is not UTF-8');
    expect(existsSync(file)).toBe(false);
  });

  test('a record without a program, with the way it is used', async ({ folder }) => {
    const ran = await heapscope(['record', '-o', join(folder, 'out.heapscope')], folder);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/missing required argument 'command'/);
  });

  test('info about a file that is no project, is missing, or is from a newer version', async ({ folder }) => {
    const text = join(folder, 'notes.heapscope');
    writeFileSync(text, 'dear diary\n'.repeat(1000));
    const notOurs = await heapscope(['info', text], folder);
    expect([notOurs.code, notOurs.stdout]).toEqual([2, '']);
    expect(notOurs.stderr).toContain('is not a Heapscope project');
    const missing = await heapscope(['info', join(folder, 'nowhere.heapscope')], folder);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('does not exist');
  });

  test('to record into a file that is no project, and leaves it as it is', async ({ folder }) => {
    const file = join(folder, 'precious.heapscope');
    writeFileSync(file, 'precious\n');
    const ran = await heapscope(['record', '-o', file, ...program('crash')], folder);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('is not a Heapscope project');
    expect(readFileSync(file, 'utf8')).toBe('precious\n');
  });

  test('a port in use', async ({ folder }) => {
    const env = ownData(folder);
    const first = new Running(['serve', '--port', '0', '--no-open'], env);
    const port = (await first.says(/127\.0\.0\.1:(\d+)/))[1] ?? '';
    const second = await heapscope(['serve', '--port', port, '--no-open'], folder);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`port ${port} is in use`);
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
  });
});

test.describe('heapscope record', () => {
  test("gives back the program's own output and exit status, and records it", async ({ folder }) => {
    const file = join(folder, 'leak.heapscope');
    const ran = await heapscope(
      ['record', '-o', file, '--interval', '20', ...program('leaky_service', '--requests', '12', '--mark-every', '5')],
      folder,
    );
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('request 12 served, 12 sessions held\nall served\n');
    expect(ran.stdout).not.toContain('heapscope:');
    const { sessions } = await readProject(file);
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).toMatchObject({ state: 'ended', exit: { code: 0, signal: null }, agent: true });
    expect(sessions[0]?.samples).toBeGreaterThan(20);
    expect(sessions[0]?.peakRss).toBeGreaterThan(5_000_000);
  });

  test('adds a session to a project that is there; a crash has the status of a shell', async ({ folder }) => {
    const file = join(folder, 'two.heapscope');
    expect((await heapscope(['record', '-q', '-o', file, ...program('leaky_service', '--requests', '3')], folder)).code).toBe(0);
    const crashed = await heapscope(['record', '-q', '-o', file, ...program('crash')], folder);
    expect(crashed.code).toBe(128 + 11);
    const { sessions } = await readProject(file);
    expect(sessions.map((row) => row.exit?.signal ?? null)).toEqual([null, 'SIGSEGV']);
  });

  test('a program that ends before the agent could connect', async ({ folder }) => {
    const file = join(folder, 'gone.heapscope');
    expect((await heapscope(['record', '-q', '-o', file, ...program('gone_at_once')], folder)).code).toBe(7);
    expect((await readProject(file)).sessions[0]).toMatchObject({ state: 'ended', exit: { code: 7 } });
  });

  test('children of a shell join by themselves; a program that is no Python is recorded too', async ({ folder }) => {
    const file = join(folder, 'shell.heapscope');
    const script = `"${pythonPath()}" "${target('leaky_service')}" --requests 3; exit 6`;
    expect((await heapscope(['record', '-q', '-o', file, '--', 'sh', '-c', script], folder)).code).toBe(6);
    expect((await readProject(file)).sessions[0]).toMatchObject({ exit: { code: 6 }, agent: true });
    expect((await heapscope(['record', '-q', '-o', file, '--', 'sleep', '0.5'], folder)).code).toBe(0);
    expect((await readProject(file)).sessions[1]).toMatchObject({ exit: { code: 0 }, agent: false });
  });

  test('an interrupt goes to the program, whose own status comes back', async ({ folder }) => {
    const file = join(folder, 'interrupted.heapscope');
    const running = new Running(['record', '-o', file, ...program('leaky_service')], ownData(folder));
    await running.says(/request 3 served/);
    running.child.kill('SIGINT');
    const ran = await running.ended;
    expect(ran.stdout).toMatch(/interrupted with \d+ sessions/);
    expect(ran.code).toBe(3);
    expect((await readProject(file)).sessions[0]).toMatchObject({ state: 'ended', exit: { code: 3 } });
  });

  test('a signal that opens Node’s debugger opens nothing, and harms nobody', async ({ folder }) => {
    test.skip(process.platform === 'win32', 'no such signal there');
    const file = join(folder, 'signalled.heapscope');
    const running = new Running(['record', '-q', '-o', file, ...program('leaky_service', '--requests', '10')], ownData(folder), BINARY);
    await running.says(/request 3 served/);
    running.child.kill('SIGUSR1');
    const ran = await running.ended;
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toContain('all served');
  });

  test('killed while it records: the file has what there was, marked as interrupted', async ({ folder }) => {
    const file = join(folder, 'cut.heapscope');
    const running = new Running(
      ['record', '-o', file, '--interval', '20', ...program('leaky_service', '--requests', '60')],
      ownData(folder),
    );
    await running.says(/request 40 served/);
    running.child.kill('SIGKILL');
    // The program runs to its end, and its output still arrives.
    expect((await running.ended).stdout).toContain('all served');
    const row = (await readProject(file)).sessions[0];
    expect(row?.state).toBe('interrupted');
    expect(row?.samples).toBeGreaterThan(100);
  });
});

test.describe('when nobody reads what is said', () => {
  test.skip(process.platform === 'win32', 'a POSIX shell redirects');

  /** Runs a shell command in which $hs is the command line. */
  const shell = (line: string, folder: string): string => {
    const env = ownData(folder);
    const hs = `"${process.execPath}" --disable-warning=ExperimentalWarning "${HEADLESS}"`;
    return execFileSync('bash', ['-c', line.replaceAll('$hs', hs)], { env, cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  };
  const seven = `-- "${pythonPath()}" -c 'raise SystemExit(7)'`;

  for (const [who, redirect] of [
    ['a full disk', '2>/dev/full'],
    ['a reader that has gone', '2> >(exec true)'],
  ] as const) {
    test(`record ends with the program's status, over ${who}`, async ({ folder }) => {
      test.skip(redirect.includes('full') && !existsSync('/dev/full'), 'Linux has such a device');
      expect(shell(`$hs record -o p.heapscope ${seven} ${redirect}; echo $?`, folder)).toBe('7\n');
      expect((await readProject(join(folder, 'p.heapscope'))).sessions[0]).toMatchObject({ state: 'ended', exit: { code: 7 } });
    });
  }

  test('info ends quietly as any command does', ({ folder }) => {
    shell(`$hs record -q -o p.heapscope ${seven} || true`, folder);
    expect(shell('$hs info p.heapscope 2>err | exec true; echo ${PIPESTATUS[0]}; cat err', folder)).toBe('141\n');
  });

  test('record closes its file when its terminal is closed, however busy that is', async ({ folder }) => {
    const code =
      'import time; open("started", "w").close(); [(print(i, flush=True), time.sleep(0.002)) for i in range(500)]; open("ended", "w")';
    const command = `$hs record -o p.heapscope -- "${pythonPath()}" -c '${code}'`;
    for (let i = 0; i < 3; i++) {
      shell('rm -f started ended p.heapscope', folder);
      expect(shell(`"${pythonPath()}" "${target('closes_terminal')}" started ${command}`, folder)).toBe(`ended with ${129 << 8}\n`);
      expect((await readProject(join(folder, 'p.heapscope'))).sessions[0]).toMatchObject({ state: 'stopped-recording' });
      await expect.poll(() => existsSync(join(folder, 'ended'))).toBe(true);
    }
  });

  test('the command ends with the same status when its terminal is closed, by every Node that is installed', ({ folder }) => {
    const nodes = shell('type -aP node || true', folder).split('\n').filter(Boolean);
    for (const node of new Set([process.execPath, ...nodes].map((path) => realpathSync(path)))) {
      shell('rm -f started p.heapscope', folder);
      const code = 'import time; open("started", "w").close(); time.sleep(1)';
      const command = `"${node}" "${BINARY}" record -o p.heapscope -- "${pythonPath()}" -c '${code}'`;
      expect(shell(`"${pythonPath()}" "${target('closes_terminal')}" started ${command}`, folder), node).toBe(`ended with ${129 << 8}\n`);
    }
  });
});

test.describe('heapscope serve', () => {
  test('killed while it records: the program goes on and ends as it would have', async ({ folder }) => {
    const env = ownData(folder);
    const running = new Running(['serve', '--port', '0', '--no-open'], env);
    const engine = await connectEngine((await running.says(/http:\S+/))[0]);
    const code = [
      'import sys, time',
      'line = input()',
      'for i in range(40): print("out", i, flush=True); time.sleep(0.05)',
      'open("ended", "w").write(line)',
    ].join('\n');
    const spec: LaunchSpec = {
      ...{ mode: 'code', interpreter: pythonPath(), target: code, args: [], cwd: folder, env: {} },
      ...{ intervalMs: 100, tracemallocFrames: 0, sampling: 0 },
    };
    const { project, session } = await engine.call('recording.start', { spec, confirmed: true, project: null, columns: 80, rows: 24 });
    await engine.call('console.write', { project: project.id, session, data: 'all the same\n' });
    await expect.poll(async () => (await engine.call('console.info', { project: project.id, session })).total).toBeGreaterThan(20);
    expect(existsSync(join(folder, 'ended'))).toBe(false);
    running.child.kill('SIGKILL');
    await running.ended;
    await expect.poll(() => existsSync(join(folder, 'ended')) && readFileSync(join(folder, 'ended'), 'utf8')).toBe('all the same');
  });
});

test('heapscope info prints a table for people', async ({ folder }) => {
  const file = join(folder, 'info.heapscope');
  await heapscope(['record', '-q', '-o', file, ...program('crash')], folder);
  const ran = await heapscope(['info', file], folder);
  expect(ran.code).toBe(0);
  expect(ran.stdout).toMatch(/1 session/);
  expect(ran.stdout).toMatch(/SIGSEGV/);
});
