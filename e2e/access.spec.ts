import { request } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import { WebSocket } from 'ws';
import { Running } from './helpers/command-line.ts';
import { SHELL } from './helpers/app.ts';
import { ownEnvironment } from './helpers/environment.ts';
import { expect, test } from './helpers/test.ts';

// Who may access the browser shell. Electron has no such port.
test.skip(SHELL === 'electron', 'the desktop app has no address');

let server: Running;
let address: URL;

test.beforeAll(async () => {
  server = new Running(['serve', '--port', '0', '--no-open'], ownEnvironment(test.info().outputPath('data')));
  address = new URL((await server.says(/http:\/\/\S+token=\w+/))[0]);
});

test.afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
});

/** As written on the wire: `fetch` does not allow a false Host header. */
function statusOf(path: string, headers: OutgoingHttpHeaders = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: address.port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** The server's answer to a socket: its HTTP status, or `open`. */
function socketAnswer(token: string, origin: string, host = address.host): Promise<number | 'open'> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${address.host}/socket`, ['heapscope', `token.${token}`], { origin, headers: { host } });
    socket.once('open', () => (socket.terminate(), resolve('open')));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
}

const token = (): string => address.searchParams.get('token') ?? '';

test('without the token a page says in plain words what is missing', async ({ playwright, launchOptions }) => {
  const browser = await playwright.chromium.launch(launchOptions);
  const page = await browser.newPage();
  for (const url of [address.origin, `${address.origin}/?token=${'0'.repeat(64)}`]) {
    const answer = await page.goto(url);
    expect(answer?.status()).toBe(401);
    await expect(page.getByRole('heading', { name: 'needs the address with its token' })).toBeVisible();
  }
  await browser.close();
});

test('a foreign Host is refused, with a good token too', async () => {
  const path = `/?token=${token()}`;
  expect(await statusOf(path)).toBe(200);
  for (const host of ['evil.example', `evil.example:${address.port}`, '127.0.0.1:1']) {
    expect([host, await statusOf(path, { host })]).toEqual([host, 403]);
  }
});

test('a foreign Origin is refused, with a good token too', async () => {
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
    expect([origin, await statusOf(`/?token=${token()}`, { origin })]).toEqual([origin, 403]);
  }
});

test('a socket needs the token, our own page and our own host', async () => {
  expect(await socketAnswer('0'.repeat(64), address.origin)).toBe(401);
  expect(await socketAnswer('', address.origin)).toBe(401);
  expect(await socketAnswer(token(), 'https://evil.example')).toBe(403);
  expect(await socketAnswer(token(), address.origin, 'evil.example')).toBe(403);
  expect(await socketAnswer(token(), address.origin)).toBe('open');
});

test('a page of another site cannot read ours', async ({ playwright, launchOptions }) => {
  const browser = await playwright.chromium.launch(launchOptions);
  const page = await browser.newPage();
  await page.goto('data:text/html,<h1>evil</h1>');
  const seen = await page.evaluate(async (url) => {
    const answer = await fetch(url).then(
      (response) => response.status,
      () => 'blocked',
    );
    const socket = await new Promise((resolve) => {
      const opened = new WebSocket(url.replace('http', 'ws').replace('/?', '/socket?'));
      opened.onopen = () => resolve('open');
      opened.onerror = () => resolve('blocked');
    });
    return { answer, socket };
  }, address.href);
  expect(seen).toEqual({ answer: 'blocked', socket: 'blocked' });
  await browser.close();
});

test('nothing outside the window is served', async () => {
  for (const path of ['/../package.json', '/..%2f..%2fpackage.json', '/assets/../../main/headless.js', '/%2e%2e/package.json']) {
    expect(await statusOf(`${path}?token=${token()}`), path).toBeGreaterThanOrEqual(400);
  }
});
