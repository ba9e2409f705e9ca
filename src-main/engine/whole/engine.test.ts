import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnyEvent, EventRow, LaunchSpec, ProcessId, ProjectId, ProjectInfo } from '../../../src-preload/contract/index.ts';
import { silentLog } from '../faces/base.ts';
import { createEngine, type Engine } from '../index.ts';
import type { Recording } from '../recording/recording.ts';

const root = resolve(import.meta.dirname, '../../..');
let folder: string;
let engine: Engine;
let events: AnyEvent[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-engine-'));
  engine = await createEngine({
    dataFolder: folder,
    agentFolder: join(root, 'python-agent'),
    samplesFolder: join(root, 'resources/samples'),
    log: silentLog,
  });
  events = [];
  engine.events.on((event) => events.push(event));
});

afterEach(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

function spec(target: string, change: Partial<LaunchSpec> = {}): LaunchSpec {
  return {
    mode: 'code',
    interpreter: '',
    target,
    args: [],
    cwd: folder,
    env: {},
    intervalMs: 50,
    tracemallocFrames: 0,
    sampling: 0,
    ...change,
  };
}

async function record(launch: LaunchSpec, project: ProjectId | null = null): Promise<{ project: ProjectInfo; recording: Recording }> {
  return engine.recording.start({ spec: launch, project, columns: 80, rows: 24, confirmed: true, starter: 'pty' });
}

function eventsOf(project: ProjectInfo, recording: Recording): EventRow[] {
  return engine.projects.file(project.id).events.list(recording.session, 0, 1e12, 1000).events;
}

function consoleOf(project: ProjectInfo, recording: Recording): string {
  const parts = engine.projects.file(project.id).console.read(recording.session, 0, 1 << 20);
  return Buffer.concat(parts.map((part) => part.data)).toString();
}

function lastOf(project: ProjectInfo, recording: Recording, metric: string, process: ProcessId | null): number {
  const file = engine.projects.file(project.id);
  const series = file.series.list(recording.session).find((each) => each.metric === metric && each.process === process);
  const values = series ? file.series.window({ series: [series.id], from: 0, to: 1e12, buckets: 8192 })[0]?.lo : undefined;
  return values?.at(-1) ?? NaN;
}

async function until(probe: () => boolean): Promise<void> {
  while (!probe()) await new Promise((done) => setTimeout(done, 10));
}

describe('given a launch that nobody on this machine has confirmed', () => {
  it('when it is asked to start or to be checked, then nothing is run, not even its interpreter, and no project is left', async () => {
    const marker = join(folder, 'was-run');
    const interpreter = join(folder, 'python3');
    writeFileSync(interpreter, `#!/bin/sh\ntouch '${marker}'\n`, { mode: 0o755 });
    const poisoned = spec('1', { interpreter });
    const options = { spec: poisoned, project: null, columns: 80, rows: 24, starter: 'pty' as const, confirmed: false };
    await expect(engine.recording.start(options)).rejects.toMatchObject({ code: 'launch.unconfirmed', facts: { interpreter } });
    const check = (confirmed: boolean) => engine.launch.check({ spec: poisoned, confirmed }, new AbortController().signal);
    await expect(check(false)).rejects.toMatchObject({ code: 'launch.unconfirmed' });
    expect(existsSync(marker)).toBe(false);
    expect(engine.projects.list()).toEqual([]);
    await check(true);
    expect(existsSync(marker)).toBe(true);
  });

  it('when it has been confirmed once, then it starts again without a question', async () => {
    const launch = spec('print(1)');
    const first = await record(launch);
    await first.recording.ended;
    const { recording } = await engine.recording.start({
      spec: launch,
      project: null,
      columns: 80,
      rows: 24,
      starter: 'pty',
      confirmed: false,
    });
    await recording.ended;
  });
});

describe('a program that cannot be recorded', () => {
  it('leaves no project and no session behind', async () => {
    await expect(record(spec('', { mode: 'script', target: 'nowhere.py' }))).rejects.toMatchObject({ code: 'launch.script-missing' });
    expect(engine.projects.list()).toEqual([]);
    expect(engine.projects.recents()).toEqual([]);
  });

  it('in a folder that is not there says so', async () => {
    await expect(record(spec('1', { cwd: join(folder, 'gone') }))).rejects.toMatchObject({ code: 'launch.directory-missing' });
  });

  it('by an interpreter that is none says so', async () => {
    const fake = join(folder, 'python3');
    writeFileSync(fake, '#!/bin/sh\necho I am no Python\n', { mode: 0o755 });
    await expect(record(spec('1', { interpreter: fake }))).rejects.toMatchObject({ code: 'interpreter.not-python' });
  });
});

describe('a recorded program', () => {
  it('leaves its exit code, its output and its samples in the file', async () => {
    const { project, recording } = await record(spec('import time, sys\nprint("hello", sys.stdin.isatty())\ntime.sleep(0.6)\nsys.exit(3)'));
    const end = await recording.ended;
    const row = engine.projects.file(project.id).sessions.get(recording.session);
    expect(end).toMatchObject({ state: 'ended', exit: { code: 3, signal: null } });
    expect(row).toMatchObject({ state: 'ended', exit: { code: 3 }, agent: true });
    expect(row.peakRss).toBeGreaterThan(1e6);
    expect(consoleOf(project, recording)).toContain('hello True');
    expect(lastOf(project, recording, 'py_blocks', 1)).toBeGreaterThan(1000);
  });

  it('is shown with its own threads and files, not the ones of the agent', async () => {
    const code =
      'import os, threading, time\nfor _ in range(3): threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\ntime.sleep(1.5)';
    const { project, recording } = await record(spec(code));
    await until(() => recording.state().agents.length === 1);
    await until(() => lastOf(project, recording, 'threads', 1) === 4);
    await until(() => lastOf(project, recording, 'sockets', 1) === 0);
    recording.stop('kill');
    await recording.ended;
  });

  it('started by a command line says which Python it was', async () => {
    const { project, recording } = await record(spec('python3 -c "import time; time.sleep(0.3)"', { mode: 'command' }));
    await recording.ended;
    expect(engine.projects.file(project.id).sessions.get(recording.session).interpreter?.version).toMatch(/^3\.\d+/);
  });

  it('that crashes shows the signal', async () => {
    const { recording } = await record(spec('import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)'));
    expect((await recording.ended).exit).toMatchObject({ code: null, signal: 'SIGSEGV', outOfMemory: false });
  });

  it('marks itself, even just before it ends', async () => {
    const { project, recording } = await record(spec('import heapscope_agent as h\nh.mark("first")\nh.mark("last")'));
    await recording.ended;
    const marks = eventsOf(project, recording).filter((event) => event.kind === 'mark');
    expect(marks.map((mark) => mark.facts)).toEqual([
      { name: 'first', source: 'program' },
      { name: 'last', source: 'program' },
    ]);
  });

  it('whose agent is kept out is still recorded from outside', async () => {
    const { project, recording } = await record(spec('python3 -I -c "import time; time.sleep(0.4)"', { mode: 'command' }));
    await recording.ended;
    expect(engine.projects.file(project.id).sessions.get(recording.session)).toMatchObject({ agent: false, exit: { code: 0 } });
    const rss = engine.projects
      .file(project.id)
      .series.list(recording.session)
      .find((series) => series.metric === 'rss' && series.process === null);
    expect(rss?.max).toBeGreaterThan(1e6);
  });

  it('has each collection as samples with what it freed', async () => {
    const code =
      'import gc, time\ngc.disable()\ntime.sleep(0.3)\nfor i in range(50):\n    x = []; x.append(x)\ndel x\ngc.collect()\ntime.sleep(0.3)';
    const { project, recording } = await record(spec(code));
    await recording.ended;
    const file = engine.projects.file(project.id);
    const series = file.series.list(recording.session).find((each) => each.metric === 'gc_collected_2');
    expect(series?.max).toBeGreaterThanOrEqual(50);
  });
});

describe('child processes', () => {
  it('join by themselves and keep their exit statuses', async () => {
    const script = join(folder, 'job.py');
    writeFileSync(
      script,
      'import multiprocessing as m, time, sys, os\ndef work(n):\n    time.sleep(0.4)\n    sys.exit(n)\nif __name__ == "__main__":\n    jobs = [m.get_context(how).Process(target=work, args=(n,)) for n, how in ((7, "fork"), (3, "spawn"))]\n    [j.start() for j in jobs]\n    [j.join() for j in jobs]\n    print([j.exitcode for j in jobs])\n',
    );
    const { project, recording } = await record(spec(script, { mode: 'script' }));
    await recording.ended;
    const rows = engine.projects.file(project.id).sessions.processes(recording.session);
    const codes = rows.filter((row) => row.parent !== null && row.python !== null).map((row) => row.exit?.code ?? null);
    expect(consoleOf(project, recording)).toContain('[7, 3]');
    expect(codes).toContain(7);
    expect([7, 3, 0, null]).toEqual(expect.arrayContaining(codes));
    expect(rows.every((row) => row.end !== null)).toBe(true);
  });

  it('that outlive the program are recorded to their end', async () => {
    // It is up before the program ends: whose child it was could not be shown otherwise.
    const child = 'import os, time; os.write(1, b"up"); time.sleep(1)';
    const options = 'stdout=subprocess.PIPE, start_new_session=True';
    const code = `import os, subprocess, sys\nchild = subprocess.Popen([sys.executable, "-c", ${JSON.stringify(child)}], ${options})\nchild.stdout.read(2)`;
    const { project, recording } = await record(spec(code));
    await recording.ended;
    const [parent, other] = engine.projects.file(project.id).sessions.processes(recording.session);
    expect(other?.end).toBeGreaterThan(parent?.end ?? Infinity);
  });
});

describe('a child whose parent ends at once', () => {
  it('is recorded to its end', async () => {
    const { project, recording } = await record(
      spec('import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(0.8)', { intervalMs: 1000 }),
    );
    await recording.ended;
    const rows = engine.projects.file(project.id).sessions.processes(recording.session);
    expect(rows).toHaveLength(2);
    expect(rows[1]?.end).toBeGreaterThan(700);
  });
});

describe('controlling a running program', () => {
  async function running(code: string): Promise<{ project: ProjectInfo; recording: Recording }> {
    const started = await record(spec(code));
    await until(() => started.recording.state().phase === 'running');
    return started;
  }

  it('interrupts it like Ctrl-C', async () => {
    const { recording, project } = await running(
      'import time\ntry:\n    print("ready", flush=True)\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    raise SystemExit(42)',
    );
    await until(() => consoleOf(project, recording).includes('ready'));
    recording.stop('interrupt');
    expect((await recording.ended).exit?.code).toBe(42);
  });

  it('kills what does not listen', async () => {
    const code =
      'import signal, time\nfor s in (signal.SIGINT, signal.SIGTERM): signal.signal(s, signal.SIG_IGN)\nprint("ready", flush=True)\ntime.sleep(60)';
    const { recording, project } = await running(code);
    await until(() => consoleOf(project, recording).includes('ready'));
    recording.stop('interrupt');
    recording.stop('terminate');
    expect(recording.state()).toMatchObject({ phase: 'stopping', stopAsked: 'terminate' });
    recording.stop('kill');
    expect((await recording.ended).exit).toMatchObject({ signal: 'SIGKILL', outOfMemory: false });
  });

  it('collects, and starts and stops tracemalloc', async () => {
    const { recording, project } = await running('import time\nkeep = []\nwhile True:\n    keep.append(bytes(1000))\n    time.sleep(0.01)');
    expect(await recording.collect()).toMatchObject({ processes: 1 });
    await recording.tracemalloc(5);
    await until(() => recording.state().agents[0]?.tracemallocFrames === 5);
    await until(() => lastOf(project, recording, 'traced', 1) > 0);
    await recording.tracemalloc(0);
    await until(() => recording.state().agents[0]?.tracemallocFrames === 0);
    recording.stop('kill');
    await recording.ended;
    expect(
      eventsOf(project, recording)
        .filter((event) => event.kind === 'tracemalloc')
        .map((event) => event.facts['frames']),
    ).toEqual([5, 0]);
  });

  it('pauses and goes on, with a gap between', async () => {
    const { recording, project } = await running('import time\ntime.sleep(60)');
    recording.pause(true);
    const samples = () =>
      engine.projects
        .file(project.id)
        .series.list(recording.session)
        .find((series) => series.metric === 'rss')?.samples ?? 0;
    const before = samples();
    await new Promise((done) => setTimeout(done, 300));
    expect(samples()).toBe(before);
    recording.pause(false);
    await until(() => samples() > before);
    recording.stop('kill');
    await recording.ended;
  });

  it('refuses what needs an agent where there is none', async () => {
    const { recording } = await record(spec('python3 -I -c "import time; time.sleep(60)"', { mode: 'command' }));
    await expect(recording.collect()).rejects.toMatchObject({ code: 'recording.no-agent' });
    recording.stop('kill');
    await recording.ended;
    expect(() => recording.mark('late')).toThrow(/recording.not-running/);
  });
});

describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)('a full disk', () => {
  it('ends the recording, not the program, and keeps what was written', async () => {
    const small = join(folder, 'small');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=768k', 'tmpfs', small]);
    try {
      const { id } = engine.projects.createAt(join(small, 'full.heapscope'));
      const out = join(folder, 'done.txt');
      const code = `import os, sys, time\nfor i in range(400):\n    sys.stdout.write(os.urandom(4000).hex())\n    sys.stdout.flush()\n    time.sleep(0.005)\nopen(${JSON.stringify(out)}, "w").write("fine")`;
      const { recording } = await record(spec(code), id);
      expect((await recording.ended).state).toBe('stopped-recording');
      expect(readFileSync(out, 'utf8')).toBe('fine');
      const notice = events.find((event) => event.event === 'notice');
      expect(notice?.payload).toMatchObject({ error: { code: 'recording.disk-full', facts: { path: join(small, 'full.heapscope') } } });
      await engine.projects.close({ project: id });
      const again = await engine.projects.open({ path: join(small, 'full.heapscope') });
      expect(again).toMatchObject({ damage: null });
      expect(again.access === 'write' || again.readOnlyReason === 'disk-full').toBe(true);
      const row = engine.projects.file(again.id).sessions.get(recording.session);
      expect(['stopped-recording', 'interrupted']).toContain(row.state);
      expect(row.samples).toBeGreaterThan(0);
      await engine.projects.close({ project: again.id });
    } finally {
      await engine.dispose();
      execFileSync('umount', [small]);
    }
  });
});

describe('faults while recording', () => {
  it('a stranger on the port is reported and refused', async () => {
    const { recording, project } = await record(spec('import os, time\nprint(os.environ["HEAPSCOPE_LINK"], flush=True)\ntime.sleep(60)'));
    await until(() => consoleOf(project, recording).includes('token='));
    const port = Number(/port=(\d+)/.exec(consoleOf(project, recording))?.[1]);
    const socket = connect({ host: '127.0.0.1', port });
    socket.write('hello, is anybody there?\r\n\r\n');
    await until(() => events.some((event) => event.event === 'notice' && event.payload.error.code === 'agent.stranger'));
    expect(eventsOf(project, recording).map((event) => event.kind)).toContain('stranger');
    recording.stop('kill');
    await recording.ended;
  });

  it('an engine that goes away leaves the program undisturbed', async () => {
    const out = join(folder, 'done.txt');
    const code = `import time, signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\ntime.sleep(1)\nopen(${JSON.stringify(out)}, "w").write("fine")`;
    const { recording } = await record(spec(code));
    await until(() => recording.state().phase === 'running');
    await recording.abandon(false);
    await until(() => existsSync(out));
  });
});
