import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { EngineEnd } from '../../src-preload/contract/index.ts';
import { HeapscopeError, type Log, systemCode } from '../engine/faces/base.ts';
import type { Router } from '../rpc/router.ts';
import { makeSecrets, matches, protocolToken, refuseStranger, Tickets, type Secrets } from './access.ts';
import { Client, type ClientLimits } from './client.ts';
import { encodeFrame } from './codec.ts';
import { answer } from './http.ts';

export interface ServeOptions {
  router: Router;
  /** Folder of the built window. */
  page: string;
  /** 0: any free one. */
  port: number;
  log: Log;
  /** To use instead of a new one: 64 hexadecimal digits. */
  token?: string;
  limits?: Partial<ClientLimits>;
}

export interface RunningServer {
  port: number;
  token: string;
  /** Contains the token: whoever has it has access. */
  url: string;
  /** An address that works once, to pass to a browser. */
  onceUrl(): string;
  /** How many windows are connected. */
  clients(): number;
  /** Every window first gets the reason, where one is given, and has half a second to take it. */
  close(end?: EngineEnd): Promise<void>;
}

const MAX_FRAME = 64 * 1024 * 1024;
const LIMITS: ClientLimits = { events: 8 * 1024 * 1024, total: 256 * 1024 * 1024, calls: 256 };
const ALIVE_CHECK_MS = 30_000;

/** Serves the window on 127.0.0.1. Throws HeapscopeError server.port-in-use. */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const secrets = makeSecrets(options.token);
  const tickets = new Tickets();
  const http = createServer();
  const port = await listen(http, options.port);
  http.on('request', (request, response) => void answer({ folder: options.page, port: () => port, secrets, tickets }, request, response));
  const clients = serveSockets(http, port, secrets, options);
  const events = options.router.onEvent(({ event, payload }) => {
    if (clients.size === 0) return;
    const encoded = encodeFrame({ k: 'event', e: event, p: payload });
    for (const client of clients) client.event(encoded);
  });
  const timer = setInterval(() => clients.forEach((client) => client.checkAlive()), ALIVE_CHECK_MS);
  return {
    port,
    token: secrets.token,
    url: `http://127.0.0.1:${port}/?token=${secrets.token}`,
    onceUrl: () => `http://127.0.0.1:${port}/open/${tickets.issue()}`,
    clients: () => clients.size,
    close: async (end) => {
      clearInterval(timer);
      events.dispose();
      const closed = close(http);
      await Promise.all([...clients].map((client) => client.close(end ?? null)));
      await closed;
    },
  };
}

/** Accepts upgrades to /socket from our own page with the token; other requests get a plain HTTP refusal. */
function serveSockets(http: Server, port: number, secrets: Secrets, { router, log, limits }: ServeOptions): Set<Client> {
  const clients = new Set<Client>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    perMessageDeflate: false,
    handleProtocols: () => 'heapscope',
  });
  http.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', (error) => log.warn('a browser broke its connection', error));
    if (refuseStranger(request, port, true) !== null) return refuse(stream, '403 Forbidden');
    if (request.url !== '/socket') return refuse(stream, '404 Not Found');
    if (!matches(protocolToken(request), secrets.token)) return refuse(stream, '401 Unauthorized');
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const client = new Client(socket, router, { ...LIMITS, ...limits }, log);
      clients.add(client);
      socket.on('close', () => clients.delete(client));
    });
  });
  return clients;
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error) => {
      reject(systemCode(error) === 'EADDRINUSE' ? new HeapscopeError('server.port-in-use', { port }, error) : error);
    });
    http.listen({ host: '127.0.0.1', port }, () => resolve((http.address() as AddressInfo).port));
  });
}

/** Settles when the last socket is closed. */
function close(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeAllConnections();
  });
}
