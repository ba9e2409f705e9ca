import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { startWithPipes } from './pipe-target.ts';
import { collect, pythonPlan } from './testing/programs.ts';

class Sink extends Writable {
  readonly chunks: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    setImmediate(done);
  }
  text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

function start(code: string, stdout: Writable = new Sink(), stderr: Writable = new Sink()): ReturnType<typeof collect> {
  return collect(startWithPipes(pythonPlan(code), { stdout, stderr, stdin: 'ignore' }));
}

describe('a program that cannot be started', () => {
  test.each([
    [{ cwd: '/no/such/folder' }, 'launch.directory-missing'],
    [{ file: '/no/such/program' }, 'launch.command-missing'],
  ])('%j', (changes, code) => {
    expect(() => startWithPipes({ ...pythonPlan(''), ...changes })).toThrow(code);
  });
});

test.each([
  ['pass', { code: 0, signal: null }],
  ['import sys; sys.exit(9)', { code: 9, signal: null }],
  ['import os; os.abort()', { code: null, signal: 'SIGABRT' }],
])('%s ends as it does', async (code, exit) => {
  expect(await start(code).exit).toEqual(exit);
});

test('output and errors pass through apart, and are both seen as a terminal would show them', async () => {
  const [out, err] = [new Sink(), new Sink()];
  const program = start('import sys; print("to out", sys.stdout.isatty()); print("to err", file=sys.stderr)', out, err);
  await program.exit;
  expect(out.text()).toBe('to out False\n');
  expect(err.text()).toBe('to err\n');
  expect(program.text().split('\r\n').sort()).toEqual(['', 'to err', 'to out False']);
});

test('5 MB pass a slow reader whole and in order', async () => {
  const out = new Sink({ highWaterMark: 1024 });
  const program = start('import sys\nfor i in range(80000): sys.stdout.write("%08d %s\\n" % (i, "x" * 55))', out);
  await program.exit;
  await new Promise((resolve) => out.end(resolve));
  expect(out.text()).toBe(program.text().replaceAll('\r\n', '\n'));
  expect(
    out
      .text()
      .split('\n')
      .findIndex((line, i) => i < 80000 && Number(line.slice(0, 8)) !== i),
  ).toBe(-1);
});

test('the end of the output is not lost when we are held up, or our reader is, after the program has ended', async () => {
  const slow = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void setTimeout(done, 600) });
  const lines = 'for i in range(2): print("x" * 60000, flush=True)\nprint("needle at the end", flush=True)';
  const behind = start(lines, slow);
  const heldUp = start(lines);
  await heldUp.until(/x/);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  expect(await Promise.all([behind.exit, heldUp.exit])).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ]);
  expect(heldUp.text()).toContain('needle at the end');
  expect(behind.text()).toContain('needle at the end');
});

test('a background child that holds the pipes does not keep the end from being told', async () => {
  const program = start('import subprocess; p = subprocess.Popen(["sleep", "30"]); print("child", p.pid, flush=True)');
  expect(await program.exit).toEqual({ code: 0, signal: null });
  process.kill(Number(/child (\d+)/.exec(program.text())?.[1]), 'SIGKILL');
});

test('a reader of ours that goes away is seen by the program as its own', async () => {
  const out = new PassThrough();
  const program = start('import time\nwhile True: print("x" * 100, flush=True); time.sleep(.01)', out);
  await program.until(/x/);
  out.destroy(new Error('EPIPE'));
  expect(await program.exit).not.toEqual({ code: 0, signal: null });
});

test.each(['interrupt', 'terminate', 'kill'] as const)('%s reaches it', async (how) => {
  const program = start('import time; print("ready", flush=True); time.sleep(60)');
  await program.until(/ready/);
  program.target.signal(how);
  const { signal } = await program.exit;
  expect(signal).toBe({ interrupt: 'SIGINT', terminate: 'SIGTERM', kill: 'SIGKILL' }[how]);
});
