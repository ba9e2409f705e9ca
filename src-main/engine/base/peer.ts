/** One end of a connection on the loopback interface, and what its process claims to be. */
export interface Peer {
  /** Its port, and the port of ours that it connected to. */
  port: number;
  enginePort: number;
  pid: number;
}

/**
 * The process at the other end, according to the kernel.
 *
 * - `descendant`: it descends from the program that we started. Only such a process may be signalled.
 * - `connected`: it holds the connection, but its descent cannot be shown (a daemon whose parents have gone).
 * - `claimed`: this system cannot tell who connected; the claim of an existing process is accepted.
 * - `gone`: it has closed the connection already, as a short program does; its identity is unknown.
 * - `unknown`: the connection is held by a process that we cannot find, or that is not one of the program's.
 */
export type PeerIdentity =
  /** `holds`: it holds the connection now; otherwise it is known only by its pid in the tree, and does not replace another agent. */
  | { kind: 'descendant' | 'connected' | 'claimed'; pid: number; ppid: number | null; key: string; holds: boolean }
  | { kind: 'gone' }
  | { kind: 'unknown' };
