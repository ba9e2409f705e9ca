import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorData, EventRow, LaunchSpec, ProcessRow } from '../../../src-preload/contract/index.ts';
import { silentLog } from '../faces/base.ts';
import { createEngine, type Engine } from '../index.ts';
import { SessionSnapshots } from '../snapshots/index.ts';

const root = resolve(import.meta.dirname, '../../..');
const canUnshare = spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;
let folder: string;
let engine: Engine;
let stranger: ChildProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-identity-'));
  const [agentFolder, samplesFolder] = [join(root, 'python-agent'), join(root, 'resources/samples')];
  engine = await createEngine({ dataFolder: folder, agentFolder, samplesFolder, log: silentLog });
  stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
});

afterEach(async () => {
  stranger.kill('SIGKILL');
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

function spec(mode: LaunchSpec['mode'], target: string): LaunchSpec {
  return { mode, interpreter: '', target, args: [], cwd: folder, env: {}, intervalMs: 50, tracemallocFrames: 0, sampling: 0 };
}

interface Recorded {
  ended: Promise<unknown>;
  stop(how: 'terminate' | 'kill'): void;
  snapshot(): Promise<unknown>;
  processes(): ProcessRow[];
  events(): EventRow[];
  faults: ErrorData[];
  ready(): string[];
}

async function record(launch: LaunchSpec): Promise<Recorded> {
  const { project, recording } = await engine.recording.start({
    spec: launch,
    project: null,
    columns: 80,
    rows: 24,
    confirmed: true,
    starter: 'pty',
  });
  const file = engine.projects.file(project.id);
  const faults: ErrorData[] = [];
  recording.onFault.on(({ code, facts }) => void faults.push({ code, facts }));
  const snapshots = recording.part(SessionSnapshots);
  return {
    faults,
    ended: recording.ended,
    stop: (how) => recording.stop(how),
    snapshot: () => snapshots.take({ processes: null, name: 'x', options: snapshots.plan.options }),
    processes: () => file.sessions.processes(recording.session),
    events: () => file.events.list(recording.session, 0, 1e12, 1000).events,
    ready: () => file.snapshots.list(recording.session).map((row) => row.state),
  };
}

async function until(probe: () => boolean): Promise<void> {
  while (!probe()) await new Promise((done) => setTimeout(done, 10));
}

/** Sends HELLO like an agent, with a pid that is not its own, and keeps running. */
const LIAR = `
import os, socket, struct, sys, time
sys.path.insert(0, os.environ["AGENT"])
from heapscope_agent.link import hello, wire
link = dict(pair.split("=", 1) for pair in os.environ["LINK"].split())
body = dict(hello.body(link["token"], "start"), pid=int(os.environ["CLAIM"]))
peer = socket.create_connection((link["host"], int(link["port"])))
peer.sendall(wire.frame(wire.HELLO, body))
time.sleep(600)
`;

describe.runIf(process.platform === 'linux')("an agent's word for its pid", () => {
  it.each([
    ['the first process', () => 1],
    ["a stranger's", () => stranger.pid ?? 0],
    ['our own', () => process.pid],
  ])('is a claim: %s is neither watched nor signalled, and the recording ends with its program', async (_what, claimed) => {
    writeFileSync(join(folder, 'liar.py'), LIAR);
    // The liar is a Python without an agent of its own (-I): all that is received from it is its false claim.
    const program = [
      'import os, subprocess, sys, time',
      `env = dict(os.environ, LINK=os.environ["HEAPSCOPE_LINK"], AGENT=${JSON.stringify(join(root, 'python-agent'))}, CLAIM="${claimed()}")`,
      'liar = subprocess.Popen([sys.executable, "-I", "liar.py"], env=env)',
      'sys.stdin.readline()',
    ].join('\n');
    const recorded = await record(spec('code', program));
    await until(() => recorded.events().some((event) => event.kind === 'agent-unidentified'));
    const rows = recorded.processes();
    expect(rows.map((row) => row.pid).sort()).toContain(claimed());
    expect(rows.length).toBeLessThanOrEqual(3);
    recorded.stop('kill');
    await until(() => recorded.processes().some((row) => row.parent === null && row.end !== null));
    recorded.stop('kill');
    await recorded.ended;
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    expect(recorded.processes().every((row) => row.end !== null)).toBe(true);
  });
});

/**
 * Starts a Python with no link to the program any more: it is in another session, and its parents in between, without agents, have ended.
 */
const DAEMON = `
import os, subprocess, sys, time
between = '''
import os, subprocess, sys
parent = os.getpid()
if os.fork() == 0:
    os.setsid()
    while os.getppid() == parent: pass
    subprocess.Popen([sys.executable, "-c", "import os, time; open('daemon', 'w').write(str(os.getpid())); time.sleep(600)"])
'''
subprocess.run([sys.executable, "-I", "-c", between])
while not os.path.exists("go"):
    time.sleep(0.01)
`;

describe.runIf(process.platform === 'linux')('a daemon whose descent from the program cannot be shown', () => {
  it('is recorded, is said to be there, does not hold the recording open, and goes on', async () => {
    // No tick happens while its parents exist.
    const recorded = await record({ ...spec('code', DAEMON), intervalMs: 60_000 });
    await until(() => recorded.events().some((event) => event.kind === 'agent-unrelated'));
    await until(() => existsSync(join(folder, 'daemon')) && readFileSync(join(folder, 'daemon'), 'utf8') !== '');
    const pid = Number(readFileSync(join(folder, 'daemon'), 'utf8'));
    writeFileSync(join(folder, 'go'), '');
    await recorded.ended;
    expect(recorded.faults).toEqual([{ code: 'agent.unrelated', facts: { pid } }]);
    const rows = recorded.processes();
    expect(rows.find((row) => row.pid === pid)).toMatchObject({ end: null, python: expect.any(String) as string });
    expect(rows[0]?.end).not.toBeNull();
    expect(process.kill(pid, 'SIGKILL')).toBe(true);
  });
});

describe.skipIf(!canUnshare)('a program in a pid namespace', () => {
  const CHILDREN = `
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import sys; sys.exit(3)"])
child.wait()
if os.fork() == 0:
    time.sleep(600)
things = [[i] for i in range(5000)]
open("pid", "w").write(str(os.getpid()))
time.sleep(600)
`;

  it('is recorded by its pid outside, with its children and their ends, its heap, and is stopped', async () => {
    writeFileSync(join(folder, 'inside.py'), CHILDREN);
    const recorded = await record(spec('command', 'unshare -pf --kill-child --mount-proc python3 inside.py'));
    const pidFile = join(folder, 'pid');
    await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') === '1');
    // The short child may still exist like the others.
    const lasting = (): ProcessRow[] =>
      recorded.processes().filter((row) => row.agent === 'connected' && row.command.includes('inside.py'));
    await until(() => lasting().filter((row) => !row.command.startsWith('unshare')).length === 2);
    const rows = recorded.processes();
    expect(rows.map((row) => row.pid)).not.toContain(1);
    expect(rows.filter((row) => row.python !== null).length).toBeGreaterThanOrEqual(2);
    expect(recorded.events().map((event) => event.kind)).not.toContain('agent-unidentified');
    // Both are "1" or "2" in their own namespaces, and their dumps must not collide.
    await recorded.snapshot();
    await until(() => recorded.ready().every((state) => state === 'ready' || state === 'failed'));
    expect(recorded.ready()).toEqual(['ready', 'ready']);
    recorded.stop('terminate');
    recorded.stop('kill');
    await recorded.ended;
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });
});

describe('strangers at the port of the agents', () => {
  it('are counted and not written down one by one', async () => {
    const recorded = await record(spec('code', 'import os; open("link", "w").write(os.environ["HEAPSCOPE_LINK"]); input()'));
    await until(() => existsSync(join(folder, 'link')) && readFileSync(join(folder, 'link'), 'utf8').includes('port='));
    const port = Number(/port=(\d+)/.exec(readFileSync(join(folder, 'link'), 'utf8'))?.[1]);
    await until(() => recorded.processes().some((row) => row.agent === 'connected'));
    for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 50 }, () => request(port)));
    recorded.stop('kill');
    await recorded.ended;
    const rows = recorded.events().filter((event) => event.kind === 'stranger');
    expect(rows.length).toBeLessThanOrEqual(3);
    expect(rows.reduce((sum, row) => sum + Number(row.facts['count']), 0)).toBe(500);
    expect(rows[0]?.facts).toMatchObject({ reason: 'HTTP', address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string });
    expect(recorded.events().map((event) => event.kind)).not.toContain('recording-fault');
  });
});

/** What a page's `fetch` sends; settles when it is refused. */
function request(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('POST / HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
}
