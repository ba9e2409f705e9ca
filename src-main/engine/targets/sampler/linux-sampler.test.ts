import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { python, tempFolder, writeProgram } from '../testing/programs.ts';
import { watch } from '../testing/watch.ts';

const started: ChildProcess[] = [];

afterEach(() => {
  // Each leads its own process group, so that everything it started ends with it.
  for (const child of started.splice(0)) {
    child.stdout?.destroy();
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
});

interface Program {
  pid: number;
  child: ChildProcess;
  /** The next line it prints. */
  line(): Promise<string>;
  ended: Promise<void>;
}

function run(code: string): Program {
  const child = spawn(python(), ['-I', '-c', code], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  started.push(child);
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      const next = waiting.shift();
      if (next) next(line);
      else lines.push(line);
    }
  });
  const line = (): Promise<string> => {
    const next = lines.shift();
    return next === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(next);
  };
  return { pid: child.pid!, child, line, ended: new Promise((resolve) => child.once('exit', () => resolve())) };
}

/** Prints how many of its own descriptors are sockets: a pipe made by Node is one, too. */
const SOCKETS = `import os\nprint(sum(os.path.lexists(p) and os.readlink(p).startswith("socket:") for p in [f"/proc/self/fd/{n}" for n in os.listdir("/proc/self/fd")]), flush=True)\n`;
const READY = 'print("ready", flush=True)\n';
const WAIT = 'import sys; sys.stdin.readline()\n';

describe('figures', () => {
  test('of memory, threads, descriptors and processor time are the program’s own', async () => {
    const program = run(
      'import socket, threading, time\na = bytearray(60 << 20)\nfiles = [open("/dev/null") for _ in range(20)]\nsockets = [socket.socket() for _ in range(5)]\n' +
        `for _ in range(3): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n${SOCKETS}while True: pass`,
    );
    const sockets = Number(await program.line());
    const watched = watch(program.pid);
    const first = await watched.untilProcess(() => true);
    expect(first).toMatchObject({ pid: program.pid, ppid: process.pid, threads: 4 });
    expect(first.command).toContain('-I -c import socket, threading, time a = bytearray(60 << 20)');
    expect(path.basename(first.executable ?? '')).toMatch(/^python3/);
    expect(first.rss! >> 20).toBeGreaterThanOrEqual(60);
    expect(first.rss! >> 20).toBeLessThan(120);
    expect(first.files).toBeGreaterThanOrEqual(28);
    const slow = await watched.untilProcess((each) => each.uss !== null);
    expect(slow.uss! >> 20).toBeGreaterThanOrEqual(60);
    expect(slow.pss!).toBeGreaterThanOrEqual(slow.uss!);
    const status = await watched.untilProcess((each) => each.peakRss !== null);
    expect(status.peakRss!).toBeGreaterThanOrEqual(60 << 20);
    expect(status.swap).toBeGreaterThanOrEqual(0);
    expect((await watched.untilProcess((each) => each.sockets !== null)).sockets).toBe(sockets);
    expect(sockets).toBeGreaterThanOrEqual(5);
    const busy = await watched.untilProcess((each) => (each.cpu ?? 0) > 0);
    expect(busy.cpu).toBeLessThan(4);
  });

  test('agree with what the kernel says at the same moment', async () => {
    const program = run(`${READY}${WAIT}`);
    await program.line();
    const { rss } = await watch(program.pid).untilProcess((each) => each.rss !== null);
    const kernel = Number(/VmRSS:\s+(\d+)/.exec(execFileSync('cat', [`/proc/${program.pid}/status`], { encoding: 'utf8' }))?.[1]) * 1024;
    expect(Math.abs(rss! - kernel)).toBeLessThan(1 << 20);
  });

  test('of another user’s process, seen without rights, are null where they are secret', async ({ skip }) => {
    const script = writeProgram(
      tempFolder(),
      'look.ts',
      `import { createTreeSampler } from ${JSON.stringify(path.join(import.meta.dirname, 'create-tree-sampler.ts'))};\n` +
        'const sampler = createTreeSampler(Number(process.argv[2]), { intervalMs: 20 });\nlet left = 30;\nconst seen = new Set();\n' +
        'sampler.onTick((s) => { for (const [k, v] of Object.entries(s.processes[0])) if (v !== null) seen.add(k); if (--left === 0) { console.log(JSON.stringify([...seen])); process.exit(0); } });\n',
    );
    if (process.getuid?.() !== 0 || !readableByAll(import.meta.filename)) skip('needs root, and a checkout that others may read');
    const program = run(`${READY}${WAIT}`);
    await program.line();
    execFileSync('chmod', ['-R', 'a+rX', path.dirname(script)]);
    const seen: unknown = JSON.parse(
      execFileSync(process.execPath, [script, String(program.pid)], { uid: 65534, gid: 65534, cwd: '/', encoding: 'utf8' }),
    );
    expect(seen).toEqual(expect.arrayContaining(['rss', 'threads', 'cpu', 'command']));
    for (const secret of ['uss', 'pss', 'sockets', 'executable', 'arenas']) expect(seen).not.toContain(secret);
  });
});

describe('the tree', () => {
  test('holds children of children, each with its parent', async () => {
    const program = run(`import subprocess\np = subprocess.Popen(["sh", "-c", "sleep 60 & sleep 60 & wait"])\n${WAIT}`);
    const { processes } = await watch(program.pid).until(
      (sample) => sample.processes.filter((each) => each.command === 'sleep 60').length === 2,
    );
    const shell = processes.find((each) => each.command.startsWith('sh -c'))!;
    expect(shell.ppid).toBe(program.pid);
    expect(processes.filter((each) => each.ppid === shell.pid).map((each) => each.command)).toEqual(['sleep 60', 'sleep 60']);
  });

  test('holds children that other threads started', async () => {
    const program = run(
      'import subprocess, threading, time\ndef work():\n  subprocess.Popen(["sleep", "60"]); time.sleep(60)\n' +
        `for _ in range(40): threading.Thread(target=work, daemon=True).start()\n${WAIT}`,
    );
    const { processes } = await watch(program.pid).until((sample) => sample.processes.length === 41);
    expect(new Set(processes.map((each) => each.ppid))).toEqual(new Set([process.pid, program.pid]));
  });

  test('keeps a process through exec, and shows its new command', async () => {
    const program = run(`import os\n${READY}${WAIT}os.execvp("sleep", ["sleep", "60"])`);
    await program.line();
    const watched = watch(program.pid);
    const before = await watched.untilProcess(() => true);
    program.child.stdin?.write('\n');
    const after = await watched.untilProcess((each) => each.command === 'sleep 60');
    expect(after.key).toBe(before.key);
    expect(watched.ended()).toEqual([]);
  });

  test('keeps a process whose first thread has ended', async () => {
    const program = run(
      `import ctypes, threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n${READY}ctypes.CDLL(None).pthread_exit(None)`,
    );
    await program.line();
    const watched = watch(program.pid);
    await watched.until(() => watched.samples.length > 20);
    expect(watched.ended()).toEqual([]);
  });

  test('of 200 children is seen whole', async () => {
    const program = run(`import subprocess\nps = [subprocess.Popen(["sleep", "60"]) for _ in range(200)]\n${WAIT}`);
    const { processes, cut } = await watch(program.pid).until((sample) => sample.processes.length === 201);
    expect(cut).toBe(0);
    expect(processes.every((each) => each.rss !== null)).toBe(true);
  });

  test('with 2000 short children is followed to its end', async () => {
    const program = run(
      'import os\nfor _ in range(40):\n  ps = [os.posix_spawn("/bin/true", ["true"], {}) for _ in range(50)]\n  for p in ps: os.waitpid(p, 0)\n',
    );
    const watched = watch(program.pid);
    await program.ended;
    await watched.untilEnded(program.pid);
    await watched.until((sample) => sample.processes.length === 0);
    for (const { exit } of watched.ended()) if (exit !== null) expect(exit).toMatchObject({ code: 0, signal: null });
  });
});

describe('how a process ended that is not our child', () => {
  const CHILDREN = [
    ['sys.exit(7)', { code: 7, signal: null }],
    ['pass', { code: 0, signal: null }],
    ['os._exit(200)', { code: 200, signal: null }],
    ['os.kill(os.getpid(), 9)', { code: null, signal: 'SIGKILL' }],
    ['os.abort()', { code: null, signal: 'SIGABRT' }],
  ] as const;

  test.each(CHILDREN)('is seen while its parent has not asked: %s', async (code, exit) => {
    const program = run(
      `import subprocess, sys\np = subprocess.Popen([sys.executable, "-c", "import os, sys; sys.stdin.readline(); ${code}"], stdin=subprocess.PIPE)\nprint(p.pid, flush=True)\n${WAIT}p.stdin.close()\n${WAIT}`,
    );
    const pid = Number(await program.line());
    const watched = watch(program.pid);
    await watched.untilProcess((each) => each.pid === pid);
    program.child.stdin?.write('\n');
    expect((await watched.untilEnded(pid)).exit).toEqual({ ...exit, outOfMemory: false });
  });

  test('is right or unknown where its parent waits for it, never wrong', async () => {
    const child = 'import os, sys; sys.stdin.readline(); print(os.getpid(), flush=True); sys.exit(5)';
    const program = run(
      `import subprocess, sys\nfor _ in range(10):\n  p = subprocess.Popen([sys.executable, "-I", "-c", ${JSON.stringify(child)}], stdin=subprocess.PIPE)\n` +
        '  print(p.pid, flush=True)\n  sys.stdin.readline(); p.stdin.close(); p.wait()\n',
    );
    const watched = watch(program.pid);
    for (let i = 0; i < 10; i++) {
      const pid = Number(await program.line());
      const { key } = await watched.untilProcess((each) => each.pid === pid);
      program.child.stdin?.write('\n');
      expect(Number(await program.line())).toBe(pid);
      watched.sampler.expectExit(key);
      const { exit, peakRss } = await watched.untilEnded(pid);
      expect([null, 5]).toContain(exit?.code ?? null);
      expect(exit?.signal ?? null).toBeNull();
      expect(peakRss).toBeGreaterThan(1 << 20);
    }
  });
});

describe('pausing', () => {
  test('gives no figures, but ends; then goes on', async () => {
    const program = run(
      `import subprocess\np = subprocess.Popen(["sleep", "60"])\nprint(p.pid, flush=True)\n${WAIT}p.kill(); p.wait()\n${WAIT}`,
    );
    const pid = Number(await program.line());
    const watched = watch(program.pid);
    await watched.until((sample) => sample.processes.length === 2);
    watched.sampler.pause();
    const before = watched.samples.length;
    program.child.stdin?.write('\n');
    await watched.untilEnded(pid);
    const whilePaused = watched.samples.slice(before);
    expect(whilePaused.every((sample) => sample.processes.length === 0 && sample.ended.length > 0)).toBe(true);
    watched.sampler.resume();
    await watched.until((sample) => watched.samples.indexOf(sample) >= before && sample.processes.length === 1);
  });

  test('another interval holds at once, and a sampler that was disposed is silent', async () => {
    const program = run(WAIT);
    const watched = watch(program.pid, { intervalMs: 60_000 });
    await watched.until(() => true);
    watched.sampler.setInterval(10);
    await watched.until(() => watched.samples.length > 5);
    watched.sampler.dispose();
    const count = watched.samples.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(watched.samples).toHaveLength(count);
    watched.sampler.dispose();
  });
});

function readableByAll(file: string): boolean {
  try {
    execFileSync('cat', [file], { uid: 65534, gid: 65534, cwd: '/', stdio: 'ignore' });
    accessSync(process.execPath);
    return true;
  } catch {
    return false;
  }
}
