import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentConnection } from './agent-connection.ts';
import { AgentServer, type Refusal, type SessionLink } from './agent-server.ts';
import { encodeFrame, FrameReader, type Frame } from './frame-codec.ts';
import { Kind, type AgentMessage } from './messages.ts';

const hello = (token: string, change: Record<string, unknown> = {}) => ({
  v: 2,
  agent: '0.1.0',
  token,
  t: 12.5,
  pid: 4242,
  ppid: 1,
  python: '3.12.1',
  implementation: 'cpython',
  executable: '/usr/bin/python3',
  argv: ['x.py'],
  cwd: '/',
  platform: 'linux',
  free_threaded: false,
  reason: 'start',
  debug: false,
  ...change,
});

/** The agent's end of a connection, played by the test. */
class Peer {
  readonly frames: Frame[] = [];
  readonly opened: Promise<unknown>;
  readonly closed: Promise<unknown>;
  readonly #socket: Socket;
  readonly #reader = new FrameReader();

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port });
    this.opened = once(this.#socket, 'connect');
    this.closed = once(this.#socket, 'close');
    this.#socket.on('data', (bytes) => this.frames.push(...this.#reader.push(bytes)));
    this.#socket.on('error', () => undefined);
  }

  get port(): number {
    return this.#socket.localPort ?? 0;
  }

  send(kind: number, body: Record<string, unknown>): void {
    this.#socket.write(encodeFrame(kind, body));
  }

  sendRaw(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  async frame(kind: number): Promise<Frame> {
    return until(() => this.frames.find((frame) => frame.kind === kind));
  }

  close(): void {
    this.#socket.destroy();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }
}

async function until<T>(probe: () => T | undefined): Promise<T> {
  for (;;) {
    const found = probe();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

let server: AgentServer;
let link: SessionLink;
let joined: AgentConnection[];
let refused: Refusal[];
let peer: Peer;

beforeEach(async () => {
  server = await AgentServer.listen();
  link = server.openSession({ interval: 100, tracemalloc: 0, dumps: null });
  joined = [];
  refused = [];
  link.onJoined.on((connection) => joined.push(connection));
  link.onRefused.on((refusal) => refused.push(refusal));
  peer = new Peer(server.port);
});

afterEach(() => {
  peer.close();
  server.dispose();
});

describe('a stranger', () => {
  it('with a wrong token is refused and reported', async () => {
    peer.send(Kind.hello, hello('0'.repeat(64)));
    await peer.closed;
    expect((await peer.frame(Kind.refuse)).body['code']).toBe('token');
    expect(refused.map((refusal) => refusal.reason)).toEqual(['token']);
    expect(joined).toEqual([]);
  });

  it('that speaks HTTP is refused and reported', async () => {
    peer.sendRaw(Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    await peer.closed;
    expect(refused.map((refusal) => refusal.reason)).toEqual(['http']);
  });

  it('that says nothing makes room for those that come after: of hundreds at once the oldest are closed', async () => {
    const silent = Array.from({ length: 100 }, () => new Peer(server.port));
    await peer.closed;
    await Promise.all(silent.slice(0, 30).map((each) => each.closed));
    expect(new Set(refused.map((refusal) => refusal.reason))).toEqual(new Set(['no-hello']));
    const agent = new Peer(server.port);
    agent.send(Kind.hello, hello(link.token));
    await agent.frame(Kind.welcome);
    for (const each of [...silent, agent]) each.close();
  });

  it('that is held by a process of the program is not closed for the number of others', async () => {
    const ours = Array.from({ length: 80 }, () => new Peer(server.port));
    await Promise.all(ours.map((each) => each.opened));
    link.ownPorts = (ports) => new Set(ports.filter((port) => ours.some((each) => each.port === port)));
    const others = Array.from({ length: 100 }, () => new Peer(server.port));
    await Promise.all([peer.closed, ...others.slice(0, 30).map((each) => each.closed)]);
    for (const each of ours) each.send(Kind.hello, hello(link.token));
    await Promise.all(ours.map((each) => each.frame(Kind.welcome)));
    expect(joined).toHaveLength(80);
    for (const each of [...ours, ...others]) each.close();
  });

  it('that closes without a word is counted, and so is one that closes within a frame; an agent that ends is none', async () => {
    const agent = new Peer(server.port);
    agent.send(Kind.hello, hello(link.token));
    await agent.frame(Kind.welcome);
    const half = new Peer(server.port);
    half.sendRaw(encodeFrame(Kind.hello, hello(link.token)).subarray(0, 10));
    await Promise.all([peer.opened, half.opened]);
    for (const each of [peer, half, agent]) each.close();
    await until(() => (refused.length === 2 && joined[0]?.closed ? true : undefined));
    expect(refused.map(({ reason, address }) => [reason, address.startsWith('127.0.0.1:')])).toEqual([
      ['closed', true],
      ['closed', true],
    ]);
  });

  it('that starts with something else than HELLO is refused', async () => {
    peer.send(Kind.mark, { t: 1, name: 'x' });
    await peer.closed;
    expect(refused[0]?.detail).toMatch(/HELLO/);
  });

  it.each(['', 'x', '0'.repeat(65)])('with a token of another length is refused as one with a wrong one is: %j', async (token) => {
    peer.send(Kind.hello, hello(token));
    await peer.closed;
    expect(refused.map((refusal) => refusal.reason)).toEqual(['token']);
  });

  it('that was refused is not listened to, whatever it says next', async () => {
    peer.sendRaw(Buffer.concat([hello('wrong'), hello(link.token)].map((body) => encodeFrame(Kind.hello, body))));
    await peer.closed;
    expect([joined, refused.map(({ reason }) => reason)]).toEqual([[], ['token']]);
  });

  it('that goes on talking when it was refused is cut off', async () => {
    const socket = connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true });
    const cut = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.write(encodeFrame(Kind.hello, hello('wrong')));
    const talking = setInterval(() => socket.write('more'), 10);
    await cut;
    clearInterval(talking);
    expect(refused.map(({ reason }) => reason)).toEqual(['token']);
  });

  it('whose connection breaks is reported with what the system says', async () => {
    await peer.opened;
    await until(() => (peer.port > 0 ? true : undefined));
    peer.reset();
    await until(() => refused[0]);
    expect(refused).toMatchObject([{ reason: 'closed', detail: expect.stringContaining('ECONNRESET') as string }]);
  });

  it('that sends a huge HELLO is refused before it is taken', async () => {
    peer.send(Kind.hello, hello(link.token, { argv: ['x'.repeat(65_000), 'y'.repeat(65_000)] }));
    await peer.closed;
    expect(refused.map((refusal) => refusal.reason)).toEqual(['protocol']);
  });
});

describe('an agent of another version', () => {
  it('is told so and reported with what it is', async () => {
    peer.send(Kind.hello, hello(link.token, { v: 9 }));
    await peer.closed;
    expect((await peer.frame(Kind.refuse)).body['code']).toBe('version');
    expect(refused[0]).toMatchObject({ reason: 'version', hello: { pid: 4242, v: 9 } });
  });
});

describe('an interpreter without an agent', () => {
  it('is reported with its version, and joins no session', async () => {
    peer.send(Kind.hello, hello(link.token, { reason: 'unsupported', python: '3.8.18' }));
    await peer.closed;
    expect(refused[0]).toMatchObject({ reason: 'python', detail: 'Python 3.8.18', hello: { pid: 4242 } });
    expect(joined).toEqual([]);
  });
});

describe('an agent of the session', () => {
  async function join(): Promise<AgentConnection> {
    peer.send(Kind.hello, hello(link.token));
    await peer.frame(Kind.welcome);
    return until(() => joined[0]);
  }

  it('is who the kernel says it is, whatever it says, and its dumps lie apart where its own pid is another', async () => {
    const other = await AgentServer.listen();
    const apart = (pid: number): string => `/dumps/${pid}`;
    link = other.openSession({ interval: 100, tracemalloc: 0, dumps: { folder: '/dumps', apart } });
    const said: number[] = [];
    link.identify = ({ pid }) => {
      said.push(pid);
      return pid === 9 ? { kind: 'unknown' } : { kind: 'descendant', pid: 777, ppid: 1, key: '777:1', holds: true };
    };
    const dumps: unknown[] = [];
    for (const pid of [1, 777, 9]) {
      const each = new Peer(other.port);
      each.send(Kind.hello, hello(link.token, { pid }));
      dumps.push((await each.frame(Kind.welcome)).body['dumps']);
      each.close();
    }
    other.dispose();
    expect(said).toEqual([1, 777, 9]);
    expect(dumps).toEqual(['/dumps/777', '/dumps', null]);
  });

  it('is welcomed with the interval', async () => {
    const connection = await join();
    expect((await peer.frame(Kind.welcome)).body).toEqual({ v: 2, interval: 100, paused: false, sampling: 0, dumps: null });
    expect(connection.pid).toBe(4242);
  });

  it('is dropped when it breaks the contract later, and its commands settle; it is no stranger', async () => {
    const connection = await join();
    const told: unknown[] = [];
    connection.onClosed.on((end) => told.push(end));
    const command = connection.command('collect');
    peer.send(99, {});
    await expect(command).rejects.toMatchObject({ code: 'agent.gone' });
    await peer.closed;
    expect([connection.closed, refused, told]).toEqual([true, [], [{ detail: expect.stringContaining('unknown kind') as string }]]);
  });

  it('is heard with what it sent together with its HELLO, and may send more than a stranger', async () => {
    peer.sendRaw(Buffer.concat([encodeFrame(Kind.hello, hello(link.token)), encodeFrame(Kind.mark, { t: 1, name: 'early' })]));
    const names: unknown[] = [];
    link.onJoined.on(({ onMessage }) => onMessage.on(({ kind, body }) => names.push(kind === Kind.mark ? body.name.length : kind)));
    await until(() => names[0]);
    for (const name of ['x', 'y']) peer.send(Kind.fault, { t: 1, where: name.repeat(65_000), message: name.repeat(65_000) });
    await until(() => names[2]);
    expect([names, refused]).toEqual([[5, Kind.fault, Kind.fault], []]);
  });

  it('is let go with its session, and with the server', async () => {
    const connection = await join();
    expect(link.connections).toEqual(new Set([connection]));
    link.dispose();
    await peer.closed;
    const other = await AgentServer.listen();
    const silent = new Peer(other.port);
    await silent.opened;
    await new Promise((resolve) => setTimeout(resolve, 20));
    other.dispose();
    await silent.closed;
  });

  it('takes no dumps where there is no place for them, whoever it is', async () => {
    link.identify = ({ port, enginePort, pid }) => {
      expect([port, enginePort]).toEqual([peer.port, server.port]);
      return { kind: 'descendant', pid, ppid: 1, key: `${pid}:1`, holds: true };
    };
    expect((await join()).dumps).toBeNull();
  });

  it('is told by its environment where to call, by which token, and what is wanted of it', () => {
    const atExit = server.openSession({ interval: 7, tracemalloc: 3, sampling: 65_536, dumps: null, atExit: true });
    const where = `v=2 host=127.0.0.1 port=${server.port}`;
    expect(link.environment).toBe(`${where} token=${link.token} interval=100 tracemalloc=0 exit=0`);
    expect(atExit.environment).toBe(`${where} token=${atExit.token} interval=7 tracemalloc=3 exit=1 sampling=65536`);
    expect(link.token).toMatch(/^[0-9a-f]{64}$/);
  });

  it('answers a command', async () => {
    const connection = await join();
    const command = connection.command('collect');
    const { body } = await peer.frame(Kind.command);
    peer.send(Kind.reply, { id: body['id'], ok: true, result: { collected: 3, uncollectable: 0, duration: 0.1 } });
    expect(await command).toMatchObject({ collected: 3 });
  });

  it('that fails a command gives its code and its words', async () => {
    const connection = await join();
    const command = connection.command('tracemalloc_start', { frames: 5 });
    const { body } = await peer.frame(Kind.command);
    peer.send(Kind.reply, { id: body['id'], ok: false, code: 'unavailable', error: 'no tracemalloc' });
    await expect(command).rejects.toMatchObject({
      code: 'agent.failed',
      facts: { pid: 4242, command: 'tracemalloc_start', reason: 'unavailable', detail: 'no tracemalloc' },
    });
  });

  it('that never answers lets the command time out', async () => {
    const connection = await join();
    await expect(connection.command('ping', {}, 30)).rejects.toMatchObject({ code: 'agent.timeout' });
  });

  it('has its clock mapped by the message that was under way the shortest', async () => {
    const connection = await join();
    const messages: AgentMessage[] = [];
    connection.onMessage.on((message) => messages.push(message));
    const before = connection.toEngineTime(20);
    peer.send(Kind.mark, { t: 20, name: 'late' });
    await until(() => messages[0]);
    expect(connection.toEngineTime(20)).toBeLessThanOrEqual(before);
  });

  it('takes no command after its end', async () => {
    const connection = await join();
    peer.close();
    await until(() => (connection.closed ? true : undefined));
    await expect(connection.command('ping')).rejects.toMatchObject({ code: 'agent.gone' });
    expect(link.connections.size).toBe(0);
  });

  it('of a session that ended is a stranger', async () => {
    link.dispose();
    const other = server.openSession({ interval: 100, tracemalloc: 0, dumps: null });
    other.onRefused.on((refusal) => refused.push(refusal));
    peer.send(Kind.hello, hello(link.token));
    await peer.closed;
    expect(refused.map((refusal) => refusal.reason)).toEqual(['token']);
  });
});

describe('patience with one that has not said who it is', () => {
  const PATIENCE = { turns: 4, everyMs: 25 };

  it('ends', async () => {
    const own = await AgentServer.listen(PATIENCE);
    own.openSession({ interval: 100, tracemalloc: 0, dumps: null }).onRefused.on((refusal) => refused.push(refusal));
    const silent = new Peer(own.port);
    await silent.closed;
    own.dispose();
    expect(refused).toMatchObject([{ reason: 'no-hello', detail: 'silent for 100 ms' }]);
  });

  it('does not end while we stand still ourselves', async () => {
    const own = await AgentServer.listen(PATIENCE);
    const session = own.openSession({ interval: 100, tracemalloc: 0, dumps: null });
    const refusals: Refusal[] = [];
    session.onRefused.on((refusal) => refusals.push(refusal));
    const late = new Peer(own.port);
    await late.opened;
    // Connections are accepted, and then the event loop is blocked for much longer than any time limit.
    await new Promise((resolve) => setTimeout(resolve, 20));
    late.send(Kind.hello, hello(session.token));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    await late.frame(Kind.welcome);
    expect(refusals).toEqual([]);
    late.close();
    own.dispose();
  });
});
