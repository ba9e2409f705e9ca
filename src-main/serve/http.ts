import type { IncomingMessage, ServerResponse } from 'node:http';
import { readPageFile } from '../own-files/page-files.ts';
import { cacheControl, pageHeaders } from '../own-files/page-headers.ts';
import { bearerToken, cookieHeader, cookieName, matches, readCookie, refuseStranger, type Secrets, type Tickets } from './access.ts';
import { refusalPage } from './refusal-page.ts';

export interface PageServer {
  /** Folder of the built window. */
  folder: string;
  port: () => number;
  secrets: Secrets;
  tickets: Tickets;
}

/** Answers one request; never throws. */
export async function answer(server: PageServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const port = server.port();
  const stranger = refuseStranger(request, port, false);
  if (stranger !== null) return send(response, 403, refusalPage(stranger), port);
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, textBody('method not allowed'), port);
  const url = parse(request.url ?? '');
  if (url === null) return send(response, 400, textBody('bad request'), port);
  // Whether a token is valid: a browser does not tell its page why a socket failed.
  if (url.pathname === '/session') return answerSession(server, request, response);
  if (url.pathname.startsWith('/open/')) return answerTicket(server, response, url.pathname.slice('/open/'.length));
  await answerFile(server, request, response, url);
}

function answerSession(server: PageServer, request: IncomingMessage, response: ServerResponse): void {
  const good = matches(bearerToken(request), server.secrets.token);
  send(response, good ? 204 : 401, textBody(''), server.port());
}

function answerTicket(server: PageServer, response: ServerResponse, ticket: string): void {
  if (!server.tickets.use(ticket)) return send(response, 401, refusalPage('token'), server.port());
  response.setHeader('location', `/?token=${server.secrets.token}`);
  send(response, 303, textBody(''), server.port());
}

async function answerFile(server: PageServer, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const port = server.port();
  const byToken = matches(url.searchParams.get('token'), server.secrets.token);
  // A wrong token is refused even with a valid cookie: the page could not connect with that token.
  const byCookie = !url.searchParams.has('token') && matches(readCookie(request, cookieName(port)), server.secrets.cookie);
  if (!byToken && !byCookie) return send(response, 401, refusalPage('token'), port);
  const file = await readPageFile(server.folder, url.pathname);
  if (file === null) return send(response, 404, textBody('not found'), port);
  if (byToken) response.setHeader('set-cookie', cookieHeader(port, server.secrets.cookie));
  send(response, 200, file, port);
}

interface Body {
  body: Buffer;
  type: string;
  immutable: boolean;
}

function textBody(text: string): Body {
  return { body: Buffer.from(text), type: 'text/plain; charset=utf-8', immutable: false };
}

function send(response: ServerResponse, status: number, { body, type, immutable }: Body, port: number): void {
  // Some browsers do not count a socket of the same origin as 'self'.
  const sockets = [`ws://127.0.0.1:${port}`, `ws://localhost:${port}`];
  const cache = cacheControl(immutable && status === 200);
  response.writeHead(status, { ...pageHeaders(sockets), 'content-type': type, 'content-length': body.length, 'cache-control': cache });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function parse(target: string): URL | null {
  // The raw path is checked, before dots are resolved.
  if (!target.startsWith('/') || target.startsWith('//') || /(^|\/)\.\.?(\/|$)/.test(target.split('?')[0] ?? '')) return null;
  return URL.parse(target, 'http://127.0.0.1');
}
