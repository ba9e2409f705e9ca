import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentServer, type SessionLink } from './agent-server.ts';
import { encodeFrame } from './frame-codec.ts';
import { Kind } from './messages.ts';

const KEY = '0123456789abcdef'.repeat(2);
const DUMP = Buffer.from('a dump '.repeat(100_000));

let server: AgentServer;
let link: SessionLink;
let folder: string;
let path: string;

beforeEach(async () => {
  server = await AgentServer.listen();
  link = server.openSession({ interval: 100, tracemalloc: 0, dumps: null });
  folder = mkdtempSync(join(tmpdir(), 'heapscope-test-'));
  path = join(folder, '7-1.heapdump');
});

afterEach(() => {
  server.dispose();
  rmSync(folder, { recursive: true });
});

/** A forked copy that connects, says its key and sends a dump. */
async function aCopy(o: { token?: string; key?: string } = {}): Promise<{ socket: Socket; closed: Promise<unknown> }> {
  const socket = connect({ host: '127.0.0.1', port: server.port });
  socket.on('error', () => undefined);
  socket.resume();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  const hello = encodeFrame(Kind.dump, { v: 2, token: o.token ?? link.token, key: o.key ?? KEY });
  socket.write(Buffer.concat([hello, DUMP.subarray(0, 10)]));
  socket.end(DUMP.subarray(10));
  return { socket, closed };
}
const whole = (): Promise<void> => vi.waitFor(() => expect(readFileSync(path).equals(DUMP)).toBe(true), 10_000);

describe('a copy that sends its dump', () => {
  it('is written to the path that was announced, for this user alone', async () => {
    link.streams.expect(KEY, path);
    await aCopy();
    await whole();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(link.streams.failure(KEY)).toBeUndefined();
  });

  it('waits until it is announced', async () => {
    await aCopy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    link.streams.expect(KEY, path);
    await whole();
  });

  it('is no stranger, and leaves the agents alone', async () => {
    const refused = vi.fn();
    link.onRefused.on(refused);
    link.streams.expect(KEY, path);
    await aCopy();
    await whole();
    expect([refused.mock.calls, link.connections.size]).toEqual([[], 0]);
  });
});

describe('what is not written', () => {
  it('comes with the wrong token, and is reported', async () => {
    const refused = vi.fn();
    link.onRefused.on(refused);
    link.streams.expect(KEY, path);
    await (
      await aCopy({ token: '0'.repeat(64) })
    ).closed;
    expect(refused.mock.calls.map(([{ reason }]) => reason as string)).toEqual(['token']);
    expect(existsSync(path)).toBe(false);
  });

  it('comes for the second time with a key', async () => {
    link.streams.expect(KEY, path);
    await aCopy();
    await whole();
    rmSync(path);
    await aCopy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(existsSync(path)).toBe(false);
  });

  it('has no place, and the reason is kept: a file is there already', async () => {
    writeFileSync(path, 'of another');
    link.streams.expect(KEY, path);
    await (
      await aCopy()
    ).closed;
    await vi.waitFor(() => expect(link.streams.failure(KEY)).toMatchObject({ code: 'EEXIST' }));
    expect(readFileSync(path, 'utf8')).toBe('of another');
  });

  it('is one of too many that nobody announces: they are closed', async () => {
    const copies = await Promise.all(Array.from({ length: 17 }, (_, n) => aCopy({ key: n.toString(16).padStart(32, '0') })));
    await Promise.race(copies.map(({ closed }) => closed));
    link.dispose();
    await Promise.all(copies.map(({ closed }) => closed));
  });
});
