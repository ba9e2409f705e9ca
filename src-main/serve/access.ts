import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The credentials that a client of one server must present. */
export interface Secrets {
  /** Gives full access. Part of the address that Heapscope prints. */
  token: string;
  /** Gives access to the window's files only. It is not the token, because browsers send cookies to every port of a host. */
  cookie: string;
}

export type Refusal = 'token' | 'origin' | 'host';

/** `token`: a given one, so that a page survives a restart of its server in development. */
export function makeSecrets(token?: string): Secrets {
  const fresh = (): string => randomBytes(32).toString('hex');
  return { token: token ?? fresh(), cookie: fresh() };
}

/**
 * Host must name this server; Origin, where a browser sends one, must be its own page. The first check keeps out names that were rebound to
 * loopback, the second pages of other sites and other ports.
 */
export function refuseStranger(request: IncomingMessage, port: number, needsOrigin: boolean): Refusal | null {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  const { host, origin } = request.headers;
  // Node keeps the first of two; other code that reads the request might keep the second.
  const times = (name: string): number => request.headersDistinct[name]?.length ?? 0;
  if (times('host') !== 1) return 'host';
  if (times('origin') > 1) return 'origin';
  if (host === undefined || !hosts.includes(host.toLowerCase())) return 'host';
  if (origin === undefined) return needsOrigin ? 'origin' : null;
  return origin.toLowerCase() === `http://${host.toLowerCase()}` ? null : 'origin';
}

/**
 * Addresses that open the page once. Other users of the machine can see the command line that starts a browser, so the token is not in it.
 */
export class Tickets {
  readonly #valid = new Set<string>();

  issue(): string {
    const ticket = randomBytes(32).toString('hex');
    this.#valid.add(ticket);
    return ticket;
  }

  use(ticket: string): boolean {
    return this.#valid.delete(ticket);
  }
}

/** Compared in constant time, whatever the lengths. */
export function matches(given: string | null | undefined, expected: string): boolean {
  if (given === null || given === undefined) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** The cookie's name contains the port; otherwise several servers would overwrite each other's cookies. */
export function cookieName(port: number): string {
  return `heapscope-${port}`;
}

export function cookieHeader(port: number, value: string): string {
  return `${cookieName(port)}=${value}; HttpOnly; SameSite=Strict; Path=/`;
}

export function readCookie(request: IncomingMessage, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

/** The token from the request's own header: "Authorization: Bearer ...". */
export function bearerToken(request: IncomingMessage): string | null {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** A socket's token, passed as a subprotocol, since browsers let a page set nothing else. */
export function protocolToken(request: IncomingMessage): string | null {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return offered.find((name) => name.startsWith('token.'))?.slice('token.'.length) ?? null;
}
