/** One end of a connection on the loopback interface, and what the process at it calls itself: a claim. */
export interface Peer {
  /** Its port, and ours that it connected to. */
  port: number;
  enginePort: number;
  pid: number;
}

/**
 * Who the kernel says is at the other end.
 *
 * - `descendant`: it descends from the program that we started. Alone this may be signalled.
 * - `connected`: it holds the connection, but its descent cannot be shown (a daemon whose parents have gone).
 * - `claimed`: nothing on this system tells who connected; a process that is there is taken at its word.
 * - `gone`: it has closed the connection already, as a short program does; nobody knows who it was.
 * - `unknown`: somebody holds the connection whom we cannot find, or who is none of the program's.
 */
export type PeerIdentity =
  /** `holds`: it holds the connection now; else it is known by its number in the tree alone, and takes no other agent's place. */
  | { kind: 'descendant' | 'connected' | 'claimed'; pid: number; ppid: number | null; key: string; holds: boolean }
  | { kind: 'gone' }
  | { kind: 'unknown' };
