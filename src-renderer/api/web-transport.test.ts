import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Encoder } from '@msgpack/msgpack';
import type { ServerFrame } from '../../src-preload/contract/index.ts';
import { WebTransport } from './web-transport.ts';

/** The browser's socket, opened and closed by the test. */
class FakeSocket {
  static made: FakeSocket[] = [];
  readonly url: string;
  readonly protocols: string[];
  readonly sent: Uint8Array[] = [];
  binaryType = '';
  onopen = (): void => undefined;
  onclose = (): void => undefined;
  onmessage = (_message: { data: ArrayBuffer }): void => undefined;

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
    FakeSocket.made.push(this);
  }

  send(data: Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    this.onclose();
  }

  receive(frame: ServerFrame): void {
    this.onmessage({ data: new Encoder().encode(frame).slice().buffer });
  }
}

let sessionStatus = 204;
const newest = (): FakeSocket => FakeSocket.made.at(-1) ?? expect.fail('no socket was opened');
const transport = (): WebTransport => new WebTransport({ origin: 'http://127.0.0.1:8123', token: 'abc', retry: { first: 100, last: 400 } });

beforeEach(() => {
  FakeSocket.made = [];
  sessionStatus = 204;
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('fetch', () => Promise.resolve({ status: sessionStatus }));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('given a call before the connection, when made, then it settles with call.peer-gone', async () => {
  expect(await transport().call(1, 'app.info', {})).toEqual({ ok: false, error: { code: 'call.peer-gone', facts: {} } });
});

test('given calls in flight, when the socket breaks, then each settles with call.peer-gone', async () => {
  const web = transport();
  newest().onopen();
  const calls = [web.call(1, 'app.info', {}), web.call(2, 'projects.list', {})];
  newest().close();
  for (const outcome of await Promise.all(calls)) expect(outcome).toMatchObject({ ok: false, error: { code: 'call.peer-gone' } });
});

test('given a refused token, when the socket fails, then the state says so and nothing is tried again', async () => {
  sessionStatus = 401;
  const web = transport();
  newest().close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(web.state()).toBe('refused');
  expect(FakeSocket.made).toHaveLength(1);
});

test('given a broken connection, when it is back, then it waited longer each time and tells of missed events', async () => {
  const web = transport();
  const told: string[] = [];
  web.onConnection((state) => told.push(state));
  web.onResync(() => told.push('resync'));
  newest().onopen();
  newest().close();
  for (const [waits, sockets] of [
    [100, 2],
    [199, 2],
    [1, 3],
  ] as const) {
    await vi.advanceTimersByTimeAsync(waits);
    expect(FakeSocket.made).toHaveLength(sockets);
    if (sockets !== 2 || waits === 100) newest().close();
  }
  await vi.advanceTimersByTimeAsync(400);
  newest().onopen();
  expect(told).toEqual(['connected', 'lost', 'connected', 'resync']);
});

test('given events and a resync from the server, when they come, then their listeners hear them until they stop', () => {
  const web = transport();
  const heard: unknown[] = [];
  const stop = web.on('sessions.changed', (payload) => heard.push(payload));
  web.onResync(() => heard.push('resync'));
  newest().onopen();
  newest().receive({ k: 'event', e: 'sessions.changed', p: { project: 'p1' } });
  newest().receive({ k: 'resync' });
  stop();
  newest().receive({ k: 'event', e: 'sessions.changed', p: { project: 'p2' } });
  expect(heard).toEqual([{ project: 'p1' }, 'resync']);
});

test('given a token, when the socket is opened, then it travels as a subprotocol and not in the address', () => {
  transport();
  expect(newest().url).toBe('ws://127.0.0.1:8123/socket');
  expect(newest().protocols).toEqual(['heapscope', 'token.abc']);
});

test('given an answer, when it comes, then the call settles with it', async () => {
  const web = transport();
  newest().onopen();
  const call = web.call(7, 'projects.list', {});
  newest().receive({ k: 'done', id: 7, r: { ok: true, value: [] } });
  expect(await call).toEqual({ ok: true, value: [] });
});

const END = { signal: 'SIGTERM' as const, recordings: [{ name: 'shop.py', path: '/shop.heapscope' }] };

test('given an engine that said goodbye, when its socket closes, then it has ended and its reason is kept', async () => {
  const web = transport();
  const told: string[] = [];
  web.onConnection((state) => told.push(state));
  newest().onopen();
  newest().receive({ k: 'goodbye', end: END });
  expect(told).toEqual(['connected']);
  newest().close();
  expect([told, web.goodbye()]).toEqual([['connected', 'ended'], END]);
  await vi.advanceTimersByTimeAsync(100);
  newest().onopen();
  expect([web.state(), web.goodbye()]).toEqual(['connected', null]);
});

test('given an engine that ended, when another has its port, then it stays ended and nothing is tried again', async () => {
  const web = transport();
  newest().onopen();
  newest().receive({ k: 'goodbye', end: END });
  sessionStatus = 401;
  newest().close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(web.state()).toBe('ended');
  expect(FakeSocket.made).toHaveLength(1);
});
