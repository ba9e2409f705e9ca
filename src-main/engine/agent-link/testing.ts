import { Socket } from 'node:net';
import type { PeerIdentity } from '../base/peer.ts';
import { AgentConnection } from './agent-connection.ts';
import { PROTOCOL_VERSION, type Hello } from './messages.ts';

/** The messages of an agent in process 4242. */
export function helloOf(change: Partial<Hello> = {}): Hello {
  return {
    v: PROTOCOL_VERSION,
    agent: '0.1.0',
    token: '',
    t: 1,
    pid: 4242,
    ppid: 1,
    python: '3.12.1',
    implementation: 'cpython',
    executable: '/usr/bin/python3',
    argv: ['job.py'],
    cwd: '/',
    platform: 'linux',
    free_threaded: false,
    reason: 'start',
    debug: false,
    ...change,
  };
}

/** A connection without a peer. */
export function connectionOf(
  o: { hello?: Partial<Hello>; identity?: PeerIdentity | undefined; dumps?: string | null } = {},
): AgentConnection {
  const hello = helloOf(o.hello);
  const { pid, ppid } = hello;
  return new AgentConnection(
    new Socket(),
    hello,
    o.identity ?? { kind: 'descendant', pid, ppid, key: `${pid}:1`, holds: true },
    o.dumps ?? null,
  );
}
