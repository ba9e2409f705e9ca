import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Decoder, Encoder, ExtensionCodec } from '@msgpack/msgpack';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import type { ServerFrame } from '../../src-preload/contract/index.ts';
import { silentLog } from '../engine/faces/base.ts';
import type { ClientLimits } from './client.ts';
import { idleRouter, testRouter, type TestRouter } from './testing/router.ts';
import { startServer, type RunningServer } from './server.ts';

let server: RunningServer;

afterEach(() => server.close());

async function serve(router: TestRouter, limits: Partial<ClientLimits> = {}): Promise<void> {
  server = await startServer({ router, page: '/nowhere', port: 0, log: silentLog, limits });
}

const ours = (): string => `http://127.0.0.1:${server.port}`;

function dial(token = server.token, options: ClientOptions = { origin: ours() }, path = '/socket'): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${server.port}${path}`, ['heapscope', `token.${token}`], options);
}

async function connected(): Promise<WebSocket> {
  const socket = dial();
  await once(socket, 'open');
  return socket;
}

/** HTTP status of the refusal. */
async function refusal(socket: WebSocket): Promise<number> {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number; destroy(): void }];
  response.destroy();
  return response.statusCode;
}

const codec = new ExtensionCodec();
codec.register({ type: 1, encode: () => null, decode: (data) => new Float64Array(new Uint8Array(data).buffer) });
const read = (data: Buffer): ServerFrame => new Decoder({ extensionCodec: codec }).decode(data) as ServerFrame;

async function nextFrame(socket: WebSocket): Promise<ServerFrame> {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return read(data);
}

const send = (socket: WebSocket, frame: unknown): void => socket.send(new Encoder().encode(frame));

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

test('given a wrong or missing token, when a socket is opened, then 401', async () => {
  await serve(idleRouter());
  expect(await refusal(dial('wrong'))).toBe(401);
  expect(await refusal(new WebSocket(`ws://127.0.0.1:${server.port}/socket`, 'heapscope', { origin: ours() }))).toBe(401);
});

test('given a foreign or missing Origin or a foreign Host, when a socket is opened with the token, then 403', async () => {
  await serve(idleRouter());
  expect(await refusal(dial(server.token, { origin: 'https://evil.example' }))).toBe(403);
  expect(await refusal(dial(server.token, {}))).toBe(403);
  expect(await refusal(dial(server.token, { origin: ours(), headers: { host: `evil.example:${server.port}` } }))).toBe(403);
});

test('given another path, when a socket is opened with the token, then 404', async () => {
  await serve(idleRouter());
  expect(await refusal(dial(server.token, { origin: ours() }, '/other'))).toBe(404);
});

/** A call as bytes; its arguments are already encoded. */
function call(method: string, args: Buffer): Buffer {
  const encode = (value: unknown): Uint8Array => new Encoder().encode(value);
  return Buffer.concat([Buffer.of(0x84), ...['k', 'call', 'id', 1, 'm', method, 'a'].map(encode), args]);
}

/** An array of this many small numbers. */
function hundredThousand(): Buffer {
  return Buffer.concat([Buffer.of(0xdd, 0, 1, 0x86, 0xa0), Buffer.alloc(100_000, 1)]);
}

test('given a frame as deep as one may be, and a dropped file of 9 MiB, when sent, then they are answered', async () => {
  await serve(testRouter(() => Promise.resolve({ ok: true, value: 1 })));
  const socket = await connected();
  socket.send(call('app.info', Buffer.concat([Buffer.alloc(128, 0x91), Buffer.of(0xc0)])));
  expect(await nextFrame(socket)).toMatchObject({ k: 'done', r: { ok: true } });
  send(socket, { k: 'call', id: 2, m: 'files.receive', a: { name: 'a', data: new Uint8Array(9 << 20) } });
  expect(await nextFrame(socket)).toMatchObject({ k: 'done', r: { ok: true } });
});

test.each([
  ['text', 'hello'],
  ['bytes that are no MessagePack', Buffer.from([0xc1, 0xff])],
  ['a frame cut short', Buffer.from([0x84, 0xa1])],
  ['a header that claims four thousand million entries', Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])],
  ['a frame that opens a million levels', call('app.info', Buffer.concat([Buffer.alloc(1_000_000, 0x91), Buffer.of(0xc0)]))],
  ['a frame that opens two levels more than are taken', call('app.info', Buffer.concat([Buffer.alloc(129, 0x91), Buffer.of(0xc0)]))],
  ['a frame of a million values', call('app.info', Buffer.concat([Buffer.of(0x9a), ...Array<Buffer>(10).fill(hundredThousand())]))],
  ['a frame of 9 MiB that is no dropped file', call('app.info', Buffer.from(new Encoder().encode(new Uint8Array(9 << 20))))],
  ['a frame of another kind', Buffer.from(new Encoder().encode({ k: 'done', id: 1, r: null }))],
  ['a call with a name that is no text', Buffer.from(new Encoder().encode({ k: 'call', id: 1, m: 7, a: {} }))],
  ['a call with more fields', Buffer.from(new Encoder().encode({ k: 'call', id: 1, m: 'app.info', a: {}, more: 1 }))],
])('given %s, when sent, then that browser is let go and the server goes on', async (_name, data) => {
  await serve(testRouter(() => Promise.resolve({ ok: true, value: 1 })));
  const bad = await connected();
  bad.send(data);
  expect(await closeCode(bad)).toBe(1007);
  const good = await connected();
  send(good, { k: 'call', id: 1, m: 'app.info', a: {} });
  expect(await nextFrame(good)).toEqual({ k: 'done', id: 1, r: { ok: true, value: 1 } });
});

test('given a frame above 64 MiB, when sent, then that browser is let go', async () => {
  await serve(idleRouter());
  const socket = await connected();
  socket.on('error', () => undefined);
  socket.send(Buffer.alloc(64 * 1024 * 1024 + 1));
  expect([1009, 1006]).toContain(await closeCode(socket));
});

test('given a call id in use or too many calls, when sent, then that browser is let go', async () => {
  await serve(idleRouter(), { calls: 2 });
  const twice = await connected();
  for (const id of [1, 1]) send(twice, { k: 'call', id, m: 'app.info', a: {} });
  expect(await closeCode(twice)).toBe(1008);
  const many = await connected();
  for (const id of [1, 2, 3]) send(many, { k: 'call', id, m: 'app.info', a: {} });
  expect(await closeCode(many)).toBe(1008);
});

test('given a call under way, when cancelled, then the engine is told and it settles', async () => {
  await serve(idleRouter());
  const socket = await connected();
  send(socket, { k: 'call', id: 5, m: 'projects.saveAs', a: {} });
  send(socket, { k: 'cancel', id: 5 });
  expect(await nextFrame(socket)).toEqual({ k: 'done', id: 5, r: { ok: false, error: { code: 'call.cancelled', facts: {} } } });
});

test('given calls under way, when the browser goes, then they are cancelled', async () => {
  const router = idleRouter();
  await serve(router);
  const socket = await connected();
  send(socket, { k: 'call', id: 1, m: 'app.info', a: {} });
  await vi.waitFor(() => expect(router.signals).toHaveLength(1));
  socket.terminate();
  await vi.waitFor(() => expect(router.signals[0]?.aborted).toBe(true));
  expect(server.clients()).toBe(0);
});

test('given progress and doubles, when a call settles, then both cross', async () => {
  await serve(
    testRouter((_method, _args, { onProgress }) => {
      onProgress({ done: 0.5, step: 'copy' });
      return Promise.resolve({ ok: true, value: new Float64Array([1, NaN]) });
    }),
  );
  const socket = await connected();
  const frames: ServerFrame[] = [];
  socket.on('message', (data: Buffer) => frames.push(read(data)));
  send(socket, { k: 'call', id: 1, m: 'timeline.window', a: {} });
  await vi.waitFor(() => expect(frames).toHaveLength(2));
  expect(frames).toEqual([
    { k: 'progress', id: 1, p: { done: 0.5, step: 'copy' } },
    { k: 'done', id: 1, r: { ok: true, value: new Float64Array([1, NaN]) } },
  ]);
});

test('given a result that cannot be encoded, when it comes, then the call settles as our defect', async () => {
  await serve(testRouter(() => Promise.resolve({ ok: true, value: Symbol('no') })));
  const socket = await connected();
  send(socket, { k: 'call', id: 1, m: 'app.info', a: {} });
  expect(await nextFrame(socket)).toMatchObject({ k: 'done', id: 1, r: { ok: false, error: { code: 'internal' } } });
});

test('given two browsers, when an event is told, then both hear it', async () => {
  const router = idleRouter();
  await serve(router);
  const sockets = [await connected(), await connected()];
  const frames = Promise.all(sockets.map(nextFrame));
  router.emit({ event: 'sessions.changed', payload: { project: 'p' } });
  for (const frame of await frames) expect(frame).toEqual({ k: 'event', e: 'sessions.changed', p: { project: 'p' } });
});

const megabyte = new Uint8Array(1024 * 1024);
const bigEvent = (offset: number) =>
  ({ event: 'console.data', payload: { project: 'p', session: 1, part: { offset, t: 0, data: megabyte } } }) as const;

test('given a browser that does not read, when events come, then most are dropped and a resync follows once it reads', async () => {
  const router = idleRouter();
  await serve(router, { events: 4 * 1024 * 1024 });
  const slow = await connected();
  slow.pause();
  for (let i = 0; i < 200; i++) {
    router.emit(bigEvent(i));
    await sleep(0);
  }
  const kinds: string[] = [];
  slow.on('message', (data: Buffer) => kinds.push(read(data).k));
  slow.resume();
  await vi.waitFor(() => expect(kinds.at(-1)).toBe('resync'));
  expect(kinds.length).toBeLessThan(100);
  const next = nextFrame(slow);
  router.emit({ event: 'sessions.changed', payload: { project: 'after' } });
  expect(await next).toMatchObject({ k: 'event', p: { project: 'after' } });
});

test('given a browser that asks and does not read, when too much waits, then it is let go', async () => {
  await serve(
    testRouter(() => Promise.resolve({ ok: true, value: megabyte })),
    { total: 8 * 1024 * 1024 },
  );
  const socket = await connected();
  socket.pause();
  for (let id = 0; id < 100; id++) send(socket, { k: 'call', id, m: 'app.info', a: {} });
  await vi.waitFor(() => expect(server.clients()).toBe(0));
  socket.terminate();
});

const END = { signal: 'SIGINT' as const, recordings: [{ name: 'shop.py', path: '/shop.heapscope' }] };

test('given windows, when the server ends with a reason, then each gets it as its last frame', async () => {
  await serve(idleRouter());
  const windows = [await connected(), await connected()];
  const last = Promise.all(windows.map(nextFrame));
  const codes = Promise.all(windows.map(closeCode));
  await server.close(END);
  expect(await last).toEqual([
    { k: 'goodbye', end: END },
    { k: 'goodbye', end: END },
  ]);
  expect(await codes).toEqual([1001, 1001]);
});

test('given a window that does not answer, when the server ends, then it ends all the same', async () => {
  await serve(idleRouter());
  const window = await connected();
  window.pause();
  await server.close(END);
  expect(server.clients()).toBe(0);
  window.terminate();
});
