import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Milliseconds } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { messageOf } from '../base/errors.ts';
import { AgentConnection } from './agent-connection.ts';
import { encodeFrame, FrameReader, MAX_BODY, ProtocolViolation } from './frame-codec.ts';
import { Kind, PROTOCOL_VERSION, readMessage, type Hello } from './messages.ts';

/** A peer that has not said who it is may send a HELLO (its argv is cut to 32 KiB) and no more. */
const MAX_HELLO = 65_536;
const HELLO_TIMEOUT: Milliseconds = 5_000;

export type RefusalCode = 'version' | 'token' | 'closed';

/** Somebody connected who is none of our agents, or an agent that cannot be taken. */
export interface Refusal {
  address: string;
  reason: 'token' | 'version' | 'protocol' | 'no-hello';
  detail: string;
  hello: Hello | null;
}

export interface LinkOptions {
  interval: Milliseconds;
  tracemalloc: number;
  /** Folder for dumps of heap snapshots; null: none can be taken. */
  dumps: string | null;
  /** A heap snapshot is wanted before each exit. */
  atExit?: boolean;
}

/** The agents of one session: those that know its token. */
export class SessionLink implements Disposable {
  readonly token = randomBytes(32).toString('hex');
  readonly onJoined = new Emitter<AgentConnection>();
  readonly onRefused = new Emitter<Refusal>();
  readonly connections = new Set<AgentConnection>();
  /** What a newcomer is welcomed with. */
  readonly welcome: { interval: Milliseconds; paused: boolean; dumps: string | null };
  readonly #port: number;
  readonly #options: LinkOptions;
  readonly #forget: () => void;

  constructor(port: number, options: LinkOptions, forget: () => void) {
    this.#port = port;
    this.#options = options;
    this.#forget = forget;
    this.welcome = { interval: options.interval, paused: false, dumps: options.dumps };
  }

  /** Value of HEAPSCOPE_LINK for the program. */
  get environment(): string {
    const { interval, tracemalloc, atExit = false } = this.#options;
    const how = `interval=${interval} tracemalloc=${tracemalloc} exit=${atExit ? 1 : 0}`;
    return `v=${PROTOCOL_VERSION} host=127.0.0.1 port=${this.#port} token=${this.token} ${how}`;
  }

  /** Agents that are still there are let go; the programs go on. */
  dispose(): void {
    this.#forget();
    for (const connection of this.connections) connection.close();
  }
}

/** Listens on the loopback interface for the agents of all sessions. Runs in the engine's main thread. */
export class AgentServer implements Disposable {
  readonly #server: Server;
  readonly #links = new Map<string, SessionLink>();
  readonly #sockets = new Set<Socket>();
  #port = 0;

  private constructor() {
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async listen(): Promise<AgentServer> {
    const server = new AgentServer();
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen({ host: '127.0.0.1', port: 0 }, resolve);
    });
    server.#port = (server.#server.address() as AddressInfo).port;
    return server;
  }

  get port(): number {
    return this.#port;
  }

  openSession(options: LinkOptions): SessionLink {
    const link = new SessionLink(this.#port, options, () => this.#links.delete(link.token));
    this.#links.set(link.token, link);
    return link;
  }

  dispose(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    const reader = new FrameReader(MAX_HELLO);
    let joined: { link: SessionLink; connection: AgentConnection } | null = null;
    let detail: string | null = null;
    const timer = setTimeout(
      () => this.#refuse(socket, { reason: 'no-hello', detail: `silent for ${HELLO_TIMEOUT} ms`, hello: null }),
      HELLO_TIMEOUT,
    );

    socket.on('data', (bytes) => {
      try {
        for (const frame of reader.push(bytes)) {
          const message = readMessage(frame);
          if (joined) joined.connection.receive(message);
          else if (message.kind === Kind.hello) {
            clearTimeout(timer);
            joined = this.#greet(socket, message.body);
            if (!joined) return;
            reader.allow(MAX_BODY);
          } else throw new ProtocolViolation('something else than HELLO came first');
        }
      } catch (thrown) {
        if (!(thrown instanceof ProtocolViolation)) throw thrown;
        clearTimeout(timer);
        detail = thrown.message;
        if (joined) socket.destroy();
        else this.#refuse(socket, { reason: 'protocol', detail, hello: null });
      }
    });
    socket.on('error', (error) => (detail ??= messageOf(error)));
    socket.on('close', () => {
      clearTimeout(timer);
      this.#sockets.delete(socket);
      joined?.link.connections.delete(joined.connection);
      joined?.connection.ended(detail);
    });
  }

  #greet(socket: Socket, hello: Hello): { link: SessionLink; connection: AgentConnection } | null {
    const link = this.#linkOf(hello.token);
    if (!link) {
      socket.write(encodeFrame(Kind.refuse, { code: 'token', message: 'this session is not recorded here' }));
      this.#refuse(socket, { reason: 'token', detail: `pid ${hello.pid}`, hello });
      return null;
    }
    if (hello.v !== PROTOCOL_VERSION) {
      socket.write(encodeFrame(Kind.refuse, { code: 'version', message: `the engine speaks version ${PROTOCOL_VERSION}` }));
      this.#refuse(socket, { reason: 'version', detail: `${hello.agent} speaks version ${hello.v}`, hello }, link);
      return null;
    }
    const connection = new AgentConnection(socket, hello);
    link.connections.add(connection);
    connection.send(Kind.welcome, { v: PROTOCOL_VERSION, ...link.welcome });
    link.onJoined.emit(connection);
    return { link, connection };
  }

  /** A refusal that belongs to no session is told to all that are recorded: any of them may be meant. */
  #refuse(socket: Socket, refusal: Omit<Refusal, 'address'>, link?: SessionLink): void {
    const whole: Refusal = { address: `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`, ...refusal };
    socket.removeAllListeners('data');
    socket.resume(); // what it still sends is thrown away, so that our answer can leave
    socket.end();
    setTimeout(() => socket.destroy(), 200).unref();
    for (const each of link ? [link] : this.#links.values()) each.onRefused.emit(whole);
  }

  #linkOf(token: string): SessionLink | null {
    const given = Buffer.from(token);
    let found: SessionLink | null = null;
    for (const link of this.#links.values()) {
      const own = Buffer.from(link.token);
      if (own.length === given.length && timingSafeEqual(own, given)) found = link;
    }
    return found;
  }
}
