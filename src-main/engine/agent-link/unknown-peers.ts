import type { Socket } from 'node:net';
import type { Milliseconds } from '../../../src-preload/contract/index.ts';
import { openFilesAtMost } from '../base/open-files.ts';

/** Limit of strangers that have not sent HELLO; beyond it the oldest is closed. An agent sends it at once. */
const STRANGERS_AT_MOST = 64;
/** The limit for a recorded program's own processes, and the fraction of our descriptors that they may take. */
const OWN_AT_MOST = { number: 1024, share: 1 / 4 };

/** How long a peer may be silent: this many turns of our event loop, each at least this long. */
export interface Patience {
  turns: number;
  everyMs: Milliseconds;
}

type Connected = Pick<Socket, 'remotePort'>;

interface UnknownPeer {
  giveUp: (why: string) => void;
  turns: number;
  /** According to the kernel a process of a recorded program holds it. */
  own: boolean;
}

/**
 * Connections that have not sent HELLO, oldest first.
 *
 * Silence is counted in turns of the event loop, each of which reads pending input: while our own process is stopped nobody's time runs
 * out. The limits are checked once the input that came with a connection has been read: those that remain are silent. Processes of our own
 * programs have a higher limit than strangers, but not an unlimited one. If very many connect in one turn, their input is not awaited.
 */
export class UnknownPeers {
  readonly #peers = new Map<Connected, UnknownPeer>();
  readonly #patience: Patience;
  /** Which of these ports are held by processes of recorded programs, according to the kernel. */
  readonly #ownPorts: (ports: number[]) => Set<number>;
  readonly #ownAtMost: number;
  #timer: NodeJS.Timeout | null = null;
  #shedding = false;

  constructor(
    patience: Patience,
    ownPorts: (ports: number[]) => Set<number>,
    ownAtMost = Math.min(OWN_AT_MOST.number, Math.floor(openFilesAtMost() * OWN_AT_MOST.share)),
  ) {
    this.#patience = patience;
    this.#ownPorts = ownPorts;
    this.#ownAtMost = ownAtMost;
  }

  add(socket: Connected, giveUp: (why: string) => void): void {
    this.#peers.set(socket, { giveUp, turns: 0, own: false });
    this.#timer ??= setInterval(() => this.#turn(), this.#patience.everyMs);
    if (this.#peers.size > 2 * (this.#ownAtMost + STRANGERS_AT_MOST)) return this.#shed();
    if (this.#shedding || this.#strangers().length <= STRANGERS_AT_MOST) return;
    this.#shedding = true;
    // Connections accepted in this turn are read in the next one.
    setImmediate(() => setImmediate(() => this.#shed()));
  }

  /** It has sent HELLO, or is closed. Returns whether it was silent until now. */
  delete(socket: Connected): boolean {
    const wasUnknown = this.#peers.delete(socket);
    if (this.#peers.size === 0) this.dispose();
    return wasUnknown;
  }

  dispose(): void {
    this.#peers.clear();
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #turn(): void {
    const { turns, everyMs } = this.#patience;
    for (const peer of [...this.#peers.values()]) {
      peer.turns++;
      // The turn in which it connected does not count.
      if (peer.turns > turns) peer.giveUp(`silent for ${turns * everyMs} ms`);
    }
  }

  #shed(): void {
    this.#shedding = false;
    if (this.#strangers().length <= STRANGERS_AT_MOST) return;
    const own = this.#ownPorts(this.#strangers().map(([socket]) => socket.remotePort ?? 0));
    for (const [socket, peer] of this.#strangers()) peer.own = own.has(socket.remotePort ?? 0);
    closeOldest(this.#strangers(), STRANGERS_AT_MOST);
    closeOldest(
      [...this.#peers].filter(([, peer]) => peer.own),
      this.#ownAtMost,
    );
  }

  #strangers(): [Connected, UnknownPeer][] {
    return [...this.#peers].filter(([, peer]) => !peer.own);
  }
}

function closeOldest(peers: [Connected, UnknownPeer][], leave: number): void {
  for (const [, peer] of peers.slice(0, Math.max(0, peers.length - leave))) peer.giveUp('too many others connected');
}
