import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PeerIdentity } from '../base/peer.ts';
import { AgentConnection } from './agent-connection.ts';
import { FrameReader, type Frame } from './frame-codec.ts';
import { Kind, type AgentMessage, type Hello } from './messages.ts';

/** The socket's side of it: what was sent, and whether it can be. */
class FakeSocket {
  readonly sent: Frame[] = [];
  readonly #reader = new FrameReader();
  remoteAddress: string | undefined = '127.0.0.1';
  remotePort: number | undefined = 5000;
  writable = true;
  destroyed = false;

  write(bytes: Uint8Array): void {
    this.sent.push(...this.#reader.push(bytes));
  }

  destroy(): void {
    this.destroyed = true;
  }
}

const KNOWN: PeerIdentity = { kind: 'descendant', pid: 10, ppid: 1, key: '10:1', holds: true };
let socket: FakeSocket;

beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
});
afterEach(() => vi.useRealTimers());

/** An agent that said HELLO now, when its own clock showed `t` seconds. */
function connect(t = 5, identity = KNOWN): AgentConnection {
  return new AgentConnection(socket as never, { pid: 4242, t } as Hello, identity, null);
}

const mark = (t: number): AgentMessage => ({ kind: Kind.mark, body: { t, name: 'x' } });
const reply = (id: number | null, more: object = {}): AgentMessage => ({ kind: Kind.reply, body: { id, ok: true, ...more } });

describe('the clock of an agent', () => {
  it('is ours less what its quickest message took: a later one moves nothing, a quicker one all', () => {
    const connection = connect(5);
    const hello = connection.toEngineTime(5);
    expect(connection.toEngineTime(7.5) - hello).toBeCloseTo(2500, 6);
    vi.advanceTimersByTime(1300);
    connection.receive(mark(6));
    expect(connection.toEngineTime(5)).toBeCloseTo(hello, 6);
    vi.advanceTimersByTime(700);
    connection.receive(mark(7.2));
    expect(connection.toEngineTime(5)).toBeCloseTo(hello - 200, 6);
    connection.receive(reply(9));
    expect(connection.toEngineTime(5)).toBeCloseTo(hello - 200, 6);
  });
});

describe('an agent', () => {
  it('is silent from its last message on', () => {
    const connection = connect();
    vi.advanceTimersByTime(400);
    expect(connection.silentFor()).toBeCloseTo(400, 6);
    connection.receive(reply(null));
    vi.advanceTimersByTime(30);
    expect(connection.silentFor()).toBeCloseTo(30, 6);
  });

  it('is who the kernel says it is, and who it says it is where the kernel knows nothing', () => {
    expect([connect().pid, connect(5, { kind: 'unknown' }).pid]).toEqual([10, 4242]);
  });

  it('has the address that it called from, as long as that is known', () => {
    const { address } = connect();
    socket.remoteAddress = socket.remotePort = undefined;
    expect([address, connect().address]).toEqual(['127.0.0.1:5000', '?:0']);
  });

  it('is let go by closing its socket', () => {
    connect().close();
    expect(socket.destroyed).toBe(true);
  });

  it('is sent nothing where nothing can be, or when it has ended', () => {
    const connection = connect();
    connection.send(Kind.welcome, { v: 2 });
    socket.writable = false;
    connection.send(Kind.welcome, {});
    socket.writable = true;
    connection.ended(null);
    connection.send(Kind.welcome, {});
    expect(socket.sent).toEqual([{ kind: Kind.welcome, body: { v: 2 } }]);
  });

  it('ends once, with the reason', () => {
    const connection = connect();
    const told: unknown[] = [];
    connection.onClosed.on((end) => told.push(end));
    connection.ended('reset');
    connection.ended(null);
    expect([told, connection.closed]).toEqual([[{ detail: 'reset' }], true]);
  });
});

describe('commands', () => {
  it('are answered by their numbers, in whatever order; a reply to none of them is nobody’s', async () => {
    const connection = connect();
    const told: AgentMessage[] = [];
    connection.onMessage.on((message) => told.push(message));
    const [first, second] = [connection.command('ping'), connection.command('collect', { all: true })];
    expect(socket.sent.map(({ body }) => body)).toEqual([
      { id: 1, name: 'ping', args: {} },
      { id: 2, name: 'collect', args: { all: true } },
    ]);
    for (const id of [null, 7]) connection.receive(reply(id, { result: { wrong: 1 } }));
    connection.receive(reply(2, { result: { collected: 3 } }));
    connection.receive(reply(1));
    expect([await first, await second, told]).toEqual([{}, { collected: 3 }, []]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are given a minute where nothing else is said; a reply that comes later is too late', async () => {
    const connection = connect();
    const settled = vi.fn();
    const command = connection.command('snapshot').catch((thrown: unknown) => void settled(thrown));
    await vi.advanceTimersByTimeAsync(59_999);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await command;
    expect(settled.mock.calls[0]?.[0]).toMatchObject({ code: 'agent.timeout', facts: { pid: 10, command: 'snapshot' } });
    expect(() => connection.receive(reply(1))).not.toThrow();
  });

  it('that wait when it ends are told so, and wait no more', async () => {
    const connection = connect();
    const commands = [connection.command('ping'), connection.command('collect')];
    connection.ended(null);
    expect(vi.getTimerCount()).toBe(0);
    for (const command of [...commands, connection.command('ping')])
      await expect(command).rejects.toMatchObject({ code: 'agent.gone', facts: { pid: 10 } });
    expect(socket.sent).toHaveLength(2);
  });

  it('that fail without a word have failed', async () => {
    const connection = connect();
    const command = connection.command('pause');
    connection.receive(reply(1, { ok: false }));
    const facts = { pid: 10, command: 'pause', reason: 'failed', detail: '' };
    await expect(command).rejects.toMatchObject({ code: 'agent.failed', facts });
  });
});
