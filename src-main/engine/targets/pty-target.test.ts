import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasTerminals, startInPty } from './pty-target.ts';
import { collect, python, pythonPlan, tempFolder } from './testing/programs.ts';

const SIZE = { columns: 80, rows: 24 };
const start = (code: string, env: Record<string, string> = {}): ReturnType<typeof collect> =>
  collect(startInPty(pythonPlan(code, env), SIZE));

/** A copy for this test alone: others run at the same time. */
function ownKeeper(): string {
  const folder = tempFolder();
  copyFileSync(path.resolve(import.meta.dirname, '../../../python-agent/terminal_keeper.py'), path.join(folder, 'terminal_keeper.py'));
  return folder;
}

/** Processes that run the script in this folder. */
function running(folder: string): string[] {
  const script = path.join(folder, 'terminal_keeper.py');
  const lineOf = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && lineOf(pid).split('\0').includes(script) && lineOf(pid) !== lineOf('self'),
  );
}

test('terminals can be had where the module was built, and can be done without', () => {
  expect([hasTerminals({}), hasTerminals({ HEAPSCOPE_NO_PTY: '1' }), hasTerminals({ HEAPSCOPE_NO_PTY: '' })]).toEqual([true, false, true]);
});

describe('a program that cannot be started', () => {
  test('its folder is missing', () => {
    expect(() => startInPty({ ...pythonPlan(''), cwd: '/no/such/folder' }, SIZE)).toThrow('launch.directory-missing');
  });
  test('its file is missing', () => {
    expect(() => startInPty({ ...pythonPlan(''), file: '/no/such/program' }, SIZE)).toThrow('launch.command-missing');
  });
});

describe('how a program ends', () => {
  test.each([
    ['pass', { code: 0, signal: null }],
    ['import sys; sys.exit(7)', { code: 7, signal: null }],
    ['raise ValueError("boom")', { code: 1, signal: null }],
    ['import os; os._exit(255)', { code: 255, signal: null }],
    ['import os; os.abort()', { code: null, signal: 'SIGABRT' }],
    ['import os, signal; os.kill(os.getpid(), signal.SIGSEGV)', { code: null, signal: 'SIGSEGV' }],
  ])('%s', async (code, exit) => {
    expect(await start(code).exit).toEqual(exit);
  });

  test('is told to who asks later, too', async () => {
    const program = start('import sys; sys.exit(3)');
    await program.exit;
    const late = new Promise((resolve) => program.target.onExit(resolve));
    expect(await late).toEqual({ code: 3, signal: null });
    program.target.terminal.write('ignored');
    program.target.terminal.resize(10, 10);
    program.target.signal('kill');
  });

  test('comes after its traceback', async () => {
    const program = start('raise ValueError("boom")');
    await program.exit;
    expect(program.text()).toMatch(/ValueError: boom\r\n$/);
  });
});

describe('we are killed', () => {
  const dying = path.join(import.meta.dirname, 'testing', 'start-and-die.ts');
  const code = (out: string): string =>
    `import os, time\nprint("ready", flush=True)\ntime.sleep(0.5)\nfor i in range(20000): print("a line that nobody reads", i)\nopen(${JSON.stringify(out)}, "w").write("fine " + str(os.isatty(1)))`;

  test('and the program goes on, also where it prints much', async () => {
    const out = path.join(tempFolder(), 'out');
    const keeper = ownKeeper();
    const died = spawnSync(process.execPath, [dying, code(out), keeper]);
    expect(died.signal, String(died.stderr)).toBe('SIGKILL');
    await expect.poll(() => existsSync(out) && readFileSync(out, 'utf8'), { timeout: 20_000 }).toBe('fine True');
    // No process is left behind either.
    await expect.poll(() => running(keeper), { timeout: 10_000 }).toEqual([]);
  });

  test('without anybody to keep its terminal it ends, as in a terminal window', async () => {
    const out = path.join(tempFolder(), 'out');
    expect(spawnSync(process.execPath, [dying, code(out)]).signal).toBe('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(existsSync(out)).toBe(false);
  });
});

test('who keeps the terminal of a program ends with it', async () => {
  const keeper = { python: python(), folder: ownKeeper() };
  const program = collect(startInPty({ ...pythonPlan('print(input("name? "))'), keeper }, SIZE));
  await program.until(/name/);
  await expect.poll(() => running(keeper.folder)).toHaveLength(1);
  program.target.terminal.write('x\r');
  expect(await program.exit).toEqual({ code: 0, signal: null });
  await expect.poll(() => running(keeper.folder)).toEqual([]);
});

describe('its terminal', () => {
  test('is one, with the size asked for', async () => {
    const program = start('import os, sys; print([os.isatty(i) for i in range(3)], tuple(os.get_terminal_size()), os.environ["TERM"])');
    await program.exit;
    expect(program.text()).toBe('[True, True, True] (80, 24) xterm-256color\r\n');
  });

  test('hands on colours and bytes that are not text', async () => {
    const program = start(String.raw`import os; os.write(1, b"\x1b[31mred\x1b[0m \xff\xfe \xe4\xb8")`);
    await program.exit;
    expect(Buffer.concat(program.pieces)).toEqual(Buffer.from('\x1b[31mred\x1b[0m \xff\xfe \xe4\xb8', 'latin1'));
  });

  test('takes input, and Backspace takes a whole character', async () => {
    const program = start(
      'import termios, time\nwhile not termios.tcgetattr(0)[0] & 0o40000: time.sleep(.01)\nprint("ascii:", ascii(input("name? ")))',
    );
    await program.until(/name\? $/);
    program.target.terminal.write('中文\x7f!\r');
    await program.exit;
    expect(program.text()).toContain("ascii: '\\u4e2d!'");
  });

  test('tells of a new size', async () => {
    const program = start(
      'import os, signal, time\nsignal.signal(signal.SIGWINCH, lambda *a: os.write(1, b"now (%d, %d)\\n" % tuple(os.get_terminal_size())))\nprint("ready", flush=True)\ntime.sleep(20)',
    );
    await program.until(/ready/);
    program.target.terminal.resize(133, 41);
    await program.until(/now \(133, 41\)/);
    program.target.terminal.resize(0, Number.NaN);
    await program.until(/now \(80, 24\)/);
  });
});

describe('stopping it', () => {
  test('by Ctrl-C typed into the terminal', async () => {
    const program = start('import time\nprint("ready", flush=True)\ntime.sleep(20)');
    await program.until(/ready/);
    program.target.terminal.write('\x03');
    expect(await program.exit).toEqual({ code: null, signal: 'SIGINT' });
    expect(program.text()).toContain('KeyboardInterrupt');
  });

  test('by an interrupt, even with the terminal in raw mode', async () => {
    const program = start(
      'import time, tty\ntty.setraw(0)\ntry:\n  print("ready", flush=True); time.sleep(20)\nexcept KeyboardInterrupt:\n  print("interrupted", flush=True)',
    );
    await program.until(/ready/);
    program.target.signal('interrupt');
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.text()).toContain('interrupted');
  });

  test('by terminate, its children with it', async () => {
    const program = start(
      'import subprocess, sys, time\np = subprocess.Popen(["sleep", "60"])\nprint("child", p.pid, flush=True)\ntime.sleep(60)',
    );
    await program.until(/child \d+\r/);
    program.target.signal('terminate');
    expect(await program.exit).toEqual({ code: null, signal: 'SIGTERM' });
    const child = Number(/child (\d+)/.exec(program.text())?.[1]);
    await expect.poll(() => isRunning(child), { timeout: 10_000 }).toBe(false);
  });

  test('by kill, where it does not listen to anything else', async () => {
    const program = start(
      'import signal, time\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)\nprint("ready", flush=True)\ntime.sleep(60)',
    );
    await program.until(/ready/);
    program.target.signal('interrupt');
    program.target.signal('terminate');
    program.target.signal('kill');
    expect(await program.exit).toEqual({ code: null, signal: 'SIGKILL' });
  });
});

describe('much output', () => {
  const LINES = 80_000;
  const FLOOD = `import sys\nfor i in range(${LINES}): sys.stdout.write("%08d %s\\n" % (i, "x" * 55))`;
  const expectAll = (text: string): void => {
    const lines = text.split('\r\n');
    expect(lines).toHaveLength(LINES + 1);
    expect(lines.findIndex((line, i) => i < LINES && Number(line.slice(0, 8)) !== i)).toBe(-1);
  };

  test('5 MB arrive whole and in order, joined', async () => {
    const program = start(FLOOD);
    await program.exit;
    expectAll(program.text());
    expect(program.pieces.length).toBeLessThan(1000);
  });
});

/** Where nothing reaps orphans (a container without an init), they stay as zombies. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
