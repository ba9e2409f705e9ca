import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PeerIdentity } from '../../base/peer.ts';
import { python } from '../testing/programs.ts';
import { watch } from '../testing/watch.ts';

/** Connects, sends what the test asks for, and runs until its input ends. */
const CONNECT = `
import os, socket, sys
def connect(say):
    s = socket.create_connection(("127.0.0.1", int(os.environ["PORT"])))
    s.sendall((say + "\\n").encode())
    return s
`;
const STAY = 'sys.stdin.read()';

let server: Server;
let port: number;
const started: ChildProcess[] = [];
const arrived: { claim: string; port: number }[] = [];
const sockets: Socket[] = [];

beforeEach(async () => {
  arrived.length = 0;
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => arrived.push({ claim: bytes.toString().trim(), port: socket.remotePort ?? 0 }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function run(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'inherit'], env: { ...process.env, PORT: String(port) } });
  started.push(child);
  return child;
}

function runPython(code: string, before: string[] = []): ChildProcess {
  const [command, ...args] = [...before, python(), '-I', '-c', `${CONNECT}${code}`];
  return run(command, args);
}

async function connection(n = 0): Promise<{ claim: string; port: number }> {
  while (arrived[n] === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  return arrived[n];
}

function identify(root: number, peer: { claim: string; port: number }): { identity: PeerIdentity; watched: ReturnType<typeof watch> } {
  const watched = watch(root, { mark: `PORT=${port}` });
  return { watched, identity: watched.sampler.identify({ port: peer.port, enginePort: port, pid: Number(peer.claim) }) };
}

const canUnshare = spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;

describe.runIf(process.platform === 'linux')('who connected', () => {
  test('is the program itself, by its socket', async () => {
    const child = runPython(`s = connect(str(os.getpid()))\n${STAY}`);
    const { identity } = identify(child.pid!, await connection());
    expect(identity).toMatchObject({ kind: 'descendant', pid: child.pid });
  });

  test.each([
    ['the first process of the machine', () => 1],
    ['ourselves', () => process.pid],
    ['what started us', () => process.ppid],
    ['nobody', () => 0],
  ])('is not %s because it says so', async (_what, claimed) => {
    const child = runPython(`s = connect("${claimed()}")\n${STAY}`);
    const { identity, watched } = identify(child.pid!, await connection());
    expect(identity).toEqual({ kind: 'unknown' });
    const { processes } = await watched.until(() => true);
    expect(processes.map((each) => each.pid)).toEqual([child.pid]);
  });

  test('is no stranger whose pid it claims, and that one is not signalled', async () => {
    const stranger = run('sleep', ['600']);
    const child = runPython(`s = connect("${stranger.pid}")\n${STAY}`);
    const { identity, watched } = identify(child.pid!, await connection());
    expect(identity).toEqual({ kind: 'unknown' });
    watched.sampler.signal('SIGKILL');
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  test('once it has closed the connection, is nobody, but for a process of the tree that calls itself so', async () => {
    const stranger = run('sleep', ['600']);
    const child = runPython(`connect("${stranger.pid}").close(); connect(str(os.getpid())).close()\n${STAY}`);
    await connection(1);
    for (const socket of sockets) if (!socket.destroyed) await once(socket.resume(), 'close');
    const { identity, watched } = identify(child.pid!, arrived[0]!);
    expect(identity).toEqual({ kind: 'gone' });
    const own = watched.sampler.identify({ port: arrived[1]!.port, enginePort: port, pid: child.pid! });
    expect(own).toMatchObject({ kind: 'descendant', pid: child.pid });
  });

  test('as a process that does not descend from the program is followed and never signalled', async () => {
    const root = run('sleep', ['600']);
    const other = runPython(`s = connect(str(os.getpid()))\n${STAY}`);
    const { identity, watched } = identify(root.pid!, await connection());
    expect(identity).toMatchObject({ kind: 'connected', pid: other.pid });
    await watched.until((sample) => sample.processes.length === 2);
    watched.sampler.signal('SIGKILL');
    await once(root, 'exit');
    expect(other.exitCode ?? other.signalCode).toBeNull();
  });

  test('as a daemon whose parents have gone is known by its session', async () => {
    // The first child leads a session and reports it; its own child outlives it.
    const program = `
if os.fork() == 0:
    os.setsid()
    s = connect(str(os.getpid()))
    s.recv(1)
    if os.fork():
        os._exit(0)
    while os.getppid() != 1 and os.getsid(0) == os.getppid():
        pass
    t = connect(str(os.getpid()))
    t.recv(1)
    os._exit(0)
os.wait()
${STAY}`;
    const child = runPython(program);
    const { watched, identity } = identify(child.pid!, await connection(0));
    expect(identity).toMatchObject({ kind: 'descendant' });
    sockets[0]!.write('x');
    await watched.untilEnded(Number(arrived[0]!.claim));
    const daemon = await connection(1);
    expect(watched.sampler.identify({ port: daemon.port, enginePort: port, pid: Number(daemon.claim) })).toMatchObject({
      kind: 'descendant',
      pid: Number(daemon.claim),
    });
    sockets[1]!.write('x');
  });

  test('is told for many connections at once by their ports, for processes too that no tick has come by', async () => {
    const code = `s = connect("root")\nif os.fork() == 0:\n    if os.fork() == 0:\n        s = connect("grandchild")\n${STAY}`;
    const [root, other] = [runPython(code), runPython(`s = connect("other")\n${STAY}`)];
    await connection(2);
    const portOf = (claim: string): number => arrived.find((each) => each.claim === claim)!.port;
    const watched = watch(root.pid!, { intervalMs: 60_000 });
    const own = watched.sampler.ownPorts(
      arrived.map((each) => each.port),
      port,
    );
    expect(own).toEqual(new Set([portOf('root'), portOf('grandchild')]));
    expect(other.exitCode).toBeNull();
  });

  test.skipIf(!canUnshare)('in a pid namespace of its own is known by its pid outside, and so is its child', async () => {
    const code = `s = connect(str(os.getpid()))\nif os.fork() == 0:\n    s.close(); s = connect(str(os.getpid()))\n${STAY}`;
    const root = runPython(code, ['unshare', '-pf', '--kill-child', '--mount-proc']);
    const first = await connection(0);
    const second = await connection(1);
    expect([first.claim, second.claim]).toEqual(['1', '2']);
    const { watched, identity } = identify(root.pid!, first);
    expect(identity).toMatchObject({ kind: 'descendant', ppid: root.pid });
    const child = watched.sampler.identify({ port: second.port, enginePort: port, pid: 2 });
    expect(child).toMatchObject({ kind: 'descendant', ppid: 'pid' in identity ? identity.pid : null });
    expect('pid' in child && child.pid).not.toBe(2);
    const { processes } = await watched.until((sample) => sample.processes.length === 3);
    expect(processes.map((each) => each.pid)).not.toContain(1);
  });

  test.skipIf(!canUnshare)(
    'put into the program’s pid namespace from outside is followed and never signalled, unlike its own daemon',
    async () => {
      // A child that leads a session and ends once its own child is known.
      const code = `
s = connect(str(os.getpid()))
if os.fork() == 0:
    os.setsid()
    if os.fork():
        t = connect("leader"); t.recv(1)
        os._exit(0)
    u = connect(str(os.getpid())); u.recv(1)
    os.execvp("sleep", ["sleep", "600"])
os.wait()
${STAY}`;
      const root = runPython(code, ['unshare', '-pf', '--kill-child', '--mount-proc']);
      await connection(2);
      const { watched, identity } = identify(
        root.pid!,
        arrived.find((each) => each.claim === '1')!,
      );
      const init = 'pid' in identity ? identity.pid : 0;
      await watched.until((sample) => sample.processes.length === 4);
      sockets[arrived.findIndex((each) => each.claim === 'leader')]!.write('x');
      spawnSync('nsenter', ['-t', String(init), '-p', 'sh', '-c', 'setsid sleep 599 > /dev/null 2>&1 &']);
      const found = await watched.until((sample) => sample.processes.some((each) => each.command === 'sleep 599' && each.ppid === init));
      expect(found.processes.find((each) => each.command === 'sleep 599')).toMatchObject({ descends: false });
      const stranger = found.processes.find((each) => each.command === 'sleep 599')!.pid;
      const isDaemon = (each: { pid: number; ppid: number }): boolean => each.ppid === init && each.pid !== stranger;
      const daemon = (await watched.until((sample) => sample.processes.some(isDaemon))).processes.find(isDaemon)!;
      expect(daemon).toMatchObject({ descends: true });
      watched.sampler.signal('SIGTERM');
      await watched.untilEnded(daemon.pid);
      expect(readFileSync(`/proc/${stranger}/stat`, 'latin1')).toContain('(sleep) S');
      process.kill(init, 'SIGKILL');
    },
  );
});
