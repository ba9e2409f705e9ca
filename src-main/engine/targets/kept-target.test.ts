import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { startKept } from './kept-target.ts';
import { keepOutput } from './output-keeper.ts';
import { collect, python, pythonPlan, tempFolder } from './testing/programs.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../python-agent');

interface Started extends ReturnType<typeof collect> {
  out(): string;
  err(): string;
}

/** `places`: the files, in a folder, that receive output and errors. */
async function start(code: string, o: { oneFile?: boolean } = {}): Promise<Started> {
  const folder = tempFolder();
  const [out, err] = [path.join(folder, 'out'), path.join(folder, 'err')];
  const stdout = openSync(out, 'a');
  const stderr = o.oneFile ? stdout : openSync(err, 'a');
  const keeper = await keepOutput({ python: python(), folder: FOLDER }, { stdout, stderr });
  for (const place of new Set([stdout, stderr])) closeSync(place);
  if (keeper === null) throw new Error('there is no keeper');
  const program = collect(startKept(pythonPlan(code), keeper, 'ignore'));
  return { ...program, out: () => readFileSync(out, 'utf8'), err: () => readFileSync(err, 'utf8') };
}

describe.skipIf(process.platform !== 'linux')('output that a keeper passes on', () => {
  test.each([
    [{ cwd: '/no/such/folder' }, 'launch.directory-missing'],
    [{ file: '/no/such/program' }, 'launch.command-missing'],
  ])('%j cannot be started', async (changes, code) => {
    const keeper = await keepOutput({ python: python(), folder: FOLDER }, { stdout: 1, stderr: 2 });
    expect(() => startKept({ ...pythonPlan(''), ...changes }, keeper!)).toThrow(code);
  });

  test.each(['/no/such/python', '/bin/false'])('there is none with %s', async (file) => {
    expect(await keepOutput({ python: file, folder: FOLDER }, { stdout: 1, stderr: 2 })).toBeNull();
  });

  test.each([
    ['pass', { code: 0, signal: null }],
    ['import sys; sys.exit(9)', { code: 9, signal: null }],
    ['import os; os.abort()', { code: null, signal: 'SIGABRT' }],
  ])('%s ends as it does', async (code, exit) => {
    expect(await (await start(code)).exit).toEqual(exit);
  });

  test('comes to both places apart, and is recorded as a terminal would show it', async () => {
    const program = await start('import sys; print("to out", sys.stdout.isatty()); print("to err", file=sys.stderr)');
    await program.exit;
    expect([program.out(), program.err()]).toEqual(['to out False\n', 'to err\n']);
    expect(program.text().split('\r\n').sort()).toEqual(['', 'to err', 'to out False']);
  });

  test.each([20_000, 900_000])('the last of %i bytes is recorded when we were held up until the keeper had nothing left', async (bytes) => {
    const program = await start(`import sys; sys.stdout.write("x" * ${bytes} + "\\nneedle at the end\\n")`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.text()).toContain('needle at the end');
    expect(program.out()).toContain('needle at the end');
  });

  test('the program has real pipes, nothing else of ours, and the order of one file', async () => {
    const program = await start(
      `import os, stat, sys
for i in range(300):
    os.write(1 + i % 2, b"%d\\n" % i)
open("/dev/stdout", "w").write("opened\\n")
print(os.path.sameopenfile(1, 2), stat.S_ISFIFO(os.fstat(1).st_mode), os.get_blocking(1), sorted(map(int, os.listdir("/proc/self/fd")))[:4])`,
      { oneFile: true },
    );
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.out()).toBe(`${Array.from({ length: 300 }, (_, i) => `${i}\n`).join('')}opened\nTrue True True [0, 1, 2, 3]\n`);
  });

  test('5 MB come whole and in order, to the user and to us', async () => {
    const program = await start('import sys\nfor i in range(80000): sys.stdout.write("%08d %s\\n" % (i, "x" * 55))');
    await program.exit;
    expect(program.out()).toHaveLength(80000 * 65);
    expect(program.text().replaceAll('\r\n', '\n') === program.out()).toBe(true);
  });

  test('a background child that holds the pipes does not keep the end from being told, and goes on printing', async () => {
    const code = 'import time, os; time.sleep(2); os.write(1, b"late"); os.write(1, b"st")';
    const program = await start(`import subprocess, sys; subprocess.Popen([sys.executable, "-c", ${JSON.stringify(code)}])`);
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.out()).toBe('');
    await expect.poll(() => program.out(), { timeout: 15_000 }).toBe('latest');
  });

  test('a full disk, as any end of the reader, is an error of the next write', async () => {
    const full = openSync('/dev/full', 'w');
    const keeper = await keepOutput({ python: python(), folder: FOLDER }, { stdout: full, stderr: full });
    closeSync(full);
    const program = collect(
      startKept(pythonPlan('import os, time\nwhile True: os.write(1, b"x" * 100); time.sleep(.01)'), keeper!, 'ignore'),
    );
    // Not 1: it cannot print its traceback either.
    expect((await program.exit).code).toBe(120);
    expect(program.text()).toContain('could not be passed on (ENOSPC)');
  });
});

describe.skipIf(process.platform !== 'linux')('the one who listens', () => {
  const loud = 'import sys\nfor i in range(200000): sys.stdout.write("%08d %s\\n" % (i, "x" * 55))\nsys.stdout.flush()';
  const dying = path.join(import.meta.dirname, 'testing', 'keep-and-stop.ts');

  /** The listener: a process of ours that stops as soon as the program has begun. */
  test('stands still: the program ends, the user has all, and we are told how much we have missed', { timeout: 60_000 }, async () => {
    const folder = tempFolder();
    const [out, ended, heard] = ['out', 'ended', 'heard'].map((name) => path.join(folder, name)) as [string, string, string];
    const code = `print("ready", flush=True)\nimport time; time.sleep(.5)\n${loud}\nopen(${JSON.stringify(ended)}, "w").write("fine")`;
    writeFileSync(ended, '');
    const stdout = openSync(out, 'w');
    const listener = spawn(process.execPath, [dying, `${code}\ntime.sleep(3)`, FOLDER, heard], { stdio: ['ignore', stdout, stdout] });
    closeSync(stdout);
    await expect.poll(() => readFileSync(ended, 'utf8'), { timeout: 30_000 }).toBe('fine');
    listener.kill('SIGCONT');
    await new Promise((resolve) => void listener.once('exit', resolve));
    const all = 'ready\n'.length + 200_000 * 65;
    expect(readFileSync(out)).toHaveLength(all);
    const told = readFileSync(heard, 'utf8').replaceAll('\r\n', '\n');
    const missed = /\n\[heapscope: (\d+) bytes of output were not recorded\]\n/.exec(told);
    expect(told.length - (missed?.[0].length ?? 0) + Number(missed?.[1])).toBe(all);
  });
});
