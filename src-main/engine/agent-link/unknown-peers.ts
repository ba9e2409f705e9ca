import type { Socket } from 'node:net';
import type { Milliseconds } from '../../../src-preload/contract/index.ts';

/** Strangers that have not said who they are; beyond it the oldest is closed. An agent says it at once. */
const STRANGERS_AT_MOST = 64;

/** How long a peer may say nothing: so many turns of our loop, this far apart at least. */
export interface Patience {
  turns: number;
  everyMs: Milliseconds;
}

interface UnknownPeer {
  giveUp: (why: string) => void;
  turns: number;
  /** The kernel says that a process of a recorded program holds it. */
  own: boolean;
}

/**
 * Connections that have not said who they are, oldest first.
 *
 * Patience is counted in turns of the event loop, each of which reads what has come: while we stand still ourselves nobody's
 * time runs out. The number is looked at once a turn, and of those of our own programs' processes none is closed for it.
 */
export class UnknownPeers {
  readonly #peers = new Map<Socket, UnknownPeer>();
  readonly #patience: Patience;
  /** Which of these ports the kernel knows as held by processes of a recorded program. */
  readonly #ownPorts: (ports: number[]) => Set<number>;
  #timer: NodeJS.Timeout | null = null;
  #shedding = false;

  constructor(patience: Patience, ownPorts: (ports: number[]) => Set<number>) {
    this.#patience = patience;
    this.#ownPorts = ownPorts;
  }

  add(socket: Socket, giveUp: (why: string) => void): void {
    this.#peers.set(socket, { giveUp, turns: 0, own: false });
    this.#timer ??= setInterval(() => this.#turn(), this.#patience.everyMs);
    if (this.#shedding || this.#strangers().length <= STRANGERS_AT_MOST) return;
    this.#shedding = true;
    setImmediate(() => this.#shed());
  }

  /** It has said who it is, or is closed. */
  delete(socket: Socket): void {
    this.#peers.delete(socket);
    if (this.#peers.size === 0) this.dispose();
  }

  dispose(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #turn(): void {
    const { turns, everyMs } = this.#patience;
    for (const peer of [...this.#peers.values()]) {
      peer.turns++;
      // The turn in which it came was none of its own.
      if (peer.turns > turns) peer.giveUp(`silent for ${turns * everyMs} ms`);
    }
  }

  #shed(): void {
    this.#shedding = false;
    if (this.#strangers().length <= STRANGERS_AT_MOST) return;
    const own = this.#ownPorts(this.#strangers().map(([socket]) => socket.remotePort ?? 0));
    for (const [socket, peer] of this.#strangers()) peer.own = own.has(socket.remotePort ?? 0);
    const strangers = this.#strangers();
    for (const [, peer] of strangers.slice(0, Math.max(0, strangers.length - STRANGERS_AT_MOST))) peer.giveUp('too many others connected');
  }

  #strangers(): [Socket, UnknownPeer][] {
    return [...this.#peers].filter(([, peer]) => !peer.own);
  }
}
