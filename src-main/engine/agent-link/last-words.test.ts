import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentServer } from './agent-server.ts';
import { encodeFrame } from './frame-codec.ts';
import { Kind } from './messages.ts';
import { helloOf } from './testing.ts';

/** An agent on a thread of its own: says HELLO, and once it is told to, its last words; then it leaves without reading. */
const LEAVING = `
const { connect } = require('node:net');
const { workerData: { port, hello, words, turn } } = require('node:worker_threads');
const socket = connect({ host: '127.0.0.1', port, onread: { buffer: Buffer.alloc(1), callback: () => false } });
socket.write(hello);
socket.once('connect', () => {
  Atomics.wait(turn, 0, 0);
  socket.write(words, () => {
    socket.resetAndDestroy();
    socket.once('close', () => { Atomics.store(turn, 0, 2); Atomics.notify(turn, 0); });
  });
});
`;

let server: AgentServer;
let worker: Worker;

afterEach(async () => {
  server.dispose();
  await worker.terminate();
});

describe('an agent that has gone', () => {
  it('is heard to its last word, also where we were about to write to it', async () => {
    server = await AgentServer.listen();
    const link = server.openSession({ interval: 100, tracemalloc: 0, dumps: null });
    const turn = new Int32Array(new SharedArrayBuffer(4));
    const marks: string[] = [];
    const closed = new Promise<void>((resolve) =>
      link.onJoined.on((connection) => {
        connection.onMessage.on((message) => message.kind === Kind.mark && marks.push(message.body.name));
        connection.onClosed.on(() => resolve());
        Atomics.store(turn, 0, 1);
        Atomics.notify(turn, 0);
        Atomics.wait(turn, 0, 1);
        for (let n = 0; n < 3; n++) void connection.command('ping').catch(() => undefined);
      }),
    );
    const words = Buffer.concat(['first', 'last'].map((name) => encodeFrame(Kind.mark, { t: 2, name })));
    const hello = encodeFrame(Kind.hello, { ...helloOf({ token: link.token }) });
    worker = new Worker(LEAVING, { eval: true, workerData: { port: server.port, hello, words, turn } });
    await once(worker, 'online');
    await closed;
    expect(marks).toEqual(['first', 'last']);
  });
});
