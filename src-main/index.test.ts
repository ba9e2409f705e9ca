/**
 * The desktop app from its first line, over a stand-in that follows `electron.d.ts`. Electron itself is not run here:
 * what the real one does otherwise, these tests do not see.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LaunchSpec, ProjectId, SessionId, ShellCommand } from '../src-preload/contract/index.ts';
import type { Machine } from './shell/testing/stand-in-app.ts';
import { StandInElectron } from './shell/testing/stand-in-electron.ts';

const root = resolve(import.meta.dirname, '..');
const argv = process.argv;
const soon = { timeout: 15_000 };
let folder = '';
let machine: Machine;
let running: StandInElectron[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-boot-'));
  machine = { first: null };
  running = [];
  vi.stubEnv('HEAPSCOPE_DATA', join(folder, 'data'));
  vi.stubEnv('HEAPSCOPE_LOG', '');
  vi.stubEnv('INIT_CWD', folder);
  Object.defineProperty(process, 'resourcesPath', { value: root, configurable: true });
});

afterEach(async () => {
  for (const electron of running) {
    electron.signal('SIGTERM');
    await vi.waitFor(() => expect(electron.app.exited).not.toBeNull(), soon);
    electron.dropSignalHandlers();
  }
  process.argv = argv;
  vi.unstubAllEnvs();
  vi.doUnmock('electron');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Runs the main script to its end; Electron is not ready yet. */
async function load(words: string[], packaged = true): Promise<StandInElectron> {
  const electron = new StandInElectron({ packaged, machine });
  running.push(electron);
  process.argv = packaged ? ['heapscope', ...words] : ['electron', root, ...words];
  vi.resetModules();
  vi.doMock('electron', () => electron.module());
  await import('./index.ts');
  return electron;
}

/** To a window whose page has asked what there is to do. */
async function boot(
  words: string[] = [],
  packaged = true,
): Promise<{ electron: StandInElectron; start: { open: string[]; record: LaunchSpec | null } }> {
  const electron = await load(words, packaged);
  electron.app.becomeReady();
  return { electron, start: await listen(electron) };
}

async function listen(electron: StandInElectron): Promise<{ open: string[]; record: LaunchSpec | null }> {
  await vi.waitFor(() => expect(electron.contents.loads).toBeGreaterThan(0), soon);
  return (await electron.call('app.info', {})).start;
}

const commands = (electron: StandInElectron): ShellCommand[] => electron.told('shell.command') as ShellCommand[];
const at = (name: string): string => join(folder, name);

/** Records a program that would go on for a minute. */
async function recordSleeper(electron: StandInElectron): Promise<{ project: ProjectId; session: SessionId; pid: () => number }> {
  const code = `import os, time; open(${JSON.stringify(at('pid'))}, "w").write(str(os.getpid())); time.sleep(60)`;
  const spec: LaunchSpec = {
    mode: 'code',
    interpreter: '',
    target: code,
    args: [],
    cwd: folder,
    env: {},
    intervalMs: 50,
    tracemallocFrames: 0,
    sampling: 0,
  };
  const { project, session } = await electron.call('recording.start', { spec, confirmed: true, project: null, columns: 80, rows: 24 });
  await vi.waitFor(() => expect(readFileSync(at('pid'), 'utf8')).not.toBe(''), soon);
  return { project: project.path, session, pid: () => Number(readFileSync(at('pid'), 'utf8')) };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function expectExit(electron: StandInElectron, status: number): Promise<void> {
  await vi.waitFor(() => expect(electron.app.exited).toBe(status), soon);
}

describe('starts that are none', () => {
  test('given a fork of a library, when the app is started by it, then it ends before the first instance hears of it', async () => {
    const first = await boot();
    const forked = await load(['C:\\r\\node-pty\\lib\\conpty_console_list_agent', '4711']);
    expect([forked.app.exited, forked.app.askedForLock]).toEqual([0, false]);
    expect(commands(first.electron)).toEqual([]);
  });

  test('given a data folder that cannot be made, when started, then it is said and the app ends', async () => {
    writeFileSync(at('data'), 'a file');
    const electron = await load([]);
    expect(electron.app.exited).toBe(1);
    expect(electron.errors[0]).toMatch(/Heapscope cannot start/);
  });
});

describe('what was asked for reaches the window', () => {
  test('given files by the desktop, as addresses, when started, then they are opened and nothing is recorded, nor looked for around them', async () => {
    const { electron, start } = await boot([`file://${at('two%20words.heapscope')}`, at('evil.py')]);
    expect(start).toEqual({ open: [at('two words.heapscope'), at('evil.py')], record: null });
    expect((await electron.call('app.info', {})).cwd).not.toBe(folder);
  });

  test('given a script after --, when started, then it is recorded from the folder it was typed in', async () => {
    const { start } = await boot(['--', 'app.py', '--fast'], false);
    expect(start).toMatchObject({ open: [], record: { mode: 'script', target: at('app.py'), args: ['--fast'], cwd: folder } });
  });

  test('given a second start before the first is up and one after, when it has words, then the first takes them and the others end', async () => {
    const first = await load([]);
    const early = await load([at('early.heapscope')]);
    expect(early.app.exited).toBe(0);
    first.app.becomeReady();
    expect((await listen(first)).open).toEqual([at('early.heapscope')]);
    await load([at('late.heapscope'), at('late.py')]);
    await load(['--', 'typed.py'], false);
    await vi.waitFor(() => expect(commands(first)).toHaveLength(3), soon);
    expect(commands(first)).toMatchObject([
      { command: 'open', path: at('late.heapscope') },
      { command: 'open', path: at('late.py') },
      { command: 'record', spec: { target: at('typed.py') } },
    ]);
  });

  test('given a file that macOS tells of before and after the start, when opened, then the window has both', async () => {
    const electron = await load([]);
    const event = { preventDefault: vi.fn() };
    electron.app.emit('open-file', event, at('before.heapscope'));
    electron.app.becomeReady();
    expect((await listen(electron)).open).toEqual([at('before.heapscope')]);
    electron.app.emit('open-file', event, at('after.py'));
    expect(commands(electron)).toEqual([{ command: 'open', path: at('after.py') }]);
    expect(event.preventDefault).toHaveBeenCalledTimes(2);
  });
});

test('given a file dropped beside the place for it, or a link, when the page would be replaced, then it stays', async () => {
  const { electron } = await boot();
  expect(electron.contents.navigate('file:///etc/passwd')).toBe(false);
  expect(electron.contents.navigate('https://example.com/')).toBe(false);
  expect(electron.contents.navigate(electron.contents.getURL())).toBe(true);
  expect(electron.contents.openHandler?.({} as never)).toEqual({ action: 'deny' });
});

describe('given a running recording', () => {
  test('when the window is closed and the user calls it off, then nothing ends', async () => {
    const { electron } = await boot();
    const { pid } = await recordSleeper(electron);
    electron.answers.push(2);
    electron.window.close();
    await vi.waitFor(() => expect(electron.questions).toHaveLength(1), soon);
    expect([electron.app.exited, electron.window.isVisible(), alive(pid())]).toEqual([null, true, true]);
  });

  test('when the window is closed and the program is to be stopped, then it ends, and the app after it', async () => {
    const { electron } = await boot();
    const { pid, project } = await recordSleeper(electron);
    electron.answers.push(0);
    electron.window.close();
    await expectExit(electron, 0);
    await vi.waitFor(() => expect(alive(pid())).toBe(false), soon);
    expect(existsSync(project)).toBe(true);
  });

  test('when it is recorded on without a window, then a second start shows it again, and its end ends the app', async () => {
    const { electron } = await boot();
    const { pid } = await recordSleeper(electron);
    electron.answers.push(1);
    electron.window.close();
    await vi.waitFor(() => expect(electron.window.isVisible()).toBe(false), soon);
    await load([]);
    await vi.waitFor(() => expect(electron.window.isVisible()).toBe(true), soon);
    electron.answers.push(1);
    electron.window.close();
    await vi.waitFor(() => expect(electron.window.isVisible()).toBe(false), soon);
    process.kill(pid(), 'SIGKILL');
    await expectExit(electron, 0);
  });

  test.each<[string, (electron: StandInElectron) => void, number]>([
    ['by SIGTERM', (electron) => electron.signal('SIGTERM'), 143],
    ['by SIGHUP', (electron) => electron.signal('SIGHUP'), 129],
    ['by Ctrl-C that comes twice at once', (electron) => (electron.signal('SIGINT'), electron.signal('SIGINT')), 130],
    [
      'by the system, on Linux and macOS',
      (electron) => void electron.powerMonitor.emit('shutdown', { preventDefault: () => undefined }),
      0,
    ],
    ['by the system, on Windows', (electron) => void electron.window.emit('session-end', { reasons: ['logoff'] }), 0],
  ])('when the session ends %s, then nobody is asked and the files are closed', async (_how, endSession, status) => {
    const { electron } = await boot();
    const { project } = await recordSleeper(electron);
    endSession(electron);
    await expectExit(electron, status);
    expect(electron.questions).toEqual([]);
    // Written back into the one file, and let go of.
    expect(existsSync(`${project}-wal`)).toBe(false);
  });
});

describe('given a window whose process dies', () => {
  test('when it dies a few times, then it is loaded again, and its recording goes on', async () => {
    const { electron } = await boot();
    const { pid } = await recordSleeper(electron);
    for (const loads of [2, 3, 4]) {
      electron.contents.die('crashed');
      expect([electron.contents.loads, electron.contents.crashed]).toEqual([loads, false]);
    }
    await listen(electron);
    expect(await electron.call('recording.states', {})).toHaveLength(1);
    expect(alive(pid())).toBe(true);
  });

  test('when it dies over and over, then the user is asked, and what is asked for meanwhile is not lost', async () => {
    const { electron } = await boot();
    electron.answers.push(0);
    for (let n = 0; n < 4; n += 1) electron.contents.die('oom');
    await load([at('meanwhile.heapscope')]);
    await vi.waitFor(() => expect([electron.questions.length, electron.contents.loads]).toEqual([1, 5]), soon);
    await vi.waitFor(async () => expect((await electron.call('app.info', {})).start.open).toEqual([at('meanwhile.heapscope')]), soon);
    electron.answers.push(1);
    electron.contents.die('oom');
    await expectExit(electron, 0);
  });
});
