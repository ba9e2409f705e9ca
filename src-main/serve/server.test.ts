import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HeapscopeError, silentLog } from '../engine/faces/base.ts';
import { idleRouter } from './testing/router.ts';
import { startServer, type RunningServer } from './server.ts';

let folder = '';
let server: RunningServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heapscope-serve-'));
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'page', 'index.html'), '<p>the window</p>');
  writeFileSync(join(folder, 'page', 'assets', 'index-1a.js'), 'script');
  writeFileSync(join(folder, 'secret.html'), 'secret');
  server = await startServer({ router: idleRouter(), page: join(folder, 'page'), port: 0, log: silentLog });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A request exactly as written: `fetch` would normalize the path and forbid headers. */
function get(path: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: server.port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

const withToken = (path: string): string => `${path}?token=${server.token}`;

async function cookie(): Promise<string> {
  const answer = await get(withToken('/'));
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

test('given no token, when the page is asked for, then 401 says in plain words what to do', async () => {
  const answer = await get('/');
  expect(answer.status).toBe(401);
  expect(answer.body).toContain('Open the whole address that Heapscope printed');
  expect(answer.headers['set-cookie']).toBeUndefined();
});

test('given a wrong token, when the page is asked for, then 401, with a good cookie too', async () => {
  expect((await get('/?token=wrong')).status).toBe(401);
  expect((await get('/?token=', { cookie: await cookie() })).status).toBe(401);
});

test('given a foreign Host, when the page is asked for with the token, then 403', async () => {
  for (const host of [
    'evil.example',
    `evil.example:${server.port}`,
    '127.0.0.1',
    `127.0.0.1:${server.port + 1}`,
    `127.0.0.1.evil.example:${server.port}`,
  ]) {
    const answer = await get(withToken('/'), { host });
    expect([host, answer.status]).toEqual([host, 403]);
  }
});

test('given a foreign Origin, when the page is asked for with the token, then 403', async () => {
  for (const origin of [
    'https://evil.example',
    'null',
    `http://127.0.0.1:${server.port + 1}`,
    `http://localhost:${server.port}`,
    `https://127.0.0.1:${server.port}`,
  ]) {
    const answer = await get(withToken('/'), { origin });
    expect([origin, answer.status]).toEqual([origin, 403]);
  }
});

test('given the token, when the page is asked for, then it comes once with a cookie that scripts and other sites do not get', async () => {
  const answer = await get(withToken('/'));
  expect(answer).toMatchObject({ status: 200, body: '<p>the window</p>' });
  const set = answer.headers['set-cookie']?.[0] ?? '';
  expect(set).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
  expect(set).not.toContain(server.token);
});

test('given the cookie, when page and assets are asked for, then they come without the token', async () => {
  const headers = { cookie: `other=1; ${await cookie()}` };
  expect((await get('/', headers)).status).toBe(200);
  expect((await get('/assets/index-1a.js', headers)).body).toBe('script');
});

test('given any answer, when looked at, then it has the strict headers, and the page is not stored', async () => {
  const page = await get(withToken('/'));
  expect(page.headers['cache-control']).toBe('no-store');
  for (const answer of [page, await get('/'), await get(withToken('/absent.js'))]) {
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
  }
});

test('given an address that works once, when asked for twice, then it leads to the page the first time only', async () => {
  const { pathname } = new URL(server.onceUrl());
  expect(await get(pathname)).toMatchObject({ status: 303, headers: { location: withToken('/') } });
  expect((await get(pathname)).status).toBe(401);
  expect((await get('/open/')).status).toBe(401);
});

test('given a path out of the folder, when asked for with the cookie, then it is not there', async () => {
  const headers = { cookie: await cookie() };
  for (const path of ['/../secret.html', '/%2e%2e/secret.html', '/..%2fsecret.html', '/assets/../../secret.html', '//secret.html']) {
    const answer = await get(path, headers);
    expect(answer.body).not.toContain('secret');
    expect(answer.status).toBeGreaterThanOrEqual(400);
  }
});

test('given another method than GET and HEAD, when used, then 405', async () => {
  expect((await get(withToken('/'), {}, 'POST')).status).toBe(405);
  expect(await get(withToken('/'), {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
});

test('given a token, when asked whether it is good, then 204 or 401', async () => {
  expect((await get('/session', { authorization: `Bearer ${server.token}` })).status).toBe(204);
  expect((await get('/session', { authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await get('/session', { cookie: await cookie() })).status).toBe(401);
});

test('given a port in use, when served there, then server.port-in-use with the port', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const port = (other.address() as { port: number }).port;
  const start = startServer({ router: idleRouter(), page: folder, port, log: silentLog });
  await expect(start).rejects.toThrow(HeapscopeError);
  await expect(start).rejects.toMatchObject({ code: 'server.port-in-use', facts: { port } });
  other.close();
});

/** Raw bytes: no HTTP client would send these. */
function raw(lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write([...lines, '', ''].join('\r\n')));
    let answer = '';
    socket.on('data', (part) => {
      answer += part.toString('latin1');
      if (!answer.includes('\r\n')) return;
      resolve(answer.split('\r\n')[0] ?? '');
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

const UPGRADE = ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=='];

test('given two headers that say who is asked or who asks, when a request comes, then it is refused even with the token', async () => {
  const good = `host: 127.0.0.1:${server.port}`;
  const origin = `origin: http://127.0.0.1:${server.port}`;
  const page = `GET ${withToken('/')} HTTP/1.1`;
  expect(await raw([page, good])).toContain('200');
  expect(await raw([page, good, origin])).toContain('200');
  for (const second of ['host: evil.example', good, 'Host: 127.0.0.1:1']) {
    expect(await raw([page, good, second]), second).toMatch(/ 40[03] /);
    expect(await raw([page, second, good]), second).toMatch(/ 40[03] /);
  }
  expect(await raw([page, good, origin, 'origin: http://evil.example'])).toContain('403');
  expect(await raw([page, good, origin, origin])).toContain('403');
  const socket = ['GET /socket HTTP/1.1', good, origin, ...UPGRADE, `sec-websocket-protocol: heapscope, token.${server.token}`];
  expect(await raw([...socket, 'host: evil.example'])).toMatch(/ 40[03] /);
  expect(await raw([...socket, 'origin: http://evil.example'])).toContain('403');
});

test('given a target that names a whole address, when a request comes, then it is refused', async () => {
  const good = `host: 127.0.0.1:${server.port}`;
  for (const target of [
    `http://127.0.0.1:${server.port}${withToken('/')}`,
    `http://evil.example${withToken('/')}`,
    '*',
    '//evil.example/',
  ]) {
    expect(await raw([`GET ${target} HTTP/1.1`, good]), target).toContain('400');
  }
});
