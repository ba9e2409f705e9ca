import type { Socket } from 'node:net';
import type { Milliseconds } from '../../../src-preload/contract/index.ts';
import { openFilesAtMost } from '../base/open-files.ts';

/** Strangers that have not said who they are; beyond it the oldest is closed. An agent says it at once. */
const STRANGERS_AT_MOST = 64;
/** The same of a recorded program's own processes, and the part of our descriptors that they may take. */
const OWN_AT_MOST = { number: 1024, share: 1 / 4 };

/** How long a peer may say nothing: so many turns of our loop, this far apart at least. */
export interface Patience {
  turns: number;
  everyMs: Milliseconds;
}

type Connected = Pick<Socket, 'remotePort'>;

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
 * time runs out. The number is looked at when what came with a connection has been read: those that are left are silent. Our own
 * programs' processes have more room than strangers, not all of it. Where very many come in one turn nothing waits for that.
 */
export class UnknownPeers {
  readonly #peers = new Map<Connected, UnknownPeer>();
  readonly #patience: Patience;
  /** Which of these ports the kernel knows as held by processes of a recorded program. */
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
    // What was accepted in this turn is read in the next one.
    setImmediate(() => setImmediate(() => this.#shed()));
  }

  /** It has said who it is, or is closed. Returns whether it was silent until now. */
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
      // The turn in which it came was none of its own.
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
