import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Milliseconds } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { messageOf } from '../base/errors.ts';
import type { Peer, PeerIdentity } from '../base/peer.ts';
import { addressOf, AgentConnection } from './agent-connection.ts';
import { DumpStreams } from './dump-streams.ts';
import { encodeFrame, FrameReader, MAX_BODY, ProtocolViolation } from './frame-codec.ts';
import { hearOut } from './hear-out.ts';
import { Kind, PROTOCOL_VERSION, readMessage, type DumpHello, type Hello } from './messages.ts';
import { UnknownPeers, type Patience } from './unknown-peers.ts';

/** Before it is identified a peer may send a HELLO (its argv is cut to 32 KiB) and nothing larger. */
const MAX_HELLO = 65_536;
/** Five seconds of a running event loop. */
const PATIENCE: Patience = { turns: 20, everyMs: 250 };
const HTTP = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE) /;

/** A peer that connected and is not one of our agents, or an agent that cannot be accepted. */
export interface Refusal {
  address: string;
  reason: 'token' | 'version' | 'python' | 'protocol' | 'no-hello' | 'closed' | 'unidentified' | 'http';
  detail: string;
  /** Only for an agent of another version, and for an interpreter that has none. */
  hello: Hello | null;
  identity: PeerIdentity | null;
}

export interface LinkOptions {
  interval: Milliseconds;
  tracemalloc: number;
  /** Mean distance in bytes between two sampled allocations; 0 or absent: off. */
  sampling?: number;
  /**
   * Folder for dumps of heap snapshots, null: none can be taken. `apart`: for a process whose own pid differs from the one it has here,
   * since another process may have that pid too.
   */
  dumps: { folder: string; apart(pid: number): string | null } | null;
  /** A heap snapshot is taken before each exit. */
  atExit?: boolean;
}

/** The agents of one session: those that present its token. */
export class SessionLink implements Disposable {
  readonly token = randomBytes(32).toString('hex');
  readonly onJoined = new Emitter<AgentConnection>();
  readonly onRefused = new Emitter<Refusal>();
  readonly connections = new Set<AgentConnection>();
  readonly streams = new DumpStreams();
  /** Sent to each new agent in WELCOME. */
  readonly welcome: { interval: Milliseconds; paused: boolean; sampling: number };
  /** Identifies a connected peer; set by the code that watches the processes of the session. */
  identify: (peer: Peer) => PeerIdentity = () => ({ kind: 'unknown' });
  /** Which of these ports are held by processes of this session's program; set like `identify`. */
  ownPorts: (ports: readonly number[], enginePort: number) => Set<number> = () => new Set();
  readonly #port: number;
  readonly #options: LinkOptions;
  readonly #unregister: () => void;

  constructor(port: number, options: LinkOptions, unregister: () => void) {
    this.#port = port;
    this.#options = options;
    this.#unregister = unregister;
    this.welcome = { interval: options.interval, paused: false, sampling: options.sampling ?? 0 };
  }

  /** Value of HEAPSCOPE_LINK for the program. */
  get environment(): string {
    const { interval, tracemalloc, atExit = false } = this.#options;
    const { sampling } = this.welcome;
    const how = `interval=${interval} tracemalloc=${tracemalloc} exit=${atExit ? 1 : 0}${sampling > 0 ? ` sampling=${sampling}` : ''}`;
    return `v=${PROTOCOL_VERSION} host=127.0.0.1 port=${this.#port} token=${this.token} ${how}`;
  }

  /** Where this process's dumps are written; null: its identity is unknown, or there is no such folder. */
  dumpsOf(hello: Hello, identity: PeerIdentity): string | null {
    const { dumps } = this.#options;
    if (dumps === null || identity.kind === 'unknown') return null;
    return 'pid' in identity && identity.pid !== hello.pid ? dumps.apart(identity.pid) : dumps.folder;
  }

  /** Agents that are still connected are disconnected; the programs go on. */
  dispose(): void {
    this.#unregister();
    for (const connection of this.connections) connection.close();
    this.streams.dispose();
  }
}

/** Listens on the loopback interface for the agents of all sessions. Runs in the engine's main thread. */
export class AgentServer implements Disposable {
  readonly #server: Server;
  readonly #links = new Map<string, SessionLink>();
  readonly #sockets = new Set<Socket>();
  readonly #unknown: UnknownPeers;
  #port = 0;

  private constructor(patience: Patience) {
    this.#server = createServer((socket) => this.#accept(socket));
    this.#unknown = new UnknownPeers(patience, (ports) => this.#ownPorts(ports));
  }

  static async listen(patience = PATIENCE): Promise<AgentServer> {
    const server = new AgentServer(patience);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen({ host: '127.0.0.1', port: 0 }, resolve);
    });
    // Where no descriptor is left for a connection: it is refused, and the agent may try again.
    server.#server.on('error', () => undefined);
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
    this.#unknown.dispose();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    hearOut(socket);
    const reader = new FrameReader(MAX_HELLO);
    const address = addressOf(socket); // unknown once it is closed
    let joined: { link: SessionLink; connection: AgentConnection } | null = null;
    let detail: string | null = null;
    this.#unknown.add(socket, (why) => this.#refuse(socket, { reason: 'no-hello', detail: why }));

    socket.on('data', (bytes) => {
      if (!joined && HTTP.test(bytes.subarray(0, 8).toString('latin1'))) return this.#refuse(socket, { reason: 'http', detail: 'HTTP' });
      try {
        for (const frame of reader.push(bytes)) {
          const message = readMessage(frame);
          if (joined) joined.connection.receive(message);
          else if (message.kind === Kind.dump) return this.#takeDump(socket, message.body, reader.rest());
          else if (message.kind === Kind.hello) {
            this.#unknown.delete(socket);
            joined = this.#handshake(socket, message.body);
            if (!joined) return;
            reader.allow(MAX_BODY);
          } else throw new ProtocolViolation('something else than HELLO came first');
        }
      } catch (thrown) {
        if (!(thrown instanceof ProtocolViolation)) throw thrown;
        detail = thrown.message;
        if (joined) socket.destroy();
        else this.#refuse(socket, { reason: 'protocol', detail });
      }
    });
    socket.on('error', (error) => (detail ??= messageOf(error)));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (this.#unknown.delete(socket)) this.#refuse(socket, { reason: 'closed', detail: detail ?? 'without a word', address });
      joined?.link.connections.delete(joined.connection);
      joined?.connection.ended(detail);
    });
  }

  /** From here on the socket is that of a forked copy, and what comes is a dump. */
  #takeDump(socket: Socket, { token, key }: DumpHello, first: Uint8Array): void {
    const link = this.#linkOf(token);
    if (!link) return this.#refuse(socket, { reason: 'token', detail: 'a dump' });
    this.#unknown.delete(socket);
    socket.removeAllListeners('data');
    if (!link.streams.offer(key, socket, first)) socket.destroy();
  }

  #handshake(socket: Socket, hello: Hello): { link: SessionLink; connection: AgentConnection } | null {
    const link = this.#linkOf(hello.token);
    if (!link) {
      socket.write(encodeFrame(Kind.refuse, { code: 'token', message: 'this session is not recorded here' }));
      this.#refuse(socket, { reason: 'token', detail: `pid ${hello.pid}` });
      return null;
    }
    if (hello.v !== PROTOCOL_VERSION) {
      socket.write(encodeFrame(Kind.refuse, { code: 'version', message: `the engine speaks version ${PROTOCOL_VERSION}` }));
      const identity = link.identify(this.#peerOf(socket, hello));
      this.#refuse(socket, { reason: 'version', detail: `${hello.agent} speaks version ${hello.v}`, hello, identity }, link);
      return null;
    }
    if (hello.reason === 'unsupported') {
      const identity = link.identify(this.#peerOf(socket, hello));
      this.#refuse(socket, { reason: 'python', detail: `Python ${hello.python}`, hello, identity }, link);
      return null;
    }
    const identity = link.identify(this.#peerOf(socket, hello));
    const connection = new AgentConnection(socket, hello, identity, link.dumpsOf(hello, identity), link.streams);
    link.connections.add(connection);
    connection.send(Kind.welcome, { v: PROTOCOL_VERSION, ...link.welcome, dumps: connection.dumps });
    link.onJoined.emit(connection);
    return { link, connection };
  }

  /** A refusal that belongs to no session is reported to all recorded sessions: it may concern any of them. */
  #refuse(socket: Socket, refusal: Pick<Refusal, 'reason' | 'detail'> & Partial<Refusal>, link?: SessionLink): void {
    const whole: Refusal = { address: addressOf(socket), hello: null, identity: null, ...refusal };
    this.#unknown.delete(socket);
    socket.removeAllListeners('data');
    socket.resume(); // further input is discarded, so that our answer can be sent
    socket.end();
    if (refusal.reason === 'no-hello')
      socket.destroy(); // there may be many silent ones, and they expect no answer
    else setTimeout(() => socket.destroy(), 200).unref();
    for (const each of link ? [link] : this.#links.values()) each.onRefused.emit(whole);
  }

  #ownPorts(ports: number[]): Set<number> {
    return new Set([...this.#links.values()].flatMap((link) => [...link.ownPorts(ports, this.#port)]));
  }

  #peerOf(socket: Socket, hello: Hello): Peer {
    return { port: socket.remotePort ?? 0, enginePort: this.#port, pid: hello.pid };
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
